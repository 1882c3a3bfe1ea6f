//! One's own account and its sessions.

use crate::text::{Say, Say2};

pub struct OwnText {
    pub account: Say,
    pub what_i_may: Say,
    pub change_password: Say,
    pub current: Say,
    pub new: Say,
    pub change: Say,
    pub change_hint: Say,
    pub changed: Say,
    pub local: Say,
    pub local_hint: Say,

    pub sessions: Say,
    pub no_sessions: Say,
    pub no_sessions_hint: Say,
    pub browser: Say,
    pub unknown_browser: Say,
    pub address: Say,
    pub signed_in: Say,
    pub end: Say,
    /// Browser, address.
    pub end_one: Say2,
    pub end_all: Say,
    pub ended: Say,
}

pub const EN: OwnText = OwnText {
    account: "Account",
    what_i_may: "What you may do",
    change_password: "Change your password",
    current: "Current password",
    new: "New password",
    change: "Change password",
    change_hint: "At least 10 characters; length is what counts. Your other sessions end.",
    changed: "Your password is changed, and your other sessions have ended.",
    local: "Nobody has to sign in",
    local_hint: "Steward has no users and is reachable from this machine only. There is no account until the first user is added.",

    sessions: "Sessions",
    no_sessions: "No session",
    no_sessions_hint: "Nobody is signed in under this name.",
    browser: "Browser",
    unknown_browser: "unknown program",
    address: "Address",
    signed_in: "Signed in",
    end: "End",
    end_one: |browser, address| format!("End the session of {browser} at {address}"),
    end_all: "End all",
    ended: "The session has ended.",
};

pub const KO: OwnText = OwnText {
    account: "계정",
    what_i_may: "내 권한",
    change_password: "비밀번호 변경",
    current: "현재 비밀번호",
    new: "새 비밀번호",
    change: "비밀번호 변경",
    change_hint: "10자 이상. 길수록 안전합니다. 다른 세션은 종료됩니다.",
    changed: "비밀번호를 바꾸고 다른 세션을 종료했습니다.",
    local: "로그인이 필요 없는 상태입니다",
    local_hint: "Steward에 사용자가 없고 이 컴퓨터에서만 접근할 수 있습니다. 첫 사용자를 추가하기 전에는 계정이 없습니다.",

    sessions: "세션",
    no_sessions: "세션이 없습니다",
    no_sessions_hint: "이 이름으로 로그인한 곳이 없습니다.",
    browser: "브라우저",
    unknown_browser: "알 수 없는 프로그램",
    address: "주소",
    signed_in: "로그인",
    end: "종료",
    end_one: |browser, address| format!("세션 종료: {browser}, {address}"),
    end_all: "모두 종료",
    ended: "세션을 종료했습니다.",
};
