//! A new topic.

use crate::text::form::Say2Const;
use crate::text::{Say, Say1, grouped, plural};

pub struct CreatingText {
    pub create_title: Say,
    pub start_from: Say,
    pub preset_event_log: Say2Const,
    pub preset_table: Say2Const,
    pub preset_queue: Say2Const,
    pub preset_record: Say2Const,
    pub like: Say,
    pub like_hint: Say,
    pub like_missing: Say1,
    pub copy_like: Say,
    pub copied_from: Say1,
    pub basics: Say,
    pub name: Say,
    pub name_hint: Say,
    pub name_free: Say,
    pub partitions: Say,
    pub partitions_hint: Say,
    /// Brokers up, racks.
    pub cluster_shape: fn(u64, u64) -> String,
    /// The commonest number of partitions and replicas.
    pub cluster_habit: fn(u64, u64) -> String,
    pub multiple: Say1,
    pub replicas: Say,
    /// Brokers that can be lost without losing data, with writes going on.
    pub replicas_hint: Say,
}

pub const EN: CreatingText = CreatingText {
    create_title: "Create a topic",
    start_from: "Start from",
    preset_event_log: ("Event log", "Events in order, kept 7 days"),
    preset_table: ("Compacted table", "The latest value of each key, kept for good"),
    preset_queue: ("Short-lived work queue", "Tasks to be read soon, gone after a day"),
    preset_record: ("System of record", "Every event, kept for ever"),
    like: "Like the topic",
    like_hint: "Copies partitions, replicas and own settings",
    like_missing: |name| format!("There is no topic {name}"),
    copy_like: "Copy",
    copied_from: |name| format!("Partitions, replicas and settings are those of {name}."),
    basics: "Topic",
    name: "Name",
    name_hint: "Letters, digits, '.', '_' and '-'. It cannot be changed later.",
    name_free: "Free: no topic has this name",
    partitions: "Partitions",
    partitions_hint: "As many consumers of a group read in parallel. More can be added later, none removed.",
    cluster_shape: |brokers, racks| {
        let brokers = plural(brokers, "broker is", "brokers are");
        if racks > 1 { format!("{brokers} up on {racks} racks.") } else { format!("{brokers} up.") }
    },
    cluster_habit: |partitions, replicas| {
        format!(
            "Most topics here have {} and {}.",
            plural(partitions, "partition", "partitions"),
            plural(replicas, "replica", "replicas")
        )
    },
    multiple: |n| format!("A multiple of {n} gives every broker the same number of leaders."),
    replicas: "Replicas",
    replicas_hint: "3 with min.insync.replicas 2 survives the loss of a broker without stopping writes.",
};

pub const KO: CreatingText = CreatingText {
    create_title: "토픽 생성",
    start_from: "시작점",
    preset_event_log: ("이벤트 로그", "순서가 있는 이벤트, 7일 보관"),
    preset_table: ("압축 테이블", "키별 최신 값을 계속 보관"),
    preset_queue: ("단기 작업 큐", "바로 처리할 작업, 하루 뒤 삭제"),
    preset_record: ("원장 기록", "모든 이벤트를 무기한 보관"),
    like: "기존 토픽처럼",
    like_hint: "파티션, 레플리카, 직접 설정한 값을 복사합니다",
    like_missing: |name| format!("존재하지 않는 토픽: {name}"),
    copy_like: "복사",
    copied_from: |name| format!("파티션, 레플리카, 설정을 복사한 토픽: {name}"),
    basics: "토픽",
    name: "이름",
    name_hint: "영문자, 숫자, '.', '_', '-'. 나중에 바꿀 수 없습니다.",
    name_free: "사용 가능: 같은 이름의 토픽이 없습니다",
    partitions: "파티션",
    partitions_hint: "한 그룹에서 동시에 읽을 수 있는 컨슈머 수입니다. 나중에 늘릴 수 있지만 줄일 수는 없습니다.",
    cluster_shape: |brokers, racks| {
        if racks > 1 {
            format!("랙 {racks}개에서 브로커 {}개가 동작 중입니다.", grouped(brokers))
        } else {
            format!("브로커 {}개가 동작 중입니다.", grouped(brokers))
        }
    },
    cluster_habit: |partitions, replicas| {
        format!("이 클러스터의 토픽은 대부분 파티션 {}개, 레플리카 {}개입니다.", grouped(partitions), grouped(replicas))
    },
    multiple: |n| format!("{n}의 배수로 정하면 브로커마다 리더 수가 같아집니다."),
    replicas: "레플리카",
    replicas_hint: "레플리카 3개와 min.insync.replicas 2면 브로커 하나를 잃어도 쓰기가 멈추지 않습니다.",
};
