//! Throwing a draft away.

use super::{Count, Say, Say1, Say2, grouped, plural};

pub struct DiscardText {
    pub button: Say,
    /// The draft's title.
    pub button_of: Say1,
    /// The draft's title.
    pub ask: Say1,
    /// Who, when.
    pub saved: Say2,
    /// What the plan does.
    pub plan: Say1,
    pub by_hand: Count,
    /// A scope in a few words.
    pub scope: Say1,
    /// A rate.
    pub pace: Say1,
    pub for_good: Say,
    pub confirm: Say,
    pub keep: Say,
    /// The draft's title.
    pub done: Say1,
}

pub const EN: DiscardText = DiscardText {
    button: "Throw away",
    button_of: |what| format!("Throw away: {what}"),
    ask: |what| format!("Throw away the draft \u{201c}{what}\u{201d}?"),
    saved: |who, when| format!("Saved by {who}, {when}"),
    plan: |what| format!("Its plan: {what}; can be found again"),
    by_hand: |n| {
        format!("{} by hand; would have to be typed again", plural(n, "partition placed", "partitions placed"))
    },
    scope: |scope| format!("Its scope: {scope}"),
    pace: |rate| format!("Its pace: {rate}"),
    for_good: "Nothing in the cluster changes, and no reassignment under way is touched. A draft that is thrown away cannot be brought back.",
    confirm: "Throw away for good",
    keep: "Keep it",
    done: |what| format!("The draft \u{201c}{what}\u{201d} is thrown away."),
};

pub const KO: DiscardText = DiscardText {
    button: "버리기",
    button_of: |what| format!("버리기: {what}"),
    ask: |what| format!("초안을 버릴까요? {what}"),
    saved: |who, when| format!("{when} 저장, 작성자 {who}"),
    plan: |what| format!("계획: {what} (다시 찾을 수 있음)"),
    by_hand: |n| format!("직접 지정한 배치 {}개 (다시 입력해야 함)", grouped(n)),
    scope: |scope| format!("범위: {scope}"),
    pace: |rate| format!("속도: {rate}"),
    for_good: "클러스터는 바뀌지 않으며 진행 중인 재할당에도 영향이 없습니다. 버린 초안은 되살릴 수 없습니다.",
    confirm: "영구히 버리기",
    keep: "그대로 두기",
    done: |what| format!("초안을 버렸습니다: {what}"),
};
