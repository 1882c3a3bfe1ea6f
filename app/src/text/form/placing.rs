//! Where new replicas go.

use crate::text::{Count, Say, Say1, Say2, Say3, grouped, plural};

pub struct PlacingText {
    pub placement: Say,
    pub balanced: Say,
    pub balanced_hint: Say,
    pub kafka: Say,
    pub kafka_hint: Say,
    pub manual: Say,
    pub manual_hint: Say,
    pub assignment: Say,
    pub assignment_hint: Say,
    pub map: Say,
    pub map_of: Say1,
    pub kafka_places: Say,
    pub more_partitions: Count,
    pub new_partition: Say,
    pub load: Say,
    pub load_hint: Say,
    /// Before, after.
    pub from_to: Say2,
    pub leaders_of: Say3,
}

pub const EN: PlacingText = PlacingText {
    placement: "Placement of replicas",
    balanced: "Balanced by Steward",
    balanced_hint: "On the brokers that hold least, racks taken in turn. What is shown is what will be.",
    kafka: "By Kafka",
    kafka_hint: "In turn from a random broker; shown once it is done.",
    manual: "By hand",
    manual_hint: "One line for each partition.",
    assignment: "Brokers of each partition",
    assignment_hint: "One line for each new partition: broker ids separated by commas, the preferred leader first.",
    map: "Placement",
    map_of: |topic| format!("Placement of {topic}"),
    kafka_places: "Kafka places the replicas in turn over racks and brokers, from a random start.",
    more_partitions: |n| format!("and {} more", plural(n, "partition", "partitions")),
    new_partition: "new",
    load: "Replicas per broker",
    load_hint: "Filled: after. Dashed: now. Upright line: fair share.",
    from_to: |before, after| format!("{before} → {after}"),
    leaders_of: |broker, before, after| format!("Broker {broker}: leaders {before} → {after}"),
};

pub const KO: PlacingText = PlacingText {
    placement: "레플리카 배치",
    balanced: "Steward가 균형 배치",
    balanced_hint: "가장 적게 가진 브로커에 랙을 번갈아 배치합니다. 보이는 그대로 적용됩니다.",
    kafka: "Kafka가 배치",
    kafka_hint: "임의의 브로커부터 차례로 배치하며, 결과는 생성 후에 보입니다.",
    manual: "직접 지정",
    manual_hint: "파티션마다 한 줄씩 입력합니다.",
    assignment: "파티션별 브로커",
    assignment_hint: "새 파티션마다 한 줄: 쉼표로 구분한 브로커 ID, 첫 번째가 선호 리더입니다.",
    map: "배치",
    map_of: |topic| format!("배치: {topic}"),
    kafka_places: "Kafka가 임의의 위치에서 시작해 랙과 브로커에 차례로 배치합니다.",
    more_partitions: |n| format!("외 파티션 {}개", grouped(n)),
    new_partition: "신규",
    load: "브로커별 레플리카",
    load_hint: "채움: 변경 후. 점선: 현재. 세로선: 균등 몫.",
    from_to: |before, after| format!("{before} → {after}"),
    leaders_of: |broker, before, after| format!("브로커 {broker}: 리더 {before} → {after}"),
};
