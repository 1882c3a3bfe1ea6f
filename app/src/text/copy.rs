//! The buttons that copy.

use super::Say;

pub struct CopyText {
    pub copied: Say,
    pub cluster_id: Say,
    pub address: Say,
    pub topic: Say,
    pub topic_id: Say,
    pub group: Say,
}

pub const EN: CopyText = CopyText {
    copied: "Copied",
    cluster_id: "Copy the cluster id",
    address: "Copy the address",
    topic: "Copy the topic's name",
    topic_id: "Copy the topic id",
    group: "Copy the group id",
};

pub const KO: CopyText = CopyText {
    copied: "복사됨",
    cluster_id: "클러스터 ID 복사",
    address: "주소 복사",
    topic: "토픽 이름 복사",
    topic_id: "토픽 ID 복사",
    group: "그룹 ID 복사",
};
