//! Why a move is where it is, what happened to a job, what holds it up. English is what the model says; Korean stands here.

use super::objection::capital;
use super::title::title_words;
use super::{Say, Text};
use model::job::why::{Gone, InSync};
use model::job::{Mishap, Stall, ThrottleResource, Why};
use model::{BrokerId, format};

pub struct WhyText {
    /// A clause after the partition it is about, or in its row.
    pub why: fn(&Why) -> String,
    /// What Steward does about it, or what somebody could; `None` if it passes by itself.
    pub then: fn(&Why) -> Option<Say>,
    /// A sentence.
    pub mishap: fn(&Mishap) -> String,
}

pub const EN: WhyText = WhyText { why: ToString::to_string, then: then_en, mishap: ToString::to_string };

pub const KO: WhyText = WhyText { why: why_ko, then: then_ko, mishap: mishap_ko };

/// Why a job does not get on: each reason once, after the partitions it holds for, and what can be done about it.
pub fn stalls(text: &Text, all: &[Stall]) -> Vec<(String, Option<Say>)> {
    /// Partitions named with a reason.
    const NAMED: usize = 3;
    let mut reasons: Vec<(String, Vec<String>, Option<Say>)> = Vec::new();
    for stall in all {
        let (partition, why, then) = match stall {
            Stall::Move { topic, partition, why } => {
                (Some(format!("{topic}-{partition}")), (text.why.why)(why), (text.why.then)(why))
            }
            Stall::Until { title } => (None, (text.job.until)(&title_words(text, title)), None),
            Stall::Unanswered { message } => (None, (text.job.unanswered)(message.trim_end_matches('.')), None),
            Stall::Unstored { message } => (None, (text.job.unstored)(message), None),
            Stall::Told(sentence) => (None, sentence.clone(), None),
        };
        match reasons.iter_mut().find(|(known, ..)| *known == why) {
            Some((_, partitions, _)) => partitions.extend(partition),
            None => reasons.push((why, partition.into_iter().collect(), then)),
        }
    }
    let told = |(why, partitions, then): (String, Vec<String>, Option<Say>)| {
        let words = match partitions.get(..NAMED) {
            _ if partitions.is_empty() => capital(&why),
            Some(named) if partitions.len() > NAMED => {
                let rest = (text.job.and_others)((partitions.len() - NAMED) as u64);
                format!("{} {rest}: {why}", named.join(", "))
            }
            _ => format!("{}: {why}", partitions.join(", ")),
        };
        (words, then)
    };
    reasons.into_iter().map(told).collect()
}

/// What is to be done, by what stands in the way.
enum Remedy {
    BringBackOrGiveUp,
    BringBack,
    Leader,
    Disk,
    DiskUnderWay,
    Rate,
    InSync,
    Others,
    Controller,
}

fn remedy(why: &Why) -> Option<Remedy> {
    Some(match why {
        Why::ReceiverDown { held: None, .. } => Remedy::BringBackOrGiveUp,
        Why::ReceiverDown { .. } | Why::KeeperDown { .. } | Why::BrokerDown { .. } | Why::SomeBrokerDown => {
            Remedy::BringBack
        }
        Why::NoLeader | Why::NoLeaderToCopy => Remedy::Leader,
        Why::DiskRoom { .. } => Remedy::Disk,
        Why::DiskFilling { .. } | Why::NothingCopied { full: Some(_), .. } => Remedy::DiskUnderWay,
        Why::NothingCopied { full: None, .. } => Remedy::Rate,
        Why::Lagging { .. }
        | Why::CopiedLagging { .. }
        | Why::TakenBackLagging { .. }
        | Why::LaggingBeforeOthersGo { .. }
        | Why::TooFewInSync { .. }
        | Why::OnlyLeaderInSync
        | Why::OnlyNewInSync
        | Why::Held(_) => Remedy::InSync,
        Why::Behind { .. } => Remedy::Others,
        Why::Unreachable => Remedy::Controller,
        _ => return None,
    })
}

fn then_en(why: &Why) -> Option<Say> {
    Some(match remedy(why)? {
        Remedy::BringBackOrGiveUp => {
            "Start the broker again, and copying goes on. If it stays down for five minutes, Steward takes the partition back as it was."
        }
        Remedy::BringBack => {
            "It goes on by itself once the broker is up. If that will not be soon, leave the partition out or cancel."
        }
        Remedy::Leader => "Start a broker that holds an in-sync replica; then it goes on by itself.",
        Remedy::Disk => "Free disk space on that broker, or leave the partition out.",
        Remedy::DiskUnderWay => {
            "Free disk space on that broker, or leave the partition out or cancel: what was copied so far is deleted then."
        }
        Remedy::Rate => "Change the pace: a higher rate takes effect at once.",
        Remedy::InSync => "It goes on by itself once the replicas have caught up; look at the brokers that lag.",
        Remedy::Others => "It goes on by itself once those have caught up; meanwhile one partition at a time begins.",
        Remedy::Controller => "It is tried again by itself.",
    })
}

fn then_ko(why: &Why) -> Option<Say> {
    Some(match remedy(why)? {
        Remedy::BringBackOrGiveUp => {
            "브로커를 다시 시작하면 복사를 이어갑니다. 5분 동안 복구되지 않으면 Steward가 파티션을 원래대로 되돌립니다."
        }
        Remedy::BringBack => "브로커가 복구되면 저절로 이어집니다. 오래 걸린다면 파티션을 제외하거나 취소하세요.",
        Remedy::Leader => "동기화된 레플리카를 가진 브로커를 시작하면 저절로 이어집니다.",
        Remedy::Disk => "해당 브로커의 디스크 공간을 확보하거나 파티션을 제외하세요.",
        Remedy::DiskUnderWay => {
            "해당 브로커의 디스크 공간을 확보하거나, 파티션을 제외하거나, 취소하세요. 제외하거나 취소하면 지금까지 복사한 데이터는 삭제됩니다."
        }
        Remedy::Rate => "속도를 변경하세요. 높인 값은 바로 적용됩니다.",
        Remedy::InSync => "레플리카가 따라잡으면 저절로 이어집니다. 뒤처진 브로커를 확인하세요.",
        Remedy::Others => "해당 파티션이 따라잡으면 저절로 이어집니다. 그동안 한 번에 하나씩만 시작합니다.",
        Remedy::Controller => "저절로 다시 시도합니다.",
    })
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
        Why::TakenBackLagging { broker } => format!("되돌림 완료, 레플리카 동기화를 기다리는 중: 브로커 {broker}"),
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
        Why::DiskFilling { broker } => format!("레플리카를 받는 브로커 {broker}의 디스크가 거의 가득 참"),
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
        Mishap::Down { topic, partition, broker } => {
            format!("{topic}-{partition}: 완료되었으나 브로커 {broker}이(가) 내려가 있습니다.")
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
        let words = |text| stalls(text, &all).into_iter().map(|(words, _)| words).collect::<Vec<_>>();
        assert_eq!(
            words(Lang::En.text()),
            [
                "a-0, a-1, c-0 and 1 more: waits for broker 2, which is down",
                "b-0: waits for room on the disks of broker 3",
                "It waits until \u{201c}Empty broker 4\u{201d} is over.",
                "As it was stored",
            ]
        );
        let korean = words(Lang::Ko.text());
        assert_eq!(
            korean.first().map(String::as_str),
            Some("a-0, a-1, c-0 외 1개: 내려간 브로커를 기다리는 중: 브로커 2")
        );
        assert!(!korean.concat().contains("Empty"), "{korean:?}");
    }
}
