//! What the stop of a broker would do, in words.

use super::{Count, Say, Say3, grouped, plural};

pub struct Restart {
    pub title: Say,
    pub safe: Say,
    pub unsure: Say,
    pub unknown: Say,
    pub down: Say,
    /// Partitions, names of the first few with how many copies they have.
    pub offline: fn(u64, &str) -> String,
    pub refused: fn(u64, &str) -> String,
    pub loses_majority: Say,
    pub single_copy: Say,
    pub in_sync_after: fn(u32, u32) -> String,
    pub leaders: Count,
    pub groups: Count,
    /// Level voters that stay, voters.
    pub quorum: fn(u32, u32) -> String,
    pub unknown_min_isr: Count,
    pub unknown_topics: Count,
    pub and_more: Count,
    /// Topic, partition, why.
    pub partition: Say3,
}

pub const EN: Restart = Restart {
    title: "If this broker stops",
    safe: "Safe: every partition stays readable and writable.",
    unsure: "Nothing known would stop, but not everything is known.",
    unknown: "Cannot be told: the cluster does not answer.",
    down: "It does not answer now.",
    offline: |n, names| format!("{} offline ({names})", plural(n, "partition goes", "partitions go")),
    refused: |n, names| {
        format!("{} accepting acks=all writes ({names})", plural(n, "partition stops", "partitions stop"))
    },
    loses_majority: "The metadata quorum loses its majority",
    single_copy: "single copy",
    in_sync_after: |left, min| format!("{left} in sync, min ISR {min}"),
    leaders: |n| format!("{} to other in-sync replicas.", plural(n, "leader moves", "leaders move")),
    groups: |n| format!("{} another coordinator.", plural(n, "group gets", "groups get")),
    quorum: |left, all| format!("The quorum keeps {left} of {all} voters."),
    unknown_min_isr: |n| format!("min.insync.replicas is not known for {}.", plural(n, "partition", "partitions")),
    unknown_topics: |n| format!("{} could not be read.", plural(n, "topic", "topics")),
    and_more: |n| format!("{} more", grouped(n)),
    partition: |topic, partition, why| format!("{topic}-{partition}, {why}"),
};

pub const KO: Restart = Restart {
    title: "이 브로커를 중지하면",
    safe: "안전: 모든 파티션의 읽기와 쓰기가 유지됩니다.",
    unsure: "확인된 범위에서는 중단되는 파티션이 없지만, 아직 확인되지 않은 정보가 있습니다.",
    unknown: "판단할 수 없음: 클러스터가 응답하지 않습니다.",
    down: "현재 응답하지 않습니다.",
    offline: |n, names| format!("파티션 {}개 오프라인 ({names})", grouped(n)),
    refused: |n, names| format!("파티션 {}개 acks=all 쓰기 거부 ({names})", grouped(n)),
    loses_majority: "메타데이터 쿼럼 과반 상실",
    single_copy: "복제본 하나",
    in_sync_after: |left, min| format!("동기화 {left}개, 최소 ISR {min}"),
    leaders: |n| format!("리더 {}개가 동기화된 다른 레플리카로 옮겨집니다.", grouped(n)),
    groups: |n| format!("그룹 {}개의 코디네이터가 바뀝니다.", grouped(n)),
    quorum: |left, all| format!("쿼럼 보터(voter) {all}개 중 {left}개가 남습니다."),
    unknown_min_isr: |n| format!("파티션 {}개의 min.insync.replicas를 알 수 없습니다.", grouped(n)),
    unknown_topics: |n| format!("토픽 {}개를 읽지 못했습니다.", grouped(n)),
    and_more: |n| format!("외 {}개", grouped(n)),
    partition: |topic, partition, why| format!("{topic}-{partition}, {why}"),
};
