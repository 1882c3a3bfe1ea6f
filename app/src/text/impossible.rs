//! Why a plan cannot be, and what could be done about it.

use super::{Say, Say1, grouped};
use crate::text::form::Say2Const;
use model::plan::{Impossible, Misplaced};

pub struct ImpossibleText {
    pub impossible: Say2Const,
    pub why_not: fn(&Impossible) -> String,
    pub what_then: fn(&Impossible) -> &'static str,
    /// Brokers that do not count because they are down.
    pub down: Say1,
    pub down_hint: Say,
    pub change_goal: Say,
    pub change_scope: Say,
}

fn size(bytes: u64) -> String {
    model::format::bytes(i64::try_from(bytes).unwrap_or(i64::MAX))
}

pub const EN: ImpossibleText = ImpossibleText {
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
        Impossible::BadTarget { topic, partition, why } => format!("{topic}-{partition} {why}."),
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
    down: |brokers| format!("Not counted, because down: {brokers}."),
    down_hint: "Starting what is down again may be all it takes. Plan anew then.",
    change_goal: "Change the goal",
    change_scope: "Change the scope",
};

pub const KO: ImpossibleText = ImpossibleText {
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
        Impossible::BadTarget { topic, partition, why } => format!("{topic}-{partition}: {}", misplaced_ko(why)),
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
    down: |brokers| format!("내려가 있어 계산에서 제외: 브로커 {brokers}"),
    down_hint: "내려간 브로커를 다시 시작하는 것으로 충분할 수 있습니다. 그런 다음 다시 계획하세요.",
    change_goal: "목표 바꾸기",
    change_scope: "범위 바꾸기",
};

fn misplaced_ko(why: &Misplaced) -> String {
    match why {
        Misplaced::PlacedTwice => "두 번 지정되었습니다.".to_owned(),
        Misplaced::TwoReplicas(broker) => format!("같은 브로커에 레플리카가 둘입니다: 브로커 {broker}"),
        Misplaced::OnBrokerDown(broker) => format!("내려간 브로커에 레플리카를 둘 수 없습니다: 브로커 {broker}"),
        Misplaced::NoReplicas => "레플리카가 하나도 없습니다.".to_owned(),
        Misplaced::OnTheMove => "이미 이동 중입니다.".to_owned(),
        Misplaced::Told(words) => words.clone(),
    }
}
