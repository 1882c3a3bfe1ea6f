//! Addresses that lead nowhere.

use super::{Say, Say1};

pub struct NotFound {
    pub title: Say,
    pub page: Say,
    pub cluster: Say1,
    pub topic: Say1,
    pub partition: Say1,
    pub group: Say1,
    pub broker: Say1,
    pub similar: Say,
    pub hint: Say,
    pub all_topics: Say,
    pub back: Say,
}

pub const EN: NotFound = NotFound {
    title: "Not found",
    page: "There is no page at this address.",
    cluster: |name| format!("No cluster is called “{name}”."),
    topic: |name| format!("This cluster has no topic “{name}”."),
    partition: |name| format!("The topic has no partition {name}."),
    group: |name| format!("This cluster has no group “{name}”."),
    broker: |name| format!("This cluster has no broker {name}."),
    similar: "Did you mean",
    hint: "It may have been deleted, or the address is mistyped.",
    all_topics: "All topics",
    back: "All clusters",
};

pub const KO: NotFound = NotFound {
    title: "찾을 수 없음",
    page: "이 주소에 해당하는 페이지가 없습니다.",
    cluster: |name| format!("해당 이름의 클러스터가 없습니다: {name}"),
    topic: |name| format!("이 클러스터에 해당 토픽이 없습니다: {name}"),
    partition: |name| format!("이 토픽에 해당 파티션이 없습니다: {name}"),
    group: |name| format!("이 클러스터에 해당 그룹이 없습니다: {name}"),
    broker: |name| format!("이 클러스터에 해당 브로커가 없습니다: {name}"),
    similar: "이것을 찾으셨나요?",
    hint: "삭제되었거나 주소를 잘못 입력했을 수 있습니다.",
    all_topics: "전체 토픽",
    back: "전체 클러스터",
};
