//! The users and their roles.

use crate::text::{Count, Say, Say1, Say2, grouped, plural};

pub struct ManagingText {
    pub users: Say,
    pub count: Count,
    pub user: Say,
    pub roles: Say,
    pub state: Say,
    pub active: Say,
    pub disabled: Say,
    pub you: Say,
    pub last_seen: Say,
    pub never: Say,
    pub created: Say1,
    pub no_users: Say,
    pub no_users_hint: Say,
    pub no_such_user: Say1,
    pub all_users: Say,
    pub store_silent: Say,

    pub add: Say,
    pub add_hint: Say,
    pub name: Say,
    pub name_hint: Say,
    pub password: Say,
    pub generate_hint: Say,
    pub role_label: Say,
    pub clusters: Say,
    pub topics: Say,
    pub grants_hint: Say,
    pub topics_hint: Say,
    pub no_choice: Say,
    /// Of a field in a numbered row of grants.
    pub in_row: Say2,
    pub empty_pattern: Say,
    pub added: Say1,

    pub save: Say,
    pub saved: Say1,
    pub disable: Say,
    /// Sessions, tokens.
    pub disable_hint: fn(u64, u64) -> String,
    pub disable_undo: Say,
    pub disable_self: Say,
    pub was_disabled: Say1,
    pub enable: Say,
    pub enable_hint: Say,
    pub was_enabled: Say1,
    pub access: Say,

    pub reset: Say,
    pub reset_hint: Say,
    pub password_set: Say1,
    pub new_password_of: Say1,
    pub new_password_hint: Say,
    pub copy_password: Say,
}

pub const EN: ManagingText = ManagingText {
    users: "Users",
    count: |n| plural(n, "user", "users"),
    user: "User",
    roles: "Roles",
    state: "State",
    active: "active",
    disabled: "disabled",
    you: "you",
    last_seen: "Last seen",
    never: "never",
    created: |age| format!("added {age}"),
    no_users: "Steward has no users yet",
    no_users_hint: "Until there is one, whoever reaches this address may do everything. The first one must be an Admin on all clusters.",
    no_such_user: |name| format!("Steward knows no user “{name}”"),
    all_users: "All users",
    store_silent: "Steward's store does not answer",

    add: "Add a user",
    add_hint: "They can change the password themselves once they have signed in.",
    name: "Name",
    name_hint: "Letters, digits and . _ - @",
    password: "Password",
    generate_hint: "At least 10 characters. Leave it empty and Steward makes a strong one, shown once.",
    role_label: "Role",
    clusters: "Clusters",
    topics: "Topics",
    grants_hint: "Several names are separated by spaces; * stands for any characters. Roles add up; a row without a role is ignored.",
    topics_hint: "Topics limit what may be changed; whoever sees a cluster sees all of it.",
    no_choice: "no role",
    in_row: |field, row| format!("{field}, row {row}"),
    empty_pattern: "Say for which clusters and topics each role is meant; * means all of them.",
    added: |name| format!("{name} can sign in now."),

    save: "Save roles",
    saved: |name| format!("The roles of {name} are saved; they count at once."),
    disable: "Disable",
    disable_hint: |sessions, tokens| {
        if (sessions, tokens) == (0, 0) {
            return "The user can no longer sign in.".to_owned();
        }
        format!(
            "The user can no longer sign in. At once this ends {} and stops {}.",
            plural(sessions, "session", "sessions"),
            plural(tokens, "token", "tokens")
        )
    },
    disable_undo: "It can be undone; the audit log keeps the name for ever.",
    disable_self: "This is you. Somebody else who manages users can disable you.",
    was_disabled: |name| format!("{name} is disabled: sessions have ended and tokens no longer work."),
    enable: "Enable",
    enable_hint: "Lets the user sign in again with the same password and roles. Tokens that have not expired work again.",
    was_enabled: |name| format!("{name} can sign in again."),
    access: "Access",

    reset: "Set a new password",
    reset_hint: "Ends the user's sessions and revokes the user's tokens.",
    password_set: |name| format!("The password of {name} is changed; sessions have ended."),
    new_password_of: |name| format!("The new password of {name}"),
    new_password_hint: "It is shown this once. Hand it over in private; it is good until the user changes it.",
    copy_password: "Copy the password",
};

pub const KO: ManagingText = ManagingText {
    users: "사용자",
    count: |n| format!("{}명", grouped(n)),
    user: "사용자",
    roles: "역할",
    state: "상태",
    active: "활성",
    disabled: "비활성",
    you: "본인",
    last_seen: "마지막 접속",
    never: "없음",
    created: |age| format!("{age} 추가됨"),
    no_users: "아직 사용자가 없습니다",
    no_users_hint: "사용자가 생기기 전까지는 이 주소에 접근하는 누구나 모든 작업을 할 수 있습니다. 첫 사용자는 모든 클러스터의 관리자여야 합니다.",
    no_such_user: |name| format!("없는 사용자입니다: “{name}”"),
    all_users: "전체 사용자",
    store_silent: "Steward 저장소가 응답하지 않습니다",

    add: "사용자 추가",
    add_hint: "추가된 사용자는 로그인한 뒤 비밀번호를 직접 바꿀 수 있습니다.",
    name: "이름",
    name_hint: "영문자, 숫자, . _ - @",
    password: "비밀번호",
    generate_hint: "10자 이상. 비워 두면 Steward가 강력한 비밀번호를 만들어 한 번만 보여 줍니다.",
    role_label: "역할",
    clusters: "클러스터",
    topics: "토픽",
    grants_hint: "이름이 여럿이면 공백으로 구분하고, *는 모든 문자를 뜻합니다. 역할은 합산되며, 역할을 고르지 않은 행은 무시됩니다.",
    topics_hint: "토픽은 변경 범위만 제한합니다. 클러스터를 볼 수 있으면 모든 토픽이 보입니다.",
    no_choice: "역할 없음",
    in_row: |field, row| format!("{field}, {row}행"),
    empty_pattern: "각 역할의 클러스터와 토픽 범위를 입력하세요. *는 전체를 뜻합니다.",
    added: |name| format!("이제 로그인할 수 있는 사용자: {name}"),

    save: "역할 저장",
    saved: |name| format!("역할을 저장했고 즉시 적용됩니다: {name}"),
    disable: "비활성화",
    disable_hint: |sessions, tokens| {
        if (sessions, tokens) == (0, 0) {
            return "더 이상 로그인할 수 없습니다.".to_owned();
        }
        format!(
            "더 이상 로그인할 수 없습니다. 세션 {}개가 종료되고 토큰 {}개가 중지됩니다.",
            grouped(sessions),
            grouped(tokens)
        )
    },
    disable_undo: "되돌릴 수 있습니다. 이름은 감사 로그에 계속 남습니다.",
    disable_self: "본인 계정입니다. 다른 사용자 관리자만 비활성화할 수 있습니다.",
    was_disabled: |name| format!("비활성화했습니다. 세션이 종료되고 토큰이 중지되었습니다: {name}"),
    enable: "활성화",
    enable_hint: "같은 비밀번호와 역할로 다시 로그인할 수 있고, 만료되지 않은 토큰도 다시 동작합니다.",
    was_enabled: |name| format!("다시 로그인할 수 있습니다: {name}"),
    access: "접근",

    reset: "새 비밀번호 설정",
    reset_hint: "사용자의 세션이 종료되고 토큰이 폐기됩니다.",
    password_set: |name| format!("비밀번호를 바꾸고 세션을 종료했습니다: {name}"),
    new_password_of: |name| format!("새 비밀번호: {name}"),
    new_password_hint: "지금 한 번만 표시됩니다. 안전하게 전달하세요. 사용자가 바꿀 때까지 유효합니다.",
    copy_password: "비밀번호 복사",
};
