//! Where facts come from, how old they are and what is wrong with them.

use super::{Say, Say1};

pub struct Source {
    pub metadata: Say,
    pub quorum: Say,
    pub reassignments: Say,
    pub offsets: Say,
    pub earliest_offsets: Say,
    pub sizes: Say,
    pub topic_configs: Say,
    pub broker_configs: Say,
    pub groups: Say,
    pub waiting: Say1,
    pub failing: Say1,
    pub unsupported: Say1,
    pub unauthorized: Say1,
}

pub const EN: Source = Source {
    metadata: "metadata",
    quorum: "quorum",
    reassignments: "reassignments",
    offsets: "offsets",
    earliest_offsets: "earliest offsets",
    sizes: "sizes",
    topic_configs: "topic configs",
    broker_configs: "broker configs",
    groups: "groups",
    waiting: |source| format!("{source}: not read yet"),
    failing: |source| format!("{source} failing"),
    unsupported: |source| format!("{source} not offered"),
    unauthorized: |source| format!("{source} not authorized"),
};

pub const KO: Source = Source {
    metadata: "메타데이터",
    quorum: "쿼럼",
    reassignments: "재할당",
    offsets: "오프셋",
    earliest_offsets: "시작 오프셋",
    sizes: "크기",
    topic_configs: "토픽 설정",
    broker_configs: "브로커 설정",
    groups: "그룹",
    waiting: |source| format!("{source}: 아직 읽지 않음"),
    failing: |source| format!("{source} 조회 실패"),
    unsupported: |source| format!("{source} 미지원"),
    unauthorized: |source| format!("{source} 권한 없음"),
};
