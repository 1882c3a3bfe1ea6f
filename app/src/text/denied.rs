//! Addresses that somebody may not see.

use super::{Say, Say1};

pub struct DeniedText {
    pub title: Say,
    /// Around the name of the role.
    pub needs_role: Say1,
    pub read_only: Say,
    /// Around the topic's name.
    pub topic: Say1,
    /// Around the user's name.
    pub signed_in_as: Say1,
    pub hint: Say,
    pub back: Say,
}

pub const EN: DeniedText = DeniedText {
    title: "Not allowed",
    needs_role: |role| format!("This page needs the role “{role}”."),
    read_only: "This cluster is read-only: Steward’s configuration forbids every change.",
    topic: |topic| format!("Your role does not reach the topic “{topic}”."),
    signed_in_as: |name| format!("You are signed in as {name}."),
    hint: "Whoever manages Steward’s users can give you the role.",
    back: "All clusters",
};

pub const KO: DeniedText = DeniedText {
    title: "권한 없음",
    needs_role: |role| format!("이 페이지에 필요한 역할: {role}"),
    read_only: "읽기 전용 클러스터입니다. Steward 설정에서 모든 변경이 금지되어 있습니다.",
    topic: |topic| format!("현재 역할로는 다룰 수 없는 토픽입니다: {topic}"),
    signed_in_as: |name| format!("로그인한 사용자: {name}"),
    hint: "Steward 사용자를 관리하는 사람이 역할을 부여할 수 있습니다.",
    back: "전체 클러스터",
};
