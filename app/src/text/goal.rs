//! The first step of the wizard: what is wanted, in words.

use super::{Count, Say, Say1, Say2, grouped, plural};
use crate::text::form::Say2Const;
use model::reassignment_file::{BadFile, FileFault};

pub struct GoalText {
    pub lead: Say,
    pub recommended: Say,
    pub rebalance: Say2Const,
    pub add_brokers: Say2Const,
    pub drain: Say2Const,
    pub repair: Say2Const,
    pub replication: Say2Const,
    pub leaders: Say2Const,
    pub manual: Say2Const,
    pub file: Say2Const,
    pub which_add: Say,
    pub which_drain: Say,
    /// Replicas, size.
    pub holds: Say2,
    pub is_down: Say,
    pub now_light: Say1,
    pub now_dead: fn(&str, u64) -> String,
    pub now_racks: Count,
    pub now_short: Count,
    pub now_fine: Say,
    /// Broker, percent.
    pub now_over: Say2,
    pub now_even: Say,
    pub now_leaders: Say2,
    pub not_led: Count,
    pub now_replicas: Count,
    pub factor: Say,
    pub factor_hint: Say,
    pub file_label: Say,
    pub file_hint: Say,
    pub file_pick: Say,
    pub title_rebalance: Say,
    pub title_add: Say1,
    pub title_drain: Say1,
    pub title_repair: Say,
    pub title_factor: Say1,
    pub title_leaders: Say,
    pub title_manual: Say,
    /// A topic, or how many.
    pub title_moved: Say1,
    pub title_adopted: Say1,
    pub no_goal: Say,
    pub no_brokers: Say,
    pub bad_factor: Say,
    pub no_file: Say,
    pub bad_file: fn(&BadFile) -> String,
    pub several_blocks: Say,
    pub empty_file: Say,
    /// Partition, directory.
    pub pinned: Say2,
    pub all_drained: Say,
}

pub const EN: GoalText = GoalText {
    lead: "Say what you want; Steward finds which replicas to move. You will see all of it before anything happens.",
    recommended: "suggested",
    rebalance: ("Even out all brokers", "Bytes, replicas and leaders alike on every broker, at the least copying."),
    add_brokers: (
        "Spread onto new brokers",
        "New or nearly empty brokers take their share. Nothing moves between the others.",
    ),
    drain: (
        "Empty brokers before removing them",
        "They hold nothing afterwards and can be switched off. The others take over at the least copying.",
    ),
    repair: ("Repair", "Replaces replicas on dead brokers, spreads them over racks, adds those that are missing."),
    replication: ("Change the number of copies", "Adds or removes replicas of each partition: the replication factor."),
    leaders: ("Even out leaders only", "Only who leads changes. Copies no data and takes seconds."),
    manual: ("Place by hand", "You say where each partition lies; every choice is checked at once."),
    file: ("From a file", "A plan in the format of kafka-reassign-partitions, from whatever made it."),
    which_add: "Brokers that take their share",
    which_drain: "Brokers to empty",
    holds: |replicas, size| format!("{replicas} replicas, {size}"),
    is_down: "does not answer",
    now_light: |ids| format!("Clearly less than the others: {ids}"),
    now_dead: |id, n| format!("Broker {id} does not answer and should hold {}", plural(n, "replica", "replicas")),
    now_racks: |n| plural(n, "partition is not spread over racks", "partitions are not spread over racks"),
    now_short: |n| {
        plural(
            n,
            "partition has fewer replicas than the rest of its topic",
            "partitions have fewer replicas than the rest of their topic",
        )
    },
    now_fine: "Nothing is wrong now.",
    now_over: |id, percent| format!("Broker {id} holds {percent} % more than its share"),
    now_even: "The brokers are about even now.",
    now_leaders: |least, most| format!("Now {least} to {most} preferred leaders per broker"),
    not_led: |n| format!("{} by another broker now: elect", plural(n, "partition is led", "partitions are led")),
    now_replicas: |n| format!("Most partitions have {}", plural(n, "replica", "replicas")),
    factor: "Replicas of each partition",
    factor_hint: "3 survives the loss of one broker while a second one is being restarted.",
    file_label: "Contents of the file",
    file_hint: "What --generate or another tool printed, labels included; only partitions that change are taken.",
    file_pick: "Choose a file",
    title_rebalance: "Even out all brokers",
    title_add: |ids| format!("Spread onto {ids}"),
    title_drain: |ids| format!("Empty {ids}"),
    title_repair: "Repair placement",
    title_factor: |n| format!("Change to {n} replicas"),
    title_leaders: "Even out leaders",
    title_manual: "Place by hand",
    title_moved: |what| format!("Move {what}"),
    title_adopted: |what| format!("Taken over: {what}"),
    no_goal: "Choose one of these goals.",
    no_brokers: "Choose at least one broker.",
    bad_factor: "A whole number from 1 on.",
    no_file: "Paste the contents of a file, or choose one.",
    bad_file: |why| format!("This is not a reassignment file: {why}"),
    several_blocks: "The text holds several assignments. Leave only the one you mean.",
    empty_file: "The file names no partition.",
    pinned: |partition, path| {
        format!(
            "{partition} is put into the directory {path}. Steward places replicas on brokers, not in directories; take log_dirs out, or use Kafka's own tool."
        )
    },
    all_drained: "One broker has to stay.",
};

pub const KO: GoalText = GoalText {
    lead: "원하는 것을 고르면 어떤 레플리카를 옮길지 Steward가 찾습니다. 실행하기 전에 전부 볼 수 있습니다.",
    recommended: "추천",
    rebalance: (
        "모든 브로커 균형 맞추기",
        "가장 적게 복사하면서 용량, 레플리카, 리더를 모든 브로커에 고르게 나눕니다.",
    ),
    add_brokers: (
        "새 브로커로 분산",
        "새 브로커나 거의 빈 브로커가 제 몫을 받습니다. 나머지 브로커끼리는 옮기지 않습니다.",
    ),
    drain: (
        "제거하기 전에 브로커 비우기",
        "비운 브로커는 아무것도 보유하지 않아 꺼도 됩니다. 가장 적게 복사하면서 나머지가 이어받습니다.",
    ),
    repair: ("복구", "죽은 브로커의 레플리카를 대체하고, 랙에 고르게 나누고, 모자란 레플리카를 추가합니다."),
    replication: ("복제본 수 변경", "파티션마다 레플리카를 늘리거나 줄입니다(복제 팩터)."),
    leaders: ("리더만 균형 맞추기", "리더만 바뀝니다. 데이터를 복사하지 않으며 몇 초면 끝납니다."),
    manual: ("직접 배치", "파티션마다 위치를 지정합니다. 지정할 때마다 바로 검사합니다."),
    file: ("파일에서 가져오기", "kafka-reassign-partitions 형식의 계획이면 무엇으로 만들었든 됩니다."),
    which_add: "제 몫을 받을 브로커",
    which_drain: "비울 브로커",
    holds: |replicas, size| format!("레플리카 {replicas}개, {size}"),
    is_down: "응답 없음",
    now_light: |ids| format!("다른 브로커보다 뚜렷이 적음: {ids}"),
    now_dead: |id, n| format!("브로커 {id} 응답 없음, 보유해야 할 레플리카 {}개", grouped(n)),
    now_racks: |n| format!("랙에 고르게 나뉘지 않은 파티션 {}개", grouped(n)),
    now_short: |n| format!("같은 토픽의 다른 파티션보다 레플리카가 적은 파티션 {}개", grouped(n)),
    now_fine: "지금은 문제가 없습니다.",
    now_over: |id, percent| format!("브로커 {id}: 균등 몫보다 {percent} % 많음"),
    now_even: "지금은 브로커가 대체로 고릅니다.",
    now_leaders: |least, most| format!("현재 브로커당 선호 리더 {least}~{most}개"),
    not_led: |n| format!("선호 리더가 아닌 브로커가 이끄는 파티션 {}개: 선출하기", grouped(n)),
    now_replicas: |n| format!("대부분의 파티션은 레플리카 {}개", grouped(n)),
    factor: "파티션당 레플리카 수",
    factor_hint: "3이면 한 브로커를 재시작하는 동안 다른 브로커를 잃어도 견딥니다.",
    file_label: "파일 내용",
    file_hint: "--generate 등이 출력한 내용을 제목 줄까지 그대로 붙여 넣어도 됩니다. 바뀌는 파티션만 가져옵니다.",
    file_pick: "파일 선택",
    title_rebalance: "모든 브로커 균형 맞추기",
    title_add: |ids| format!("브로커로 분산: {ids}"),
    title_drain: |ids| format!("브로커 비우기: {ids}"),
    title_repair: "배치 복구",
    title_factor: |n| format!("레플리카 수 변경: {n}"),
    title_leaders: "리더 균형 맞추기",
    title_manual: "직접 배치",
    title_moved: |what| format!("이동: {what}"),
    title_adopted: |what| format!("넘겨받음: {what}"),
    no_goal: "목표를 하나 고르세요.",
    no_brokers: "브로커를 하나 이상 고르세요.",
    bad_factor: "1 이상의 정수를 입력하세요.",
    no_file: "파일 내용을 붙여 넣거나 파일을 고르세요.",
    bad_file: bad_file_ko,
    several_blocks: "할당이 여러 개 들어 있습니다. 필요한 것 하나만 남기세요.",
    empty_file: "파일에 파티션이 없습니다.",
    pinned: |partition, path| {
        format!(
            "{partition}: 디렉터리 지정 {path}. Steward는 디렉터리가 아니라 브로커에 배치합니다. log_dirs를 빼거나 Kafka 도구를 사용하세요."
        )
    },
    all_drained: "브로커 하나는 남아야 합니다.",
};

fn bad_file_ko(bad: &BadFile) -> String {
    let place = match (bad.line, bad.column) {
        (Some(line), Some(column)) => format!(" ({line}번째 줄 {column}번째 글자)"),
        (Some(line), None) => format!(" ({line}번째 줄)"),
        _ => String::new(),
    };
    let why = match &bad.why {
        FileFault::NoObject => "JSON 객체가 없습니다".to_owned(),
        FileFault::StrayLine(words) => {
            format!("JSON 객체도 kafka-reassign-partitions의 출력도 아닌 줄입니다: {words:?}")
        }
        FileFault::Object(why) => why.clone(),
    };
    format!("재할당 파일이 아닙니다{place}: {why}")
}
