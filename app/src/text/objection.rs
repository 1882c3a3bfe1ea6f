//! What speaks against a change. English is what the model says; Korean stands here.

use model::access::Denial;
use model::change::{AssignmentProblem, Expected, Reason, Warning};
use model::format;

pub struct Objections {
    pub reason: fn(&Reason) -> String,
    pub warning: fn(&Warning) -> String,
    pub denial: fn(&Denial) -> String,
}

pub const EN: Objections = Objections {
    reason: |reason| capital(&reason.to_string()),
    warning: |warning| capital(&warning.to_string()),
    denial: |denial| capital(&denial.to_string()),
};

pub const KO: Objections = Objections { reason: reason_ko, warning: warning_ko, denial: denial_ko };

/// A sentence begins with a capital, a name or a config key stays as it is.
pub(super) fn capital(sentence: &str) -> String {
    let first_word = sentence.split([' ', ',']).next().unwrap_or_default();
    let mut characters = sentence.chars();
    match characters.next() {
        Some(first) if first_word.chars().all(char::is_alphabetic) => first.to_uppercase().chain(characters).collect(),
        _ => sentence.to_owned(),
    }
}

fn denial_ko(denial: &Denial) -> String {
    match denial {
        Denial::NotSignedIn => "먼저 로그인하세요".to_owned(),
        Denial::ReadOnlyCluster => "읽기 전용 클러스터입니다. Steward 설정이 모든 변경을 금지합니다".to_owned(),
        Denial::NeedsRole { role } => format!("이 클러스터에서 {} 역할이 필요합니다", role.name()),
        Denial::TopicOutOfReach { topic } => format!("현재 역할의 권한 범위 밖에 있는 토픽입니다: {topic}"),
    }
}

fn reason_ko(reason: &Reason) -> String {
    match reason {
        Reason::NothingChosen => "선택된 항목이 없습니다".to_owned(),
        Reason::NothingToDo => "이미 원하는 상태입니다".to_owned(),
        Reason::BadName { .. } => {
            "토픽 이름은 1~249자의 영문자, 숫자, '.', '_', '-'만 쓸 수 있으며 '.'과 '..'은 안 됩니다".to_owned()
        }
        Reason::NameTaken => "같은 이름의 토픽이 이미 있습니다".to_owned(),
        Reason::NameCollides { with } => {
            format!("기존 토픽과 '.' 또는 '_'만 다른 이름입니다: {with}. Kafka 메트릭에서 구분되지 않습니다")
        }
        Reason::NoSuchTopic => "존재하지 않는 토픽입니다".to_owned(),
        Reason::NoSuchBroker => "존재하지 않는 브로커입니다".to_owned(),
        Reason::NoSuchPartition => "존재하지 않는 파티션입니다".to_owned(),
        Reason::OutOfRange { least, most } => {
            format!("{}~{} 사이의 숫자가 필요합니다", format::count(*least), format::count(*most))
        }
        Reason::WouldShrink { now } => format!("이미 파티션이 {now}개이며, 파티션은 늘릴 수만 있습니다"),
        Reason::TooFewBrokersUp { up, down } => {
            let ids: Vec<String> = down.iter().map(ToString::to_string).collect();
            format!(
                "응답하는 브로커가 {up}대뿐입니다. 브로커 {} 복구를 기다리거나 배치를 Kafka에 맡기세요",
                ids.join(", ")
            )
        }
        Reason::ReplicationExceedsBrokers { brokers } => {
            format!("레플리카를 둘 수 있는 브로커가 {brokers}개뿐입니다")
        }
        Reason::UnknownConfig => "Kafka에 없는 설정입니다".to_owned(),
        Reason::BadConfigValue { expected } | Reason::Unreadable { expected } => {
            format!("올바른 형식: {}", expected_ko(expected))
        }
        Reason::ReadOnlyConfig => "브로커 설정 파일에서만 바꿀 수 있고 재시작이 필요합니다".to_owned(),
        Reason::SensitiveConfig => "Steward는 비밀번호를 다루지 않습니다. Kafka 도구를 사용하세요".to_owned(),
        Reason::SetAndReset => "값 설정과 초기화가 동시에 지정되었습니다".to_owned(),
        Reason::BadAssignment { partition, problem } => format!("파티션 {partition}: {}", problem_ko(problem)),
        Reason::InternalTopic => "Kafka가 내부용으로 사용하는 토픽입니다".to_owned(),
        Reason::OffsetOutOfRange { partition, earliest, latest } => {
            format!("파티션 {partition}의 오프셋 범위: {}~{}", format::count(*earliest), format::count(*latest))
        }
        Reason::NoLeader { partition } => format!("파티션 {partition}에 리더가 없습니다"),
        Reason::PreferredNotInSync { leader } => format!("선호 리더가 동기화되지 않았습니다. 브로커: {leader}"),
        Reason::HasLeader => "이미 리더가 있습니다".to_owned(),
        Reason::CompactedOnly => "압축(compact) 전용 토픽이라 Kafka가 레코드 삭제를 거부합니다".to_owned(),
        Reason::TooMany { most } => format!("한 번에 최대 {most}개까지 변경할 수 있습니다"),
        Reason::AlreadyMoving => "이미 재할당이 진행 중입니다".to_owned(),
        Reason::MovedSince => "계획을 세운 뒤 레플리카 위치가 바뀌었습니다. 계획을 다시 세우세요".to_owned(),
        Reason::NotMoving => "진행 중인 재할당이 없습니다".to_owned(),
        Reason::OfAJob => "Steward가 진행하는 재할당에 포함되어 있습니다".to_owned(),
        Reason::NoSuchJob => "존재하지 않는 재할당입니다".to_owned(),
        Reason::NotNow { state } => format!("현재 상태에서는 할 수 없습니다: {}", state_ko(state)),
        Reason::Broker { name, message, .. } => format!("브로커 응답 {name}: {message}"),
        Reason::Denied { denial } => denial_ko(denial),
        Reason::Unreachable { message } => format!("클러스터가 응답하지 않습니다: {message}"),
    }
}

fn expected_ko(expected: &Expected) -> String {
    match expected {
        Expected::Boolean => "true 또는 false".to_owned(),
        Expected::OneOf(words) => format!("{} 중 하나", words.join(", ")),
        Expected::SomeOf(words) => format!("{}, 또는 쉼표로 구분한 여러 값", words.join(", ")),
        Expected::Whole { least, most } => format!("{least}~{most} 사이의 정수"),
        Expected::Number { least: Some(least), most: Some(most) } => format!("{least}~{most} 사이의 숫자"),
        Expected::Number { least: Some(least), most: None } => format!("{least} 이상의 숫자"),
        Expected::Number { least: None, .. } => "숫자".to_owned(),
        Expected::ThrottledReplicas => "* 또는 쉼표로 구분한 파티션:브로커 쌍".to_owned(),
        Expected::OffsetsOfTime => "해당 시각의 오프셋(브로커만 알 수 있음)".to_owned(),
        Expected::Moment => "2026-03-01T12:00 같은 UTC 시각".to_owned(),
        Expected::PastMoment => "지난 시각".to_owned(),
        Expected::OneOffset => "오프셋 하나".to_owned(),
        Expected::SingleTopic => "토픽 하나, 또는 다른 배치 방법".to_owned(),
        Expected::TopicPartition => "orders-3 같은 토픽과 파티션".to_owned(),
        Expected::PartitionWithReplicas => "orders-3:1,2,3 같은 파티션과 레플리카".to_owned(),
        Expected::ConfigOfResource => "broker:2:leader.replication.throttled.rate 같은 대상과 키".to_owned(),
        Expected::EachPartitionOnce => "파티션마다 한 번씩".to_owned(),
        Expected::Told(words) => words.clone(),
    }
}

/// Of a job or a move, by its name.
fn state_ko(state: &str) -> &str {
    match state {
        "running" => "진행 중",
        "paused" => "일시 중지됨",
        "cancelling" => "취소 중",
        "rolling_back" => "되돌리는 중",
        "verifying" => "검증 중",
        "done" => "완료",
        "cancelled" => "취소됨",
        "failed" => "실패",
        "pending" => "대기 중",
        "submitting" => "요청 중",
        "copying" => "복사 중",
        "reverting" => "원래대로 되돌리는 중",
        "reverted" => "원래대로 되돌림",
        "skipped" => "건너뜀",
        other => other,
    }
}

fn problem_ko(problem: &AssignmentProblem) -> String {
    match problem {
        AssignmentProblem::WrongNumber { expected, found } => {
            format!("배치할 파티션은 {expected}개인데 {found}개가 지정되었습니다")
        }
        AssignmentProblem::WrongReplicas { expected, found } => {
            format!("레플리카 {expected}개가 필요한데 {found}개가 지정되었습니다")
        }
        AssignmentProblem::RepeatedBroker { broker } => format!("같은 브로커가 두 번 지정되었습니다: {broker}"),
        AssignmentProblem::UnknownBroker { broker } => format!("존재하지 않는 브로커입니다: {broker}"),
        AssignmentProblem::BrokerDown { broker } => format!("응답하지 않는 브로커입니다: {broker}"),
        AssignmentProblem::Unreadable => "쉼표로 구분한 브로커 ID가 필요합니다".to_owned(),
    }
}

fn bytes(number: u64) -> String {
    format::bytes(i64::try_from(number).unwrap_or(i64::MAX))
}

fn warning_ko(warning: &Warning) -> String {
    match warning {
        Warning::Irreversible => "되돌릴 수 없습니다".to_owned(),
        Warning::DataLoss { topic, partition } => {
            format!("{topic}-{partition}: 새 리더가 복제하지 못한 레코드는 사라집니다")
        }
        Warning::ReadNow { topic, groups } => {
            format!("{topic}: 멤버가 있는 컨슈머 그룹 {groups}개가 현재 읽고 있습니다")
        }
        Warning::WrittenNow { topic, records_per_second } => {
            format!("{topic}: 현재 초당 {}건이 쓰이고 있습니다", format::rate(*records_per_second))
        }
        Warning::KeysMapElsewhere { topic } => {
            format!("{topic}: 키가 이전과 다른 파티션으로 배정되어 변경 시점에 키별 순서가 깨집니다")
        }
        Warning::CompactionSplitsKeys { topic } => {
            format!("{topic}: 압축(compact) 토픽이라, 다른 파티션으로 옮겨 간 키의 이전 값이 계속 남습니다")
        }
        Warning::GroupsLearnLate { topic, groups } => {
            format!("{topic}: 컨슈머 그룹 {groups}개는 다음 메타데이터 갱신 때 새 파티션을 인식합니다")
        }
        Warning::NoSpareReplica { replication_factor, min_insync_replicas } => format!(
            "레플리카 {replication_factor}개, min.insync.replicas {min_insync_replicas}: 브로커 하나만 잃어도 acks=all 쓰기가 멈춥니다"
        ),
        Warning::MinIsrUnreachable { topic, replication_factor, min_insync_replicas } => format!(
            "{topic}: min.insync.replicas {min_insync_replicas}, 레플리카 {replication_factor}개. acks=all 쓰기가 모두 실패합니다"
        ),
        Warning::SingleReplica => "레플리카가 하나뿐입니다. 디스크 하나를 잃으면 데이터를 잃습니다".to_owned(),
        Warning::CannotShrink => "파티션은 다시 줄일 수 없습니다".to_owned(),
        Warning::ManyPartitions { broker, partitions, guideline } => {
            format!("브로커 {broker}: 레플리카 {partitions}개, 권장 한도 {guideline}개 초과")
        }
        Warning::BrokersDown { brokers } => {
            let ids: Vec<String> = brokers.iter().map(ToString::to_string).collect();
            format!("응답하지 않는 브로커: {}", ids.join(", "))
        }
        Warning::RetentionShrinks { topic, key } => {
            format!("{topic}: {key} 값이 줄어 수 분 안에 레코드가 삭제될 수 있습니다")
        }
        Warning::CleanupPolicyChanges { topic } => {
            format!("{topic}: 정리 정책이 바뀌면 기존 레코드의 보존 방식이 달라집니다")
        }
        Warning::AllBrokers => "모든 브로커에 한꺼번에 적용됩니다".to_owned(),
        Warning::OneRack { topic, partitions } => {
            format!("{topic}: 파티션 {partitions}개의 레플리카가 한 랙에 몰립니다")
        }
        Warning::AutoCreated => {
            "auto.create.topics.enable이 켜져 있어, 계속 쓰는 클라이언트가 있으면 기본 설정으로 다시 생성됩니다"
                .to_owned()
        }
        Warning::BelowFloor { broker, floor } => format!(
            "이 속도로는 끝나지 않습니다: 그동안 쓰이는 양 때문에 브로커 {broker}에 최소 초당 {} 필요",
            format::megabytes_up(*floor)
        ),
        Warning::VolumeRoom { broker, topic, partition, size_bytes, room_bytes, fits_another, replicas } => {
            let (size, room) = (bytes(*size_bytes), bytes(*room_bytes));
            let told = if *fits_another {
                format!(
                    "브로커 {broker}: 여유 공간이 {room}뿐인 볼륨이 있어 {topic}-{partition}의 레플리카({size})가 들어가지 않으며, Kafka가 그 볼륨을 고를 수 있습니다"
                )
            } else {
                format!(
                    "브로커 {broker}: {topic}-{partition}의 레플리카({size})가 들어갈 볼륨이 없어 시작하지 않고 기다립니다. 가장 큰 여유 공간은 {room}입니다"
                )
            };
            match replicas.saturating_sub(1) {
                0 => told,
                more => format!("{told}. 여유가 가장 적은 볼륨에 들어가지 않는 레플리카가 {more}개 더 있습니다"),
            }
        }
        Warning::FewerReplicas { partitions } => format!("레플리카가 지금보다 줄어드는 파티션: {partitions}개"),
        Warning::Unthrottled => "복제 속도 제한이 없어 프로듀서와 컨슈머의 트래픽을 밀어낼 수 있습니다".to_owned(),
        Warning::OrderMayChange => {
            "Kafka가 레플리카 순서를 이전과 다르게 남길 수 있어 선호 리더가 바뀔 수 있습니다".to_owned()
        }
        Warning::OriginalOrderUnknown => {
            "시작 전의 레플리카 순서를 알 수 없어, 취소하면 선호 리더가 바뀔 수 있습니다".to_owned()
        }
        Warning::HeldForWrites { partitions } => format!(
            "파티션 {partitions}개: 지금 되돌리면 동기화된 레플리카가 min.insync.replicas보다 적어지므로 충분해질 때까지 기다립니다. 한 번 더 취소하면 기다리지 않습니다"
        ),
        Warning::WritesStop { partitions } => format!(
            "파티션 {partitions}개: 동기화된 레플리카가 min.insync.replicas보다 적어져 acks=all 쓰기가 실패합니다"
        ),
        Warning::OriginalsDown { partitions, brokers } => {
            let ids: Vec<String> = brokers.iter().map(ToString::to_string).collect();
            format!(
                "파티션 {partitions}개: 응답하지 않는 브로커({})로 돌아가야 하므로 복구될 때까지 기다립니다. 도중에 취소하면 대기 중인 파티션은 지금 위치에 남습니다",
                ids.join(", ")
            )
        }
        Warning::Unverified { message } => format!("일부는 확인하지 못했습니다: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::TopicName;

    #[test]
    fn sentences_begin_with_a_capital_and_names_stay() {
        assert_eq!((EN.reason)(&Reason::NothingToDo), "Everything is already so");
        assert_eq!((EN.warning)(&Warning::AutoCreated).split(' ').next(), Some("auto.create.topics.enable"));
        let topic = TopicName::from_broker("orders");
        let told = (EN.warning)(&Warning::KeysMapElsewhere { topic });
        assert!(told.starts_with("orders: "), "{told}");
    }
}
