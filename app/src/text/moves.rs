//! Changes that are about reassignments and the clock, each in one sentence.

use super::{Count, Say, Say1, grouped, plural};
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
    pub to_reassignments: Say,
    /// As a heading and on the button that confirms it.
    pub control_title: fn(&Control) -> Say,
    pub outlook: Say,
    pub goes_on: Count,
    pub is_held: Count,
    pub begins: Count,
    pub is_taken_back: Count,
    pub is_dropped: Count,
    pub stays: Count,
    pub is_moved_back: Count,
    pub is_tried_again: Count,
    pub is_untouched: Count,
    pub copies_back: Say1,
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
        Control::RetryFailed => "Tries again what failed of the reassignment".to_owned(),
    },
    adopt: |n| format!("Takes over {} on the move", plural(n, "partition", "partitions")),
    cancel: |n| format!("Cancels the reassignment of {}", plural(n, "partition", "partitions")),
    clear: |n| format!("Removes {}", plural(n, "leftover throttle", "leftover throttles")),
    schedule: |minutes| match minutes {
        Some(minutes) => format!("Elects preferred leaders every {}", plural(minutes.into(), "minute", "minutes")),
        None => "Elects preferred leaders by the clock no more".to_owned(),
    },
    to_reassignments: "To the reassignments",
    control_title: |control| match control {
        Control::Pause => "Pause the reassignment",
        Control::Resume => "Resume the reassignment",
        Control::Cancel => "Cancel the reassignment",
        Control::Rollback => "Roll the reassignment back",
        Control::Pace(_) => "Change the pace",
        Control::Skip { .. } => "Leave the partition out",
        Control::Retry { .. } => "Try the partition again",
        Control::RetryFailed => "Try again what failed",
    },
    outlook: "What will happen",
    goes_on: |n| {
        plural(n, "partition on the move is copied to the end", "partitions on the move are copied to the end")
    },
    is_held: |n| {
        plural(
            n,
            "partition that waits is not begun until somebody resumes",
            "partitions that wait are not begun until somebody resumes",
        )
    },
    begins: |n| plural(n, "partition that waits begins", "partitions that wait begin one after another"),
    is_taken_back: |n| {
        plural(
            n,
            "partition on the move is put back as it was; what was copied is thrown away",
            "partitions on the move are put back as they were; what was copied is thrown away",
        )
    },
    is_dropped: |n| {
        plural(
            n,
            "partition that waits is never begun; nothing changes for it",
            "partitions that wait are never begun; nothing changes for them",
        )
    },
    stays: |n| {
        plural(
            n,
            "partition that has moved stays where it is now; only rolling back moves it back",
            "partitions that have moved stay where they are now; only rolling back moves them back",
        )
    },
    is_moved_back: |n| {
        plural(
            n,
            "partition that has moved is moved back to where it was",
            "partitions that have moved are moved back to where they were",
        )
    },
    is_tried_again: |n| plural(n, "partition that failed is tried again", "partitions that failed are tried again"),
    is_untouched: |n| {
        plural(n, "partition that has moved stays where it is", "partitions that have moved stay where they are")
    },
    copies_back: |bytes| format!("{bytes} are copied for that, at the same pace"),
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
        Control::RetryFailed => "재할당에서 실패한 파티션 다시 시도".to_owned(),
    },
    adopt: |n| format!("진행 중인 재할당 넘겨받기: 파티션 {}개", grouped(n)),
    cancel: |n| format!("재할당 취소: 파티션 {}개", grouped(n)),
    clear: |n| format!("남아 있는 복제 속도 제한 제거: {}개", grouped(n)),
    schedule: |minutes| match minutes {
        Some(minutes) => format!("선호 리더 자동 선출: {}분마다", grouped(minutes.into())),
        None => "선호 리더 자동 선출 중지".to_owned(),
    },
    to_reassignments: "재할당 목록으로",
    control_title: |control| match control {
        Control::Pause => "재할당 일시 중지",
        Control::Resume => "재할당 다시 시작",
        Control::Cancel => "재할당 취소",
        Control::Rollback => "재할당 되돌리기",
        Control::Pace(_) => "속도 변경",
        Control::Skip { .. } => "파티션 제외",
        Control::Retry { .. } => "파티션 다시 시도",
        Control::RetryFailed => "실패한 파티션 다시 시도",
    },
    outlook: "앞으로 일어날 일",
    goes_on: |n| format!("지금 이동 중인 파티션 {}개: 복사를 끝까지 진행합니다", grouped(n)),
    is_held: |n| format!("대기 중인 파티션 {}개: 다시 시작할 때까지 시작하지 않습니다", grouped(n)),
    begins: |n| format!("대기 중인 파티션 {}개: 차례로 시작합니다", grouped(n)),
    is_taken_back: |n| format!("지금 이동 중인 파티션 {}개: 이전 상태로 되돌리고 복사한 데이터는 버립니다", grouped(n)),
    is_dropped: |n| format!("대기 중인 파티션 {}개: 시작하지 않으며 그대로 둡니다", grouped(n)),
    stays: |n| format!("이미 옮긴 파티션 {}개: 지금 위치에 둡니다. 이것까지 되돌리려면 되돌리기를 쓰세요", grouped(n)),
    is_moved_back: |n| format!("이미 옮긴 파티션 {}개: 원래 위치로 다시 옮깁니다", grouped(n)),
    is_tried_again: |n| format!("실패한 파티션 {}개: 다시 시도합니다", grouped(n)),
    is_untouched: |n| format!("이미 옮긴 파티션 {}개: 그대로 둡니다", grouped(n)),
    copies_back: |bytes| format!("이를 위해 같은 속도로 복사할 데이터: {bytes}"),
};
