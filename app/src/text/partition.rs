//! One partition, explained.

use super::{Count, Say, Say1, Say2, grouped, plural};

pub struct PartitionText {
    pub title: Say2,
    pub partition: Say1,
    pub leader: Say1,
    pub no_leader: Say,
    pub previous: Say,
    pub next: Say,
    pub offsets: Say,
    pub earliest: Say,
    pub latest: Say,
    pub records: Say,
    pub size: Say,
    pub rate: Say,
    pub epoch: Say,
    pub in_sync: Say,
    pub meaning: Say,
    pub lose_more: Count,
    pub lose_none: Say,
    pub refused: Say,
    pub offline: Say,
    pub min_isr_unknown: Say,
    pub acks_all: Say,
    pub acks_all_ok: fn(u64, u64) -> String,
    pub acks_all_edge: fn(u64, u64) -> String,
    pub acks_all_refused: fn(u64, u64) -> String,
    pub acks_all_offline: Say,
    pub acks_all_unknown: Count,
    pub acks_one: Say,
    pub acks_one_ok: Say,
    pub acks_one_offline: Say,
    pub reading: Say,
    pub reading_survives: Count,
    pub reading_edge: Say,
    pub reading_offline: Say,
    pub single: Say,
    pub single_hint: Say,
    pub replicas: Say,
    pub broker: Say,
    pub rack: Say,
    pub role: Say,
    pub role_leader: Say,
    pub role_follower: Say,
    pub preferred: Say,
    pub sync: Say,
    pub yes: Say,
    pub no: Say,
    pub broker_down: Say,
    pub log_dir: Say,
    pub moving_to: Say1,
    pub behind: Say,
    pub not_preferred: Say1,
    pub moving: Say,
}

pub const EN: PartitionText = PartitionText {
    title: |topic, partition| format!("{topic} · partition {partition}"),
    partition: |number| format!("Partition {number}"),
    leader: |broker| format!("led by broker {broker}"),
    no_leader: "no leader",
    previous: "Previous partition",
    next: "Next partition",
    offsets: "Offsets and size",
    earliest: "earliest offset",
    latest: "latest offset",
    records: "records",
    size: "on the leader",
    rate: "produced",
    epoch: "leader epoch",
    in_sync: "in sync",
    meaning: "What this means now",
    lose_more: |n| format!("Can lose {} before writes with acks=all stop", plural(n, "more broker", "more brokers")),
    lose_none: "Losing any in-sync broker stops writes with acks=all",
    refused: "Writes with acks=all are refused now",
    offline: "Offline: no leader, so nothing can be written or read",
    min_isr_unknown: "min.insync.replicas of this topic is not known",
    acks_all: "acks=all",
    acks_all_ok: |in_sync, min| {
        format!(
            "A write is confirmed once all {} have it; it is accepted as long as at least {} in sync (min.insync.replicas).",
            plural(in_sync, "in-sync replica", "in-sync replicas"),
            if min == 1 { "1 is".to_owned() } else { format!("{min} are") }
        )
    },
    acks_all_edge: |in_sync, min| {
        format!(
            "{} in sync and min.insync.replicas is {}: accepted now, refused as soon as one more falls out.",
            if in_sync == 1 { "1 replica is".to_owned() } else { format!("{in_sync} replicas are") },
            min
        )
    },
    acks_all_refused: |in_sync, min| {
        format!(
            "{} in sync, min.insync.replicas asks for {}: producers get NOT_ENOUGH_REPLICAS until another replica has caught up.",
            if in_sync == 1 { "1 replica is".to_owned() } else { format!("{in_sync} replicas are") },
            min
        )
    },
    acks_all_offline: "No leader takes the write; producers retry until their delivery timeout.",
    acks_all_unknown: |in_sync| {
        format!(
            "A write is confirmed once all {} have it; whether that is enough depends on min.insync.replicas.",
            plural(in_sync, "in-sync replica", "in-sync replicas")
        )
    },
    acks_one: "acks=1",
    acks_one_ok: "Confirmed as soon as the leader has it. If the leader fails before a follower copied it, the record is lost.",
    acks_one_offline: "No leader takes the write.",
    reading: "Reading",
    reading_survives: |n| {
        format!(
            "Stays readable while {} fail: another in-sync replica takes over.",
            plural(n, "more broker", "more brokers")
        )
    },
    reading_edge: "The leader is the only in-sync replica: if its broker fails, the partition goes offline until it is back.",
    reading_offline: "Not possible until a replica that was in sync comes back.",
    single: "Only one copy exists",
    single_hint: "Replication factor 1: when its broker is down the data cannot be reached, when its disk is lost the data is lost.",
    replicas: "Replicas",
    broker: "Broker",
    rack: "Rack",
    role: "Role",
    role_leader: "leader",
    role_follower: "follower",
    preferred: "preferred",
    sync: "In sync",
    yes: "in sync",
    no: "out of sync",
    broker_down: "unreachable",
    log_dir: "Log directory",
    moving_to: |path| format!("moving to {path}"),
    behind: "Behind",
    not_preferred: |broker| format!("preferred is broker {broker}"),
    moving: "being reassigned",
};

pub const KO: PartitionText = PartitionText {
    title: |topic, partition| format!("{topic} · 파티션 {partition}"),
    partition: |number| format!("파티션 {number}"),
    leader: |broker| format!("리더: 브로커 {broker}"),
    no_leader: "리더 없음",
    previous: "이전 파티션",
    next: "다음 파티션",
    offsets: "오프셋과 크기",
    earliest: "시작 오프셋",
    latest: "최신 오프셋",
    records: "레코드",
    size: "리더 기준 크기",
    rate: "유입",
    epoch: "리더 에포크",
    in_sync: "동기화됨",
    meaning: "지금 이 파티션의 상태",
    lose_more: |n| format!("브로커를 {}대 더 잃어도 acks=all 쓰기가 유지됩니다", grouped(n)),
    lose_none: "동기화된 브로커를 하나라도 더 잃으면 acks=all 쓰기가 중단됩니다",
    refused: "현재 acks=all 쓰기가 거부되고 있습니다",
    offline: "오프라인: 리더가 없어 읽기와 쓰기가 모두 불가능합니다",
    min_isr_unknown: "이 토픽의 min.insync.replicas 값을 알 수 없습니다",
    acks_all: "acks=all",
    acks_all_ok: |in_sync, min| {
        format!(
            "동기화된 레플리카 {in_sync}개가 모두 받으면 쓰기가 확정됩니다. 동기화된 레플리카가 {min}개(min.insync.replicas) 이상이면 쓰기를 받습니다."
        )
    },
    acks_all_edge: |in_sync, min| {
        format!(
            "동기화된 레플리카 {in_sync}개, min.insync.replicas {min}: 지금은 쓰기를 받지만 하나만 더 빠지면 거부됩니다."
        )
    },
    acks_all_refused: |in_sync, min| {
        format!(
            "동기화된 레플리카 {in_sync}개, min.insync.replicas {min}: 다른 레플리카가 따라잡을 때까지 프로듀서는 NOT_ENOUGH_REPLICAS 오류를 받습니다."
        )
    },
    acks_all_offline: "쓰기를 받을 리더가 없습니다. 프로듀서는 delivery.timeout.ms 동안 재시도합니다.",
    acks_all_unknown: |in_sync| {
        format!(
            "동기화된 레플리카 {}개가 모두 받으면 쓰기가 확정됩니다. 충분한지는 min.insync.replicas 값에 달려 있습니다.",
            grouped(in_sync)
        )
    },
    acks_one: "acks=1",
    acks_one_ok: "리더가 받는 즉시 확정됩니다. 팔로워가 복제하기 전에 리더에 장애가 나면 레코드를 잃습니다.",
    acks_one_offline: "쓰기를 받을 리더가 없습니다.",
    reading: "읽기",
    reading_survives: |n| {
        format!("브로커 {}대가 더 중단되어도 동기화된 다른 레플리카가 이어받아 계속 읽을 수 있습니다.", grouped(n))
    },
    reading_edge: "동기화된 레플리카가 리더뿐입니다. 해당 브로커에 장애가 나면 복구될 때까지 파티션이 오프라인이 됩니다.",
    reading_offline: "동기화되어 있던 레플리카가 돌아올 때까지 읽을 수 없습니다.",
    single: "복제본이 하나뿐입니다",
    single_hint: "복제 팩터 1: 브로커가 내려가면 데이터에 접근할 수 없고, 디스크를 잃으면 데이터도 잃습니다.",
    replicas: "레플리카",
    broker: "브로커",
    rack: "랙(rack)",
    role: "역할",
    role_leader: "리더",
    role_follower: "팔로워",
    preferred: "선호 리더",
    sync: "동기화",
    yes: "동기화됨",
    no: "동기화 안 됨",
    broker_down: "연결 불가",
    log_dir: "로그 디렉터리",
    moving_to: |path| format!("이동 중: {path}"),
    behind: "지연",
    not_preferred: |broker| format!("선호 리더: 브로커 {broker}"),
    moving: "재할당 중",
};
