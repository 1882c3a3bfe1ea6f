//! Preparing a reassignment: the plan, its pace, its review.

use super::{Count, Say, Say1, Say2, grouped, plural};
use crate::text::form::Say2Const;
use model::plan::Impossible;

pub struct PlanText {
    pub rate: Say1,
    pub per_broker: Say1,
    pub brokers_named: fn(u64, &str) -> String,
    pub from_to: Say2,
    pub more_brokers: Count,
    pub bars_hint: Say1,
    pub bytes_of: Say,
    pub replicas_of: Say,
    pub leaders_of: Say,

    pub unplanned: Say2Const,
    pub find: Say,
    pub good: Say2Const,
    pub good_more: Say,
    pub impossible: Say2Const,
    pub why_not: fn(&Impossible) -> String,
    pub what_then: fn(&Impossible) -> &'static str,
    pub change_goal: Say,
    pub change_scope: Say,
    pub made_from: Say1,
    pub replan: Say,
    pub replanned: Say,

    pub the_plan: Say,
    pub verified: Count,
    pub verified_hint: Say,
    pub now: Say,
    pub after: Say,
    pub largest: Say,
    pub largest_hint: Say,
    pub replicas_per: Say,
    pub leaders_per: Say,
    pub rack_violations: Say,
    pub rack_violations_hint: Say,
    pub moves: Say,
    pub bytes: Say,
    pub minimum: Say1,
    pub minimum_hint: Say,
    pub cross_rack: Say,
    pub peak: Say,
    /// Broker, percent.
    pub peak_of: Say2,
    pub leader_changes: Say,
    pub duration: Say1,
    pub duration_free: Say,
    pub unknown_sizes: Count,
    pub without_source: Count,

    pub front: Say,
    pub front_hint: Say,
    /// Bytes, skew.
    pub front_point: Say2,
    pub front_free: Say,

    pub changes: Say,
    pub changes_all: Say,
    pub shows_changed: Count,
    pub shows_all: Count,
    pub filter: Say,
    pub no_changes: Say,
    pub arrives: Say,
    pub arrives_leads: Say,
    pub leaves: Say,
    pub stays: Say,
    pub leader: Say,
    pub becomes_leader: Say,
    pub was_leader: Say,
    pub leaders_change: Count,
    pub rows_of: fn(u64, u64) -> String,
    pub place: Say,
    pub place_of: Say1,
    pub placed: Say,
    pub place_title: Say1,
    pub place_label: Say,
    pub place_hint: Say,
    pub place_save: Say,
    pub place_reset: Say,
    pub bad_ids: Say,
    pub edits: Count,
    pub by_hand: Say2Const,
    pub command: Say,
    pub files: Say,
    pub files_hint: Say,
    pub file_plan: Say2Const,
    pub file_rollback: Say2Const,
    pub file_batches: Say2Const,

    pub pace_lead: Say,
    pub throttle: Say,
    pub throttle_field: Say,
    pub throttle_hint: Say,
    pub no_throttle: Say,
    pub no_throttle_hint: Say,
    pub floor: Say2Const,
    /// Broker, floor.
    pub floor_of: Say2,
    pub floor_known: Say1,
    pub floor_unknown: Say,
    pub bad_rate: Say,
    pub predicted: Say,
    pub predicted_hint: Say,
    pub busiest: Say,
    pub busiest_in: Say2,
    pub order: Say,
    pub largest_first: Say2Const,
    pub smallest_first: Say2Const,
    pub by_name: Say2Const,
    pub at_once: Say,
    pub at_once_hint: Say,
    pub inbound: Say,
    pub inbound_hint: Say,
    pub outbound: Say,
    pub outbound_hint: Say,
    pub resumes: Say2Const,
    pub bad_count: Say,
    pub parallel: Say,
    pub suggestions: Say,
    pub unlimited: Say,

    pub review_lead: Say,
    pub start: Say,
    pub costs: Say,
    pub stays_open: Say2Const,
    pub rollback_first: Say2Const,
    pub from: Say,
    pub to: Say,
    pub topic: Say,
    pub copies: Say,
    pub and_more: Count,
}

fn ids(count: u64, ids: &str) -> String {
    if count == 1 { format!("broker {ids}") } else { format!("brokers {ids}") }
}

fn size(bytes: u64) -> String {
    model::format::bytes(i64::try_from(bytes).unwrap_or(i64::MAX))
}

pub const EN: PlanText = PlanText {
    rate: |megabytes| format!("{megabytes} MB/s per broker"),
    per_broker: |bytes| format!("{bytes} per broker"),
    brokers_named: ids,
    from_to: |before, after| format!("{before} → {after}"),
    more_brokers: |n| format!("and {} that change less", plural(n, "broker", "brokers")),
    bars_hint: |fair| format!("Filled: after. Dashed: now. Upright line: fair share, {fair}"),
    bytes_of: "Bytes per broker",
    replicas_of: "Replicas per broker",
    leaders_of: "Leaders per broker",

    unplanned: (
        "No plan yet",
        "Steward looks for the best plan from the cluster as it is now. That takes a moment; nothing is changed.",
    ),
    find: "Find the plan",
    good: (
        "Nothing needs to move",
        "The cluster is already as this goal wants it. Any move would cost copying and gain nothing.",
    ),
    good_more: "Choose another goal",
    impossible: (
        "This cannot be done as asked",
        "It is not that no plan was found: there is none. Each of these reasons is enough by itself.",
    ),
    why_not: |why| match why {
        Impossible::TooFewBrokers { replication_factor, allowed } => {
            format!(
                "{replication_factor} replicas need {replication_factor} brokers, and only {allowed} may hold them."
            )
        }
        Impossible::NoBrokerLeft { topic, partition } => {
            format!("All brokers that may hold {topic}-{partition} are down or leaving.")
        }
        Impossible::NoSource { topic, partition } => {
            format!(
                "No living broker has a copy of {topic}-{partition} that is in sync, so there is nothing to copy from."
            )
        }
        Impossible::DiskFull { broker, needed_bytes, limit_bytes } => {
            format!(
                "Broker {broker} would have to hold {}, and its disk has room for {}.",
                size(*needed_bytes),
                size(*limit_bytes)
            )
        }
        Impossible::DisksFull { needed_bytes, limit_bytes } => {
            format!(
                "All brokers together would have to hold {}, and have room for {}.",
                size(*needed_bytes),
                size(*limit_bytes)
            )
        }
        Impossible::OverBudget { bytes_min, max_bytes } => {
            format!("At least {} must be copied, and the limit is {}.", size(*bytes_min), size(*max_bytes))
        }
        Impossible::NoSuchBroker { broker } => format!("Broker {broker} does not exist, or does not answer."),
        Impossible::NoSuchPartition { topic, partition } => format!("There is no partition {topic}-{partition}."),
        Impossible::BadTarget { topic, partition, why } => format!("{topic}-{partition}: {why}."),
        Impossible::TooManyReplicas { needed, limit } => {
            format!(
                "All brokers together would have to hold {} replicas, and may hold {}.",
                grouped(*needed),
                grouped(*limit)
            )
        }
        Impossible::BadState { why } => format!("What the cluster tells contradicts itself: {why}."),
        Impossible::NothingInScope => "No topic is in scope.".to_owned(),
    },
    what_then: |why| match why {
        Impossible::TooFewBrokers { .. } => {
            "Ask for fewer replicas, or let more brokers hold some: add one, or take one off the excluded ones."
        }
        Impossible::NoBrokerLeft { .. } => {
            "Let another broker hold replicas, or bring one of those that are down back."
        }
        Impossible::NoSource { .. } => {
            "Bring a broker that had a copy back first. An unclean election is the last resort and loses records."
        }
        Impossible::DiskFull { .. } => "Make room on it, leave out some topics, or keep less free on every disk.",
        Impossible::DisksFull { .. } => "Add disks or brokers, shorten retention, or keep less free on every disk.",
        Impossible::OverBudget { .. } => "Raise the limit, or narrow the topics.",
        Impossible::NoSuchBroker { .. } => "Choose another broker, or start this one.",
        Impossible::NoSuchPartition { .. } => "Perhaps the file is of another cluster, or the topic was deleted.",
        Impossible::BadTarget { .. } => "Correct this placement.",
        Impossible::TooManyReplicas { .. } => "Raise the limit of replicas per broker, or let more brokers hold some.",
        Impossible::BadState { .. } => "Wait until the cluster has settled, then plan anew.",
        Impossible::NothingInScope => "Widen the pattern of topics.",
    },
    change_goal: "Change the goal",
    change_scope: "Change the scope",
    made_from: |when| format!("From the cluster as it was {when}"),
    replan: "Plan anew",
    replanned: "Planned anew from the cluster as it is now.",

    the_plan: "The plan",
    verified: |n| if n > 0 { format!("verified, {}", plural(n, "check", "checks")) } else { "verified".to_owned() },
    verified_hint: "A second program that shares no code with the planner has recomputed the plan: every placement allowed, no rack worse off, no disk overfull on the way, the numbers right.",
    now: "now",
    after: "after",
    largest: "Fullest broker against fair share",
    largest_hint: "By bytes, over all brokers that may hold data",
    replicas_per: "Replicas per broker",
    leaders_per: "Leaders per broker",
    rack_violations: "Rack violations",
    rack_violations_hint: "Partitions not spread over racks as evenly as the brokers allow",
    moves: "Replica moves",
    bytes: "Data to copy",
    minimum: |value| format!("minimum: {value}"),
    minimum_hint: "A bound that no plan for this goal can be below",
    cross_rack: "Across racks",
    peak: "Fullest disk on the way",
    peak_of: |broker, percent| format!("broker {broker}, {percent} %"),
    leader_changes: "Preferred leaders that change",
    duration: |rate| format!("At {rate}"),
    duration_free: "Without throttle",
    unknown_sizes: |n| {
        format!(
            "The size of {} is not known; they count as the median of their topic.",
            plural(n, "partition", "partitions")
        )
    },

    without_source: |n| {
        format!(
            "{} no living copy that is in sync: left as {}.",
            plural(n, "partition has", "partitions have"),
            if n == 1 { "it is" } else { "they are" }
        )
    },

    front: "Move less or balance more",
    front_hint: "Every point is the best plan for its bytes. Bytes copied, and the fullest broker against its fair share.",
    front_point: |bytes, skew| format!("{bytes}, {skew}"),
    front_free: "no limit",

    changes: "What changes",
    changes_all: "Partitions",
    shows_changed: |n| format!("Changed {}", grouped(n)),
    shows_all: |n| format!("All in scope {}", grouped(n)),
    filter: "Filter topics",
    no_changes: "No partition matches",
    arrives: "arrives",
    arrives_leads: "arrives and leads",
    leaves: "leaves",
    stays: "stays",
    leader: "preferred leader",
    becomes_leader: "becomes preferred leader",
    was_leader: "leads no more",
    leaders_change: |n| plural(n, "leader changes", "leaders change"),
    rows_of: |shown, all| format!("{} of {}", grouped(shown), plural(all, "partition", "partitions")),
    place: "Edit",
    place_of: |what| format!("Edit the placement of {what}"),
    placed: "by hand",
    place_title: |what| format!("Placement of {what}"),
    place_label: "Brokers, preferred leader first",
    place_hint: "Ids separated by commas. Checked at once: what Kafka would refuse, or what would lose data, is not taken.",
    place_save: "Set and check",
    place_reset: "As planned",
    bad_ids: "Broker ids separated by commas.",
    edits: |n| format!("{} placed by hand", grouped(n)),
    by_hand: (
        "Nothing is placed yet",
        "Choose Edit beside a partition below and say which brokers it shall lie on. Every choice is checked at once.",
    ),
    command: "The same with Kafka's own tool",
    files: "Files",
    files_hint: "In the format of kafka-reassign-partitions",
    file_plan: ("plan.json", "the changed partitions as they will be"),
    file_rollback: ("rollback.json", "the same as they are now, for the way back"),
    file_batches: ("batches.zip", "one file a batch, with a script"),

    pace_lead: "How fast it may go. Copying competes with what your applications write and read; a throttle keeps room for them.",
    throttle: "Throttle",
    throttle_field: "MB/s that each broker may send, and may receive",
    throttle_hint: "Empty: as fast as it goes. It can be changed while it runs.",
    no_throttle: "No throttle",
    no_throttle_hint: "Copying takes all that disks and network give. Applications may feel it.",
    floor: (
        "Too slow to ever end",
        "At this rate new records arrive faster than they are copied, so the replicas never catch up.",
    ),
    floor_of: |broker, floor| format!("Broker {broker} takes in so much that at least {floor} MB/s are needed."),
    floor_known: |floor| {
        format!("At least {floor} MB/s, or it never ends: that is what is written meanwhile, and some more.")
    },
    floor_unknown: "How much is written is not known yet, so no least rate can be told.",
    bad_rate: "A number above 0, or nothing.",
    predicted: "It will take about",
    predicted_hint: "From when it starts, if disks and network keep up and nobody writes much more than now.",
    busiest: "Busiest broker",
    busiest_in: |broker, bytes| format!("broker {broker} receives {bytes}"),
    order: "Order",
    largest_first: ("Largest first", "Soonest over. Partitions short of replicas before all others."),
    smallest_first: ("Smallest first", "First results soonest."),
    by_name: ("By name", "Topic after topic."),
    at_once: "Partitions on the move in all",
    at_once_hint: "At most so many at any time.",
    inbound: "Onto one broker",
    inbound_hint: "More means more disk seeks there.",
    outbound: "Away from one leader",
    outbound_hint: "More means more load on what it leads.",
    resumes: (
        "Go on after a restart",
        "If Steward is restarted it continues by itself. Otherwise it waits until somebody resumes it.",
    ),
    bad_count: "A whole number from 1 on.",
    parallel: "At the same time",
    suggestions: "Usual rates",
    unlimited: "no limit",

    review_lead: "Nothing has begun yet. This is what will happen once you confirm.",
    start: "Start",
    costs: "What it costs",
    stays_open: (
        "You can stop it",
        "It can be paused, cancelled or rolled back at any time from its own page; writes and reads go on throughout.",
    ),
    rollback_first: (
        "The way back is kept",
        "Steward stores how every partition lies now, in order, before the first one moves.",
    ),
    from: "Now",
    to: "After",
    topic: "Partition",
    copies: "To copy",
    and_more: |n| format!("and {} more", plural(n, "partition", "partitions")),
};

pub const KO: PlanText = PlanText {
    rate: |megabytes| format!("브로커당 {megabytes} MB/s"),
    per_broker: |bytes| format!("브로커당 {bytes}"),
    brokers_named: |_, ids| ids.to_owned(),
    from_to: |before, after| format!("{before} → {after}"),
    more_brokers: |n| format!("변화가 더 적은 브로커 {}개", grouped(n)),
    bars_hint: |fair| format!("채움: 변경 후. 점선: 현재. 세로선: 균등 몫 {fair}"),
    bytes_of: "브로커별 용량",
    replicas_of: "브로커별 레플리카",
    leaders_of: "브로커별 리더",

    unplanned: (
        "아직 계획이 없습니다",
        "현재 클러스터 상태에서 가장 좋은 계획을 찾습니다. 잠시 걸리며 아무것도 바꾸지 않습니다.",
    ),
    find: "계획 찾기",
    good: (
        "옮길 것이 없습니다",
        "클러스터가 이미 이 목표대로입니다. 무엇을 옮겨도 복사 비용만 들고 나아지지 않습니다.",
    ),
    good_more: "다른 목표 고르기",
    impossible: (
        "요청대로는 할 수 없습니다",
        "계획을 못 찾은 것이 아니라 존재하지 않습니다. 아래 이유 하나하나가 그 자체로 충분합니다.",
    ),
    why_not: |why| match why {
        Impossible::TooFewBrokers { replication_factor, allowed } => {
            format!(
                "레플리카 {replication_factor}개에는 브로커 {replication_factor}개가 필요하지만 보유할 수 있는 브로커는 {allowed}개입니다."
            )
        }
        Impossible::NoBrokerLeft { topic, partition } => {
            format!("{topic}-{partition}: 보유할 수 있는 브로커가 모두 내려갔거나 제거 대상입니다.")
        }
        Impossible::NoSource { topic, partition } => {
            format!("{topic}-{partition}: 살아 있는 브로커에 동기화된 복제본이 없어 복사할 원본이 없습니다.")
        }
        Impossible::DiskFull { broker, needed_bytes, limit_bytes } => {
            format!(
                "브로커 {broker}: 보유해야 할 양 {}, 디스크에 둘 수 있는 양 {}.",
                size(*needed_bytes),
                size(*limit_bytes)
            )
        }
        Impossible::DisksFull { needed_bytes, limit_bytes } => {
            format!("모든 브로커를 합쳐 보유해야 할 양 {}, 둘 수 있는 양 {}.", size(*needed_bytes), size(*limit_bytes))
        }
        Impossible::OverBudget { bytes_min, max_bytes } => {
            format!("최소 복사량 {}, 한도 {}.", size(*bytes_min), size(*max_bytes))
        }
        Impossible::NoSuchBroker { broker } => format!("브로커 {broker}: 없거나 응답하지 않습니다."),
        Impossible::NoSuchPartition { topic, partition } => format!("없는 파티션입니다: {topic}-{partition}"),
        Impossible::BadTarget { topic, partition, why } => format!("{topic}-{partition}: {why}"),
        Impossible::TooManyReplicas { needed, limit } => {
            format!("모든 브로커를 합쳐 보유해야 할 레플리카 {}개, 허용 {}개.", grouped(*needed), grouped(*limit))
        }
        Impossible::BadState { why } => format!("클러스터 정보가 서로 맞지 않습니다: {why}"),
        Impossible::NothingInScope => "범위에 드는 토픽이 없습니다.".to_owned(),
    },
    what_then: |why| match why {
        Impossible::TooFewBrokers { .. } => {
            "레플리카 수를 줄이거나, 브로커를 추가하거나, 제외한 브로커를 다시 허용하세요."
        }
        Impossible::NoBrokerLeft { .. } => "다른 브로커를 허용하거나 내려간 브로커를 복구하세요.",
        Impossible::NoSource { .. } => {
            "복제본을 가졌던 브로커를 먼저 복구하세요. 언클린 선출은 레코드를 잃는 마지막 수단입니다."
        }
        Impossible::DiskFull { .. } => "공간을 확보하거나, 일부 토픽을 빼거나, 디스크에 남겨 둘 공간을 줄이세요.",
        Impossible::DisksFull { .. } => "디스크나 브로커를 추가하거나, 보존 기간을 줄이거나, 남겨 둘 공간을 줄이세요.",
        Impossible::OverBudget { .. } => "한도를 올리거나 토픽 범위를 좁히세요.",
        Impossible::NoSuchBroker { .. } => "다른 브로커를 고르거나 이 브로커를 시작하세요.",
        Impossible::NoSuchPartition { .. } => "다른 클러스터의 파일이거나 토픽이 삭제되었을 수 있습니다.",
        Impossible::BadTarget { .. } => "이 배치를 고치세요.",
        Impossible::TooManyReplicas { .. } => "브로커당 레플리카 한도를 올리거나 더 많은 브로커를 허용하세요.",
        Impossible::BadState { .. } => "클러스터가 안정된 뒤 다시 계획하세요.",
        Impossible::NothingInScope => "토픽 패턴을 넓히세요.",
    },
    change_goal: "목표 바꾸기",
    change_scope: "범위 바꾸기",
    made_from: |when| format!("{when} 클러스터 상태 기준"),
    replan: "다시 계획",
    replanned: "현재 클러스터 상태로 다시 계획했습니다.",

    the_plan: "계획",
    verified: |n| if n > 0 { format!("검증됨, 검사 {}개", grouped(n)) } else { "검증됨".to_owned() },
    verified_hint: "계획 코드와 전혀 다른 프로그램이 계획을 다시 계산했습니다. 모든 배치가 허용되고, 랙 분산이 나빠지지 않고, 도중에 디스크가 넘치지 않으며, 수치가 맞습니다.",
    now: "현재",
    after: "변경 후",
    largest: "가장 찬 브로커(균등 몫 대비)",
    largest_hint: "데이터를 보유할 수 있는 모든 브로커의 용량 기준",
    replicas_per: "브로커당 레플리카",
    leaders_per: "브로커당 리더",
    rack_violations: "랙 분산 위반",
    rack_violations_hint: "브로커가 허용하는 만큼 랙에 고르게 나뉘지 않은 파티션",
    moves: "레플리카 이동",
    bytes: "복사할 데이터",
    minimum: |value| format!("최솟값: {value}"),
    minimum_hint: "이 목표의 어떤 계획도 이보다 작을 수 없는 하한",
    cross_rack: "랙 간 복사",
    peak: "도중에 가장 찬 디스크",
    peak_of: |broker, percent| format!("브로커 {broker}, {percent} %"),
    leader_changes: "바뀌는 선호 리더",
    duration: |rate| format!("{rate} 기준"),
    duration_free: "스로틀 없이",
    unknown_sizes: |n| format!("크기를 알 수 없는 파티션 {}개는 토픽의 중앙값으로 계산합니다.", grouped(n)),

    without_source: |n| format!("살아 있는 동기화된 복제본이 없어 그대로 두는 파티션 {}개.", grouped(n)),

    front: "적게 옮기기 ↔ 더 고르게",
    front_hint: "모든 지점은 그 복사량에서 가장 좋은 계획입니다. 복사량, 가장 찬 브로커의 균등 몫 대비 차이.",
    front_point: |bytes, skew| format!("{bytes}, {skew}"),
    front_free: "제한 없음",

    changes: "바뀌는 내용",
    changes_all: "파티션",
    shows_changed: |n| format!("변경 {}", grouped(n)),
    shows_all: |n| format!("범위 전체 {}", grouped(n)),
    filter: "토픽 필터",
    no_changes: "일치하는 파티션이 없습니다",
    arrives: "추가",
    arrives_leads: "추가, 리더",
    leaves: "제거",
    stays: "유지",
    leader: "선호 리더",
    becomes_leader: "선호 리더가 됨",
    was_leader: "리더에서 물러남",
    leaders_change: |n| format!("리더 변경 {}건", grouped(n)),
    rows_of: |shown, all| format!("파티션 {}개 중 {}개", grouped(all), grouped(shown)),
    place: "수정",
    place_of: |what| format!("배치 수정: {what}"),
    placed: "직접 지정",
    place_title: |what| format!("배치: {what}"),
    place_label: "브로커, 선호 리더 먼저",
    place_hint: "쉼표로 구분한 ID. Kafka가 거부하거나 데이터를 잃을 배치는 바로 검사해 받지 않습니다.",
    place_save: "지정하고 검사",
    place_reset: "계획대로",
    bad_ids: "브로커 ID를 쉼표로 구분해 입력하세요.",
    edits: |n| format!("직접 지정 {}개", grouped(n)),
    by_hand: (
        "아직 지정한 배치가 없습니다",
        "아래에서 파티션 옆의 수정을 골라 어느 브로커에 둘지 지정하세요. 지정할 때마다 바로 검사합니다.",
    ),
    command: "Kafka 도구로 실행하기",
    files: "파일",
    files_hint: "kafka-reassign-partitions 형식",
    file_plan: ("plan.json", "바뀌는 파티션의 변경 후 배치"),
    file_rollback: ("rollback.json", "되돌리기 위한 현재 배치"),
    file_batches: ("batches.zip", "배치별 파일과 스크립트"),

    pace_lead: "얼마나 빠르게 진행할지 정합니다. 복사는 애플리케이션의 쓰기, 읽기와 경쟁하므로 스로틀로 여유를 남깁니다.",
    throttle: "스로틀",
    throttle_field: "브로커마다 보내거나 받을 수 있는 MB/s",
    throttle_hint: "비워 두면 최대한 빠르게 진행합니다. 진행 중에도 바꿀 수 있습니다.",
    no_throttle: "스로틀 없음",
    no_throttle_hint: "디스크와 네트워크를 모두 사용합니다. 애플리케이션이 느려질 수 있습니다.",
    floor: ("끝나지 않는 속도", "이 속도로는 새 레코드가 복사보다 빨리 쌓여 레플리카가 영영 따라잡지 못합니다."),
    floor_of: |broker, floor| format!("브로커 {broker}: 유입량 때문에 최소 {floor} MB/s 필요."),
    floor_known: |floor| {
        format!("최소 {floor} MB/s. 그동안 쓰이는 양에 여유를 더한 값이며, 그보다 느리면 끝나지 않습니다.")
    },
    floor_unknown: "쓰기 속도를 아직 알 수 없어 최소 속도를 말할 수 없습니다.",
    bad_rate: "0보다 큰 숫자를 입력하거나 비워 두세요.",
    predicted: "예상 소요 시간",
    predicted_hint: "시작 시점부터. 디스크와 네트워크가 따라 주고 쓰기가 지금보다 크게 늘지 않을 때.",
    busiest: "가장 바쁜 브로커",
    busiest_in: |broker, bytes| format!("브로커 {broker}, 수신 {bytes}"),
    order: "순서",
    largest_first: ("큰 것부터", "가장 빨리 끝납니다. 레플리카가 모자란 파티션을 맨 먼저 옮깁니다."),
    smallest_first: ("작은 것부터", "첫 결과가 빨리 보입니다."),
    by_name: ("이름순", "토픽별로 차례대로."),
    at_once: "동시에 옮길 전체 파티션",
    at_once_hint: "어느 시점에도 이보다 많지 않습니다.",
    inbound: "브로커 하나로 동시에",
    inbound_hint: "많을수록 그 브로커의 디스크 탐색이 늘어납니다.",
    outbound: "리더 하나에서 동시에",
    outbound_hint: "많을수록 그 리더의 부하가 커집니다.",
    resumes: ("재시작 후 계속", "Steward가 재시작되면 스스로 이어서 진행합니다. 끄면 누군가 재개할 때까지 기다립니다."),
    bad_count: "1 이상의 정수를 입력하세요.",
    parallel: "동시 진행",
    suggestions: "자주 쓰는 속도",
    unlimited: "제한 없음",

    review_lead: "아직 아무것도 시작되지 않았습니다. 확인하면 다음과 같이 진행됩니다.",
    start: "시작",
    costs: "드는 비용",
    stays_open: (
        "언제든 멈출 수 있습니다",
        "작업 페이지에서 일시 중지, 취소, 롤백할 수 있으며 쓰기와 읽기는 계속됩니다.",
    ),
    rollback_first: (
        "되돌릴 길을 보관합니다",
        "첫 파티션을 옮기기 전에 모든 파티션의 현재 배치를 순서까지 저장합니다.",
    ),
    from: "현재",
    to: "변경 후",
    topic: "파티션",
    copies: "복사량",
    and_more: |n| format!("외 파티션 {}개", grouped(n)),
};
