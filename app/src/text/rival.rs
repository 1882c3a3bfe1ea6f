//! Others that move partitions: who, and what it means.

use super::{Say, Say1};
use model::rival::Rival;

pub struct RivalText {
    pub name: fn(Rival) -> Say,
    /// One sentence on what it does to reassignments of others.
    pub meaning: fn(Rival) -> Say,
    /// By what it was seen.
    pub seen_by: Say1,
}

const fn name(rival: Rival) -> Say {
    match rival {
        Rival::CruiseControl => "Cruise Control",
        Rival::Strimzi => "Strimzi",
        Rival::Confluent => "Confluent Self-Balancing",
        Rival::Redpanda => "Redpanda",
    }
}

pub const EN: RivalText = RivalText {
    name: |rival| name(rival),
    meaning: |rival| match rival {
        Rival::CruiseControl => "When it begins to balance it cancels reassignments that it did not begin itself.",
        Rival::Strimzi => {
            "Its Cruise Control moves partitions whenever a KafkaRebalance is approved, and cancels what others began."
        }
        Rival::Confluent => "It moves partitions by itself, and may move back what is moved here.",
        Rival::Redpanda => {
            "Its brokers balance by themselves; they know no replication throttles and change no replication factor this way."
        }
    },
    seen_by: |what| format!("Seen by {what}."),
};

pub const KO: RivalText = RivalText {
    name: |rival| name(rival),
    meaning: |rival| match rival {
        Rival::CruiseControl => "리밸런싱을 시작할 때 자신이 시작하지 않은 재할당을 취소합니다.",
        Rival::Strimzi => {
            "KafkaRebalance가 승인될 때마다 내장 Cruise Control이 파티션을 옮기며, 다른 곳에서 시작한 재할당을 취소합니다."
        }
        Rival::Confluent => "스스로 파티션을 옮기므로, 여기서 옮긴 것을 되돌릴 수 있습니다.",
        Rival::Redpanda => {
            "브로커가 스스로 리밸런싱하며, 복제 스로틀을 지원하지 않고 이 방법으로는 복제 계수를 바꾸지 않습니다."
        }
    },
    seen_by: |what| format!("확인 근거: {what}."),
};
