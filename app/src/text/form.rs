//! The forms in which changes are prepared.

pub mod creating;
pub mod deleting;
pub mod electing;
pub mod placing;

use super::{Count, Say, Say1, grouped, plural};
use model::change::config_rule::Hint;
use model::format;

pub struct FormText {
    pub review: Say,
    pub check: Say,
    pub cancel: Say,
    pub add: Say,
    pub add_one: Say1,
    pub remove_one: Say1,
    pub preview: Say,
    pub no_preview_hint: Say,
    pub fine_hint: Say,
    pub at_fields: Say,
    pub about: Say,
    pub problems: Count,
    pub not_allowed: Say,
    /// A new topic.
    pub creating: creating::CreatingText,

    pub settings: Say,
    pub settings_hint: Say,
    pub settings_none: Say,
    pub settings_more: Say,
    pub settings_search: Say,
    pub settings_found: Count,
    pub settings_no_match: Say,
    pub inherited: Say1,
    pub current: Say1,
    pub differs: Say,
    pub set_here: Say,
    pub reset: Say1,
    pub reset_unknown: Say,
    pub read_only_hint: Say,
    pub sensitive_hint: Say,
    /// What a value must look like, where the field does not show it.
    pub expects: fn(&Hint) -> Option<String>,
    /// Where new replicas go.
    pub placing: placing::PlacingText,

    pub grow_title: Say,
    pub grow_which: Say,
    pub total: Say,
    /// The largest number now.
    pub total_hint: Say1,
    pub now: Say,
    pub then: Say,
    pub groups: Say,
    pub cleanup: Say,
    pub add_topic: Say,
    pub add_topic_hint: Say,

    pub configs_title: Say,
    pub configs_broker_title: Say1,
    pub configs_default_title: Say,
    pub configs_default_hint: Say,
    pub scope: Say,
    pub scope_default: Say,
    pub changes: Say,
    pub no_changes_hint: Say,
    /// Deleting records.
    pub deleting: deleting::DeletingText,
    /// Electing leaders.
    pub electing: electing::ElectingText,
}

/// A name and what it is for.
pub type Say2Const = (Say, Say);

pub const EN: FormText = FormText {
    review: "Review",
    check: "Check",
    cancel: "Cancel",
    add: "Set",
    add_one: |key| format!("Set {key}"),
    remove_one: |key| format!("Leave {key} out"),
    preview: "What will happen",
    no_preview_hint: "What the form asks for appears here as it is filled in.",
    fine_hint: "Ready for review: the brokers check it once more before anything is changed.",
    at_fields: "The fields tell what.",
    about: "What it does",
    problems: |n| plural(n, "thing to correct", "things to correct"),
    not_allowed: "You can prepare this change, not apply it",
    creating: creating::EN,

    settings: "Settings",
    settings_hint: "What is not set follows the brokers",
    settings_none: "Nothing is set: the topic follows the brokers in everything.",
    settings_more: "All other settings",
    settings_search: "Find a setting by name or meaning",
    settings_found: |n| plural(n, "setting", "settings"),
    settings_no_match: "No setting matches",
    inherited: |value| format!("default {value}"),
    current: |value| format!("now {value}"),
    differs: "differs among them",
    set_here: "set here",
    reset: |value| format!("reset to {value}"),
    reset_unknown: "reset to what is inherited",
    read_only_hint: "Only in the broker's properties file, with a restart",
    sensitive_hint: "Steward never carries passwords; use Kafka's own tool",
    expects: |hint| match hint {
        Hint::Whole { least, .. } if *least <= i32::MIN.into() => Some("a whole number".to_owned()),
        Hint::Whole { least, most } if *most >= i32::MAX.into() => {
            Some(format!("a whole number from {}", format::count(*least)))
        }
        Hint::Whole { least, most } => {
            Some(format!("a whole number, {} to {}", format::count(*least), format::count(*most)))
        }
        Hint::Number { least: Some(least), most: Some(most) } => Some(format!("a number, {least} to {most}")),
        Hint::Number { .. } => Some("a number".to_owned()),
        Hint::List => Some("a list separated by commas".to_owned()),
        _ => None,
    },
    placing: placing::EN,

    grow_title: "Add partitions",
    grow_which: "Topics",
    total: "Partitions afterwards",
    total_hint: |now| {
        format!(
            "At most {now} now. Twice as many move half of the keys to other partitions, any other number moves more."
        )
    },
    now: "Now",
    then: "After",
    groups: "Groups",
    cleanup: "Clean-up",
    add_topic: "Another topic",
    add_topic_hint: "Name of a topic",

    configs_title: "Edit topic configs",
    configs_broker_title: |id| format!("Edit configs of broker {id}"),
    configs_default_title: "Edit configs of all brokers",
    configs_default_hint: "The dynamic default of the cluster: brokers with a value of their own keep that.",
    scope: "Applies to",
    scope_default: "All brokers",
    changes: "Changes",
    no_changes_hint: "Choose a setting and give it another value, or reset it.",
    deleting: deleting::EN,
    electing: electing::EN,
};

pub const KO: FormText = FormText {
    review: "검토",
    check: "검사",
    cancel: "취소",
    add: "설정",
    add_one: |key| format!("설정: {key}"),
    remove_one: |key| format!("제외: {key}"),
    preview: "예상 결과",
    no_preview_hint: "입력하는 대로 결과가 여기에 표시됩니다.",
    fine_hint: "검토할 수 있습니다. 실제로 바꾸기 전에 브로커가 한 번 더 확인합니다.",
    at_fields: "해당 입력란에 이유가 표시됩니다.",
    about: "설명 보기",
    problems: |n| format!("고칠 항목 {}개", grouped(n)),
    not_allowed: "변경을 준비할 수는 있지만 적용할 권한은 없습니다",
    creating: creating::KO,

    settings: "설정",
    settings_hint: "지정하지 않은 값은 브로커 설정을 따릅니다",
    settings_none: "지정한 값이 없습니다. 모두 브로커 설정을 따릅니다.",
    settings_more: "다른 모든 설정",
    settings_search: "이름이나 설명으로 설정 찾기",
    settings_found: |n| format!("설정 {}개", grouped(n)),
    settings_no_match: "일치하는 설정이 없습니다",
    inherited: |value| format!("기본값 {value}"),
    current: |value| format!("현재 {value}"),
    differs: "서로 다름",
    set_here: "직접 설정됨",
    reset: |value| format!("초기화: {value}"),
    reset_unknown: "상속 값으로 초기화",
    read_only_hint: "브로커 설정 파일에서만 바꿀 수 있고 재시작이 필요합니다",
    sensitive_hint: "Steward는 비밀번호를 다루지 않습니다. Kafka 도구를 사용하세요",
    expects: |hint| match hint {
        Hint::Whole { least, .. } if *least <= i32::MIN.into() => Some("정수".to_owned()),
        Hint::Whole { least, most } if *most >= i32::MAX.into() => {
            Some(format!("{} 이상의 정수", format::count(*least)))
        }
        Hint::Whole { least, most } => Some(format!("{}~{} 사이의 정수", format::count(*least), format::count(*most))),
        Hint::Number { least: Some(least), most: Some(most) } => Some(format!("{least}~{most} 사이의 숫자")),
        Hint::Number { .. } => Some("숫자".to_owned()),
        Hint::List => Some("쉼표로 구분한 목록".to_owned()),
        _ => None,
    },
    placing: placing::KO,

    grow_title: "파티션 추가",
    grow_which: "토픽",
    total: "추가 후 파티션 수",
    total_hint: |now| {
        format!(
            "현재 최대 {now}개. 두 배로 늘리면 키의 절반이 다른 파티션으로 옮겨 가고, 그 밖의 수는 더 많이 옮겨 갑니다."
        )
    },
    now: "현재",
    then: "변경 후",
    groups: "그룹",
    cleanup: "정리 정책",
    add_topic: "다른 토픽 추가",
    add_topic_hint: "토픽 이름",

    configs_title: "토픽 설정 변경",
    configs_broker_title: |id| format!("브로커 {id} 설정 변경"),
    configs_default_title: "전체 브로커 설정 변경",
    configs_default_hint: "클러스터의 동적 기본값입니다. 개별 값이 있는 브로커는 그 값을 유지합니다.",
    scope: "적용 대상",
    scope_default: "전체 브로커",
    changes: "변경 내용",
    no_changes_hint: "설정을 골라 다른 값을 입력하거나 초기화하세요.",
    deleting: deleting::KO,
    electing: electing::KO,
};
