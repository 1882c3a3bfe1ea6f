//! Why a move is where it is, what happened to a job, what holds it up. English is what the model says; Korean stands here.

use super::Text;
use super::objection::capital;
use super::title::title_words;
use model::job::why::{Gone, InSync};
use model::job::{Mishap, Stall, ThrottleResource, Why};
use model::{BrokerId, format};

pub struct WhyText {
    /// A clause after the partition it is about, or in its row.
    pub why: fn(&Why) -> String,
    /// A sentence.
    pub mishap: fn(&Mishap) -> String,
}

pub const EN: WhyText = WhyText { why: ToString::to_string, mishap: ToString::to_string };

pub const KO: WhyText = WhyText { why: why_ko, mishap: mishap_ko };

/// Why a job does not get on: each reason once, after the partitions it holds for.
pub fn stalls(text: &Text, all: &[Stall]) -> Vec<String> {
    /// Partitions named with a reason.
    const NAMED: usize = 3;
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for stall in all {
        let (partition, why) = match stall {
            Stall::Move { topic, partition, why } => (Some(format!("{topic}-{partition}")), (text.why.why)(why)),
            Stall::Until { title } => (None, (text.job.until)(&title_words(text, title))),
            Stall::Unanswered { message } => (None, (text.job.unanswered)(message.trim_end_matches('.'))),
            Stall::Unstored { message } => (None, (text.job.unstored)(message)),
            Stall::Told(sentence) => (None, sentence.clone()),
        };
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, partitions)) => partitions.extend(partition),
            None => reasons.push((why, partition.into_iter().collect())),
        }
    }
    let told = |(why, partitions): (String, Vec<String>)| match partitions.get(..NAMED) {
        _ if partitions.is_empty() => capital(&why),
        Some(named) if partitions.len() > NAMED => {
            let rest = (text.job.and_others)((partitions.len() - NAMED) as u64);
            format!("{} {rest}: {why}", named.join(", "))
        }
        _ => format!("{}: {why}", partitions.join(", ")),
    };
    reasons.into_iter().map(told).collect()
}

fn why_ko(why: &Why) -> String {
    match why {
        Why::Turn => "차례를 기다리는 중".to_owned(),
        Why::Receiving { broker } => format!("차례를 기다리는 중: 브로커 {broker}에서 다른 복사본을 받고 있음"),
        Why::Sending { broker } => format!("차례를 기다리는 중: 브로커 {broker}에서 다른 복사본을 보내고 있음"),
        Why::Tight { broker } => {
            format!("차례를 기다리는 중: 동기화된 레플리카에 여유가 없는 다른 파티션이 브로커 {broker}에서 이동 중")
        }
        Why::Throttle => "스로틀이 설정되기를 기다리는 중".to_owned(),
        Why::Behind { partitions } => {
            let partitions = format::count(i64::from(*partitions));
            format!("기다리는 중: 시작한 뒤로 이 작업과 무관한 파티션 {partitions}개의 동기화가 늦어짐")
        }
        Why::DiskRoom { broker } => format!("디스크 여유 공간을 기다리는 중: 브로커 {broker}"),
        Why::BrokerDown { broker } => format!("내려간 브로커를 기다리는 중: 브로커 {broker}"),
        Why::SomeBrokerDown => "내려간 브로커를 기다리는 중".to_owned(),
        Why::NoLeader => "리더가 선출되기를 기다리는 중: 현재 리더 없음".to_owned(),
        Why::Lagging { broker } => format!("레플리카 동기화를 기다리는 중: 브로커 {broker}"),
        Why::CopiedLagging { broker } => format!("복사 완료, 레플리카 동기화를 기다리는 중: 브로커 {broker}"),
        Why::LaggingBeforeOthersGo { broker } => {
            format!("나머지를 제거하기 전에 레플리카 동기화를 기다리는 중: 브로커 {broker}")
        }
        Why::TooFewInSync { in_sync, min_insync_replicas } => {
            format!("동기화된 레플리카 {in_sync}개, 토픽의 min.insync.replicas {min_insync_replicas}")
        }
        Why::OnlyLeaderInSync => "리더만 동기화되어 있음".to_owned(),
        Why::Unreachable => "컨트롤러에 연결할 수 없음".to_owned(),
        Why::Refused { code, name, message } => {
            let name = name.clone().unwrap_or_else(|| format!("오류 {code}"));
            format!("거부됨: {name} {message}").trim_end().to_owned()
        }
        Why::RefusedAgain => "이유 없이 계속 거부됨".to_owned(),
        Why::ReceiverDown { broker, held } => {
            let down = format!("레플리카를 받을 브로커가 내려감: 브로커 {broker}");
            held.map_or(down.clone(), |held| format!("{down}. {}", held_ko(held)))
        }
        Why::KeeperDown { broker } => format!("레플리카를 유지할 브로커가 내려감: 브로커 {broker}"),
        Why::NoLeaderToCopy => "리더가 없어 복사할 수 없음".to_owned(),
        Why::NothingCopied { minutes, full: Some(broker) } => {
            format!("{minutes}분 동안 복사가 진행되지 않음: 브로커 {broker}의 디스크가 가득 참")
        }
        Why::NothingCopied { minutes, full: None } => {
            format!("{minutes}분 동안 복사가 진행되지 않음: 스로틀이 이 파티션의 쓰기 속도보다 낮은지 확인하세요")
        }
        Why::Held(held) => held_ko(*held),
        Why::OnlyNewInSync => "아직 되돌릴 수 없음: 새 레플리카만 동기화되어 있음".to_owned(),
        Why::NotBegun => "시작하지 않음".to_owned(),
        Why::LeftOut => "요청에 따라 제외됨".to_owned(),
        Why::LeftOutGoingBack => "요청에 따라 제외됨: 먼저 원래 위치로 돌아감".to_owned(),
        Why::StaysMoved => "취소됨: 되돌리지 않고 옮긴 곳에 남음".to_owned(),
        Why::StaysBetween => "취소됨: 현재 위치에 남음".to_owned(),
        Why::StaysOnItsWay => "이동 중인 채로 남음: 새 레플리카만 동기화되어 있음".to_owned(),
        Why::StaysMixed => "취소됨: 이전과 이후의 레플리카가 모두 남음".to_owned(),
        Why::GivenUp { broker: Some(broker) } => {
            format!("오래 내려가 있는 브로커가 있어 원래대로 되돌림: 브로커 {broker}")
        }
        Why::GivenUp { broker: None } => "오래 내려가 있는 브로커가 있어 원래대로 되돌림".to_owned(),
        Why::Stuck => "외부에서 시작한 이동과 겹쳐 끝나지 않으므로 원래대로 되돌림".to_owned(),
        Why::TakenBackByOthers => "외부에서 원래대로 되돌림".to_owned(),
        Why::MovedByOthers { to, is_moving, is_unbegun } => {
            let before = if *is_unbegun { "계획할 때의 위치가 아님. " } else { "" };
            let verb = if *is_moving { "외부에서 옮기는 중" } else { "외부에서 옮김" };
            format!("{before}{verb}: [{}]", list(to))
        }
        Why::MovedAgainByOthers => "완료 후 외부에서 다시 옮김".to_owned(),
        Why::Gone(gone) => gone_ko(*gone).to_owned(),
        Why::GoneSince(gone) => format!("완료, 이후 {}", gone_ko(*gone)),
        Why::CompleteButDown { broker } => format!("완료, 단 브로커 {broker} 내려가 있음"),
        Why::CompleteButLagging { broker } => format!("완료, 단 브로커 {broker}의 레플리카는 동기화되지 않음"),
        Why::Told(clause) => clause.clone(),
    }
}

fn held_ko(InSync { left, min_insync_replicas }: InSync) -> String {
    format!(
        "아직 되돌리지 않음: 되돌리면 동기화된 레플리카 {left}개만 남고 토픽의 min.insync.replicas는 {min_insync_replicas}"
    )
}

fn gone_ko(gone: Gone) -> &'static str {
    match gone {
        Gone::TopicDeleted => "토픽이 삭제됨",
        Gone::TopicReplaced => "토픽이 삭제되고 같은 이름으로 다시 생성됨",
        Gone::NoPartition => "파티션이 더 이상 없음",
    }
}

fn list(brokers: &[BrokerId]) -> String {
    brokers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn mishap_ko(mishap: &Mishap) -> String {
    match mishap {
        Mishap::Forbidden { permission } => format!("권한이 없습니다: {permission}"),
        Mishap::ForbiddenMoves => "클러스터 ALTER 권한이 없어 옮기거나 되돌릴 수 없습니다.".to_owned(),
        Mishap::ForbiddenElections => "클러스터 ALTER 권한이 없어 리더를 선출할 수 없습니다.".to_owned(),
        Mishap::ForbiddenConfigs { topic: None } => "클러스터 ALTER_CONFIGS 권한이 없습니다.".to_owned(),
        Mishap::ForbiddenConfigs { topic: Some(topic) } => format!("토픽 ALTER_CONFIGS 권한이 없습니다: {topic}"),
        Mishap::ConfigRefused { key, code, message } => {
            format!("설정이 거부되었습니다: {key}, 오류 {code} {message}").trim_end().to_owned()
        }
        Mishap::Adopted => "진행 중에 넘겨받아, 원래 레플리카의 순서와 이전 선호 리더를 알 수 없습니다.".to_owned(),
        Mishap::Paused => "Steward가 재시작되어 일시 중지했습니다.".to_owned(),
        Mishap::ThrottleLater { broker, key } => {
            format!("브로커 {broker} 응답 없음: 복구되면 제거할 설정 {key}")
        }
        Mishap::ThrottleFull { resource, key } => format!(
            "{}: 다른 사용자가 설정한 {key} 항목이 있어 Steward의 항목을 모두 넣을 수 없습니다.",
            resource_ko(resource)
        ),
        Mishap::ThrottleChanged { resource, key } => {
            format!("{}: 다른 사용자가 {key} 값을 바꾸어 그대로 두었습니다.", resource_ko(resource))
        }
        Mishap::ThrottleFound { resource, key, value } => {
            format!("{}: 다른 사용자가 설정한 {key}={value} 값을 그대로 두었습니다.", resource_ko(resource))
        }
        Mishap::NotLed { topic, partition, broker, could } => {
            let why =
                if *could { "선출되지 않았습니다" } else { "내려갔거나 동기화되지 않았습니다" };
            format!("{topic}-{partition}: 선호 리더(브로커 {broker})가 {why}.")
        }
        Mishap::NotLookedAt { topic, partition } => {
            format!("{topic}-{partition}: 마지막 상태를 확인하지 못했습니다.")
        }
        Mishap::MovedAgain { topic, partition } => format!("{topic}-{partition}: 외부에서 다시 옮겼습니다."),
        Mishap::Lagging { topic, partition, broker } => {
            format!("{topic}-{partition}: 완료되었으나 브로커 {broker}의 레플리카가 동기화되지 않았습니다.")
        }
        Mishap::Told(sentence) => sentence.clone(),
    }
}

fn resource_ko(resource: &ThrottleResource) -> String {
    match resource {
        ThrottleResource::Broker(id) => format!("브로커 {id}"),
        ThrottleResource::Topic(name) => format!("토픽 {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;
    use model::TopicName;

    #[test]
    fn a_reason_is_told_once_for_all_it_holds_for() {
        let waits = |topic: &str, partition: i32, why: Why| Stall::Move {
            topic: TopicName::from_broker(topic),
            partition,
            why,
        };
        let down = || Why::BrokerDown { broker: BrokerId(2) };
        let all = [
            waits("a", 0, down()),
            waits("b", 0, Why::DiskRoom { broker: BrokerId(3) }),
            waits("a", 1, down()),
            Stall::Until { title: "Empty broker 4".to_owned() },
            waits("c", 0, down()),
            waits("c", 1, down()),
            Stall::Told("as it was stored".to_owned()),
        ];
        assert_eq!(
            stalls(Lang::En.text(), &all),
            [
                "a-0, a-1, c-0 and 1 more: waits for broker 2, which is down",
                "b-0: waits for room on the disks of broker 3",
                "It waits until \u{201c}Empty broker 4\u{201d} is over.",
                "As it was stored",
            ]
        );
        let korean = stalls(Lang::Ko.text(), &all);
        assert_eq!(
            korean.first().map(String::as_str),
            Some("a-0, a-1, c-0 외 1개: 내려간 브로커를 기다리는 중: 브로커 2")
        );
        assert!(!korean.concat().contains("Empty"), "{korean:?}");
    }
}
