//! Changes, each in one sentence.

use crate::text::{Count, Say, Say1, Say2, grouped, plural};

pub struct SayingText {
    /// Topic, partitions, replicas.
    pub create: fn(&str, u64, u64) -> String,
    pub settings: Count,
    /// What, total.
    pub grow: fn(&str, u64) -> String,
    pub set: Count,
    pub reset: Count,
    /// Whose, what is set, what is reset.
    pub edit: Say2,
    pub delete: Say1,
    pub records: fn(&str, u64) -> String,
    pub preferred: Count,
    pub unclean: Count,
    pub topics: Count,
    pub broker: Say1,
    pub all_brokers: Say,
    /// Two facts in one sentence.
    pub and: Say2,
}

pub const EN: SayingText = SayingText {
    create: |name, partitions, replicas| {
        format!(
            "Creates {name} with {} and {}",
            plural(partitions, "partition", "partitions"),
            if replicas == 1 { "a single replica".to_owned() } else { format!("{replicas} replicas each") }
        )
    },
    settings: |n| plural(n, "own setting", "own settings"),
    grow: |what, total| format!("Grows {what} to {}", plural(total, "partition", "partitions")),
    set: |n| format!("sets {}", plural(n, "config", "configs")),
    reset: |n| format!("resets {}", plural(n, "config", "configs")),
    edit: |whose, what| format!("On {whose}: {what}"),
    delete: |what| format!("Deletes {what} with all records"),
    records: |topic, partitions| {
        format!("Deletes records from {} of {topic}", plural(partitions, "partition", "partitions"))
    },
    preferred: |n| format!("Lets the preferred replica lead {}", plural(n, "partition", "partitions")),
    unclean: |n| {
        format!(
            "Lets a replica that is not in sync lead {}; what it lacks is lost",
            plural(n, "partition", "partitions")
        )
    },
    topics: |n| plural(n, "topic", "topics"),
    broker: |id| format!("broker {id}"),
    all_brokers: "all brokers (dynamic default)",
    and: |one, other| format!("{one}, {other}"),
};

pub const KO: SayingText = SayingText {
    create: |name, partitions, replicas| {
        format!("토픽 생성: {name}, 파티션 {}개, 레플리카 {}개", grouped(partitions), grouped(replicas))
    },
    settings: |n| format!("직접 설정 {}개", grouped(n)),
    grow: |what, total| format!("파티션 추가: {what}, 총 {}개로", grouped(total)),
    set: |n| format!("설정 {}개 지정", grouped(n)),
    reset: |n| format!("설정 {}개 초기화", grouped(n)),
    edit: |whose, what| format!("{whose}: {what}"),
    delete: |what| format!("토픽과 모든 레코드 삭제: {what}"),
    records: |topic, partitions| format!("레코드 삭제: {topic}, 파티션 {}개", grouped(partitions)),
    preferred: |n| format!("선호 리더 선출: 파티션 {}개", grouped(n)),
    unclean: |n| {
        format!("동기화되지 않은 레플리카를 리더로 선출: 파티션 {}개. 복제되지 않은 레코드는 사라집니다", grouped(n))
    },
    topics: |n| format!("토픽 {}개", grouped(n)),
    broker: |id| format!("브로커 {id}"),
    all_brokers: "전체 브로커(동적 기본값)",
    and: |one, other| format!("{one}, {other}"),
};
