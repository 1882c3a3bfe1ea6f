//! Changes that are about reassignments and the clock, each in one sentence.

use super::{Count, grouped, plural};
use model::job::Control;

pub struct MovesText {
    /// Its title, partitions.
    pub reassign: fn(&str, u64) -> String,
    pub control: fn(&Control) -> String,
    pub adopt: Count,
    pub cancel: Count,
    pub clear: Count,
    /// Minutes; `None` for never again.
    pub schedule: fn(Option<u32>) -> String,
    pub to_reassignments: &'static str,
}

pub const EN: MovesText = MovesText {
    reassign: |title, n| {
        let what = format!("Reassigns {}", plural(n, "partition", "partitions"));
        if title.is_empty() { what } else { format!("{what}: {title}") }
    },
    control: |control| match control {
        Control::Pause => "Pauses the reassignment".to_owned(),
        Control::Resume => "Resumes the reassignment".to_owned(),
        Control::Cancel => "Cancels the reassignment: what is under way is taken back".to_owned(),
        Control::Rollback => "Rolls the reassignment back: what was moved is moved back".to_owned(),
        Control::Pace(_) => "Changes the pace of the reassignment".to_owned(),
        Control::Skip { topic, partition } => format!("Leaves {topic}-{partition} out of the reassignment"),
        Control::Retry { topic, partition } => format!("Tries {topic}-{partition} again"),
    },
    adopt: |n| format!("Takes {} on the move in hand", plural(n, "partition", "partitions")),
    cancel: |n| format!("Cancels the reassignment of {}", plural(n, "partition", "partitions")),
    clear: |n| format!("Removes {}", plural(n, "leftover throttle", "leftover throttles")),
    schedule: |minutes| match minutes {
        Some(minutes) => format!("Elects preferred leaders every {}", plural(minutes.into(), "minute", "minutes")),
        None => "Elects preferred leaders by the clock no more".to_owned(),
    },
    to_reassignments: "To the reassignments",
};

pub const KO: MovesText = MovesText {
    reassign: |title, n| {
        let what = format!("재할당: 파티션 {}개", grouped(n));
        if title.is_empty() { what } else { format!("{what}, {title}") }
    },
    control: |control| match control {
        Control::Pause => "재할당 일시 중지".to_owned(),
        Control::Resume => "재할당 다시 시작".to_owned(),
        Control::Cancel => "재할당 취소: 진행 중인 이동을 원래대로 되돌립니다".to_owned(),
        Control::Rollback => "재할당 되돌리기: 이미 옮긴 레플리카도 다시 옮깁니다".to_owned(),
        Control::Pace(_) => "재할당 속도 변경".to_owned(),
        Control::Skip { topic, partition } => format!("재할당에서 제외: {topic}-{partition}"),
        Control::Retry { topic, partition } => format!("다시 시도: {topic}-{partition}"),
    },
    adopt: |n| format!("진행 중인 재할당 넘겨받기: 파티션 {}개", grouped(n)),
    cancel: |n| format!("재할당 취소: 파티션 {}개", grouped(n)),
    clear: |n| format!("남아 있는 복제 속도 제한 제거: {}개", grouped(n)),
    schedule: |minutes| match minutes {
        Some(minutes) => format!("선호 리더 자동 선출: {}분마다", grouped(minutes.into())),
        None => "선호 리더 자동 선출 중지".to_owned(),
    },
    to_reassignments: "재할당 목록으로",
};
