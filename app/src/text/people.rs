//! Users, roles, sessions and tokens: the users page, the account, the menu, what somebody may not.

use super::{Count, Say, Say1, Say2, grouped, plural};
use model::access::{Denial, Permission, Role};
use model::user::UserRefusal;

pub struct People {
    /// The menu's name.
    pub menu: Say1,
    pub sign_in: Say,
    pub sign_out: Say,
    pub steward: Say,
    pub open: Say,
    pub open_hint: Say,
    pub open_add: Say,
    pub read_only: Say,
    pub read_only_hint: Say,

    pub role: fn(Role) -> &'static str,
    pub role_hint: fn(Role) -> &'static str,
    /// A role in words, its clusters and its topics; `None` for all.
    pub grant: fn(&str, Option<&str>, Option<&str>) -> String,
    pub permission: fn(Permission) -> &'static str,
    pub permissions: Say,
    pub matrix: Say,
    pub matrix_hint: Say,
    pub actions: Say,
    pub may: Say,
    pub may_not: Say,
    pub no_role: Say,
    pub denial: fn(&Denial) -> String,
    pub refusal: fn(&UserRefusal) -> String,

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

    pub tokens: Say,
    pub tokens_hint: Say,
    pub no_tokens: Say,
    pub no_tokens_hint: Say,
    pub create_token: Say,
    pub label: Say,
    pub label_hint: Say,
    pub days: Say,
    pub days_hint: Say1,
    pub most_role: Say,
    pub own_password: Say,
    pub token_created: Say1,
    pub token_once: Say,
    pub token_use: Say,
    pub copy_token: Say,
    pub copy_command: Say,
    pub created_at: Say,
    pub expires: Say,
    pub expired: Say,
    pub in_days: Count,
    pub last_used: Say,
    pub revoke: Say,
    pub revoke_one: Say1,
    pub revoked: Say,

    pub denied: Say,
    pub needs: Say1,
    pub who: Say1,
    pub nobody: Say,
    pub denied_hint: Say,
    pub your_roles: Say,
}

pub const EN: People = People {
    menu: |name| format!("Account menu of {name}"),
    sign_in: "Sign in",
    sign_out: "Sign out",
    steward: "Steward",
    open: "Open.",
    open_hint: "Anybody who reaches this address may change everything.",
    open_add: "Add a user:",
    read_only: "read-only",
    read_only_hint: "Steward's configuration forbids every change of this cluster",

    role: role_in_english,
    role_hint: |role| match role {
        Role::Viewer => "Sees everything of a cluster and changes nothing.",
        Role::Operator => "Sees everything, works on topics and reads the audit log.",
        Role::Admin => "Works on topics, on Kafka's own ones too, and on brokers.",
    },
    grant: |role, clusters, topics| {
        let clusters = clusters.map_or_else(|| " on all clusters".to_owned(), |pattern| format!(" on {pattern}"));
        let topics = topics.map(|pattern| format!(", topics {pattern}")).unwrap_or_default();
        format!("{role}{clusters}{topics}")
    },
    permission: |permission| match permission {
        Permission::Public => "open the sign-in page",
        Permission::SignedIn => "use one's own account",
        Permission::View => "see clusters",
        Permission::CreateTopic => "create topics",
        Permission::GrowPartitions => "add partitions",
        Permission::EditTopicConfigs => "configure topics",
        Permission::DeleteTopics => "delete topics",
        Permission::DeleteRecords => "delete records",
        Permission::ElectLeaders => "elect preferred leaders",
        Permission::ElectUncleanLeaders => "elect unclean leaders",
        Permission::EditBrokerConfigs => "configure brokers",
        Permission::ReassignPartitions => "move replicas",
        Permission::ChangeInternalTopics => "change internal topics",
        Permission::ReadAudit => "read the audit log",
        Permission::ManageUsers => "manage users",
    },
    permissions: "Permission",
    matrix: "What each role may do",
    matrix_hint: "Managing users needs the role on all clusters. A read-only cluster is changed by nobody, whatever the role.",
    actions: "Actions",
    may: "yes",
    may_not: "no",
    no_role: "No role",
    denial: denial_in_english,
    refusal: |refusal| match refusal {
        UserRefusal::Denied { denial } => denial_in_english(denial),
        UserRefusal::BadName { rule } | UserRefusal::WeakPassword { rule } => sentence(rule),
        UserRefusal::NameTaken => "A user of that name exists already.".to_owned(),
        UserRefusal::NoSuchUser => "There is no such user.".to_owned(),
        UserRefusal::NoSuchToken => "There is no such token; perhaps it was revoked already.".to_owned(),
        UserRefusal::WrongPassword => "The current password is another.".to_owned(),
        UserRefusal::Throttled { seconds } => {
            format!("Too many wrong passwords. Try again in {}.", plural(*seconds, "second", "seconds"))
        }
        UserRefusal::NoGrants => "At least one role is needed.".to_owned(),
        UserRefusal::LastAdmin => "Nobody would be left who may manage users.".to_owned(),
        UserRefusal::TooMuch => "A token cannot do more than its owner.".to_owned(),
        UserRefusal::BadDuration { most_days } => format!("A token lives 1 to {most_days} days."),
        UserRefusal::Store { message } => {
            format!("Steward's store cannot be written, and what cannot be audited is not done: {message}")
        }
    },

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

    tokens: "API tokens",
    tokens_hint: "For scripts: a token may do what it is given, and never more than its owner at that moment.",
    no_tokens: "No token",
    no_tokens_hint: "Scripts use a token instead of a password.",
    create_token: "Create a token",
    label: "Label",
    label_hint: "What uses it, e.g. nightly-report",
    days: "Days",
    days_hint: |most| format!("1 to {most}"),
    most_role: "At most your own role.",
    own_password: "Your password",
    token_created: |label| format!("The token “{label}” is ready"),
    token_once: "Copy it now: it is shown this once, and Steward keeps only its fingerprint.",
    token_use: "Where $STEWARD is the address of this Steward:",
    copy_token: "Copy the token",
    copy_command: "Copy the command",
    created_at: "Created",
    expires: "Expires",
    expired: "expired",
    in_days: |n| format!("in {n} d"),
    last_used: "Last used",
    revoke: "Revoke",
    revoke_one: |label| format!("Revoke the token {label}"),
    revoked: "The token is revoked and no longer works.",

    denied: "Not allowed",
    needs: |role| format!("This needs the role {role}."),
    who: |name| format!("You are signed in as {name}."),
    nobody: "You are not signed in.",
    denied_hint: "Somebody who manages users can give you the role. The attempt is in the audit log.",
    your_roles: "Your roles",
};

fn role_in_english(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Operator => "Operator",
        Role::Admin => "Admin",
    }
}

fn denial_in_english(denial: &Denial) -> String {
    match denial {
        Denial::NotSignedIn => "Sign in first.".to_owned(),
        Denial::ReadOnlyCluster => {
            "This cluster is read-only: Steward's configuration forbids every change.".to_owned()
        }
        Denial::NeedsRole { role } => format!("This needs the role {}.", role_in_english(*role)),
        Denial::TopicOutOfReach { topic } => format!("Your role does not reach the topic {topic}."),
    }
}

/// A rule of the model as a sentence: `a name must not be empty` → `A name must not be empty.`
fn sentence(rule: &str) -> String {
    let mut characters = rule.chars();
    let Some(first) = characters.next() else { return String::new() };
    format!("{}{}.", first.to_uppercase(), characters.as_str().trim_end_matches('.'))
}

pub const KO: People = People {
    menu: |name| format!("계정 메뉴: {name}"),
    sign_in: "로그인",
    sign_out: "로그아웃",
    steward: "Steward",
    open: "인증 없음.",
    open_hint: "이 주소에 접근하는 누구나 모든 것을 변경할 수 있습니다.",
    open_add: "사용자 추가:",
    read_only: "읽기 전용",
    read_only_hint: "Steward 설정에서 이 클러스터의 모든 변경을 금지했습니다",

    role: role_in_korean,
    role_hint: |role| match role {
        Role::Viewer => "클러스터의 모든 정보를 보지만 아무것도 변경하지 않습니다.",
        Role::Operator => "모든 정보를 보고 토픽을 변경하며 감사 로그를 봅니다.",
        Role::Admin => "내부 토픽을 포함한 토픽과 브로커를 변경합니다.",
    },
    grant: |role, clusters, topics| {
        let clusters = clusters.map_or_else(|| "모든 클러스터".to_owned(), str::to_owned);
        let topics = topics.map(|pattern| format!(" · 토픽 {pattern}")).unwrap_or_default();
        format!("{role} · {clusters}{topics}")
    },
    permission: |permission| match permission {
        Permission::Public => "로그인 페이지 열기",
        Permission::SignedIn => "본인 계정 사용",
        Permission::View => "클러스터 보기",
        Permission::CreateTopic => "토픽 생성",
        Permission::GrowPartitions => "파티션 추가",
        Permission::EditTopicConfigs => "토픽 설정 변경",
        Permission::DeleteTopics => "토픽 삭제",
        Permission::DeleteRecords => "레코드 삭제",
        Permission::ElectLeaders => "선호 리더 선출",
        Permission::ElectUncleanLeaders => "unclean 리더 선출",
        Permission::EditBrokerConfigs => "브로커 설정 변경",
        Permission::ReassignPartitions => "파티션 재할당",
        Permission::ChangeInternalTopics => "내부 토픽 변경",
        Permission::ReadAudit => "감사 로그 보기",
        Permission::ManageUsers => "사용자 관리",
    },
    permissions: "권한",
    matrix: "역할별 권한",
    matrix_hint: "사용자 관리에는 모든 클러스터에 대한 역할이 필요합니다. 읽기 전용 클러스터는 역할과 관계없이 아무도 변경할 수 없습니다.",
    actions: "작업",
    may: "가능",
    may_not: "불가",
    no_role: "역할 없음",
    denial: denial_in_korean,
    refusal: |refusal| match refusal {
        UserRefusal::Denied { denial } => denial_in_korean(denial),
        UserRefusal::BadName { rule } | UserRefusal::WeakPassword { rule } => rule_in_korean(rule).to_owned(),
        UserRefusal::NameTaken => "같은 이름의 사용자가 이미 있습니다.".to_owned(),
        UserRefusal::NoSuchUser => "없는 사용자입니다.".to_owned(),
        UserRefusal::NoSuchToken => "없는 토큰입니다. 이미 폐기되었을 수 있습니다.".to_owned(),
        UserRefusal::WrongPassword => "현재 비밀번호가 올바르지 않습니다.".to_owned(),
        UserRefusal::Throttled { seconds } => {
            format!("비밀번호를 여러 번 잘못 입력했습니다. {seconds}초 후에 다시 시도하세요.")
        }
        UserRefusal::NoGrants => "역할이 하나 이상 필요합니다.".to_owned(),
        UserRefusal::LastAdmin => "사용자를 관리할 수 있는 사람이 아무도 남지 않게 됩니다.".to_owned(),
        UserRefusal::TooMuch => "토큰의 권한은 소유자의 권한을 넘을 수 없습니다.".to_owned(),
        UserRefusal::BadDuration { most_days } => format!("토큰의 유효 기간은 1~{most_days}일입니다."),
        UserRefusal::Store { message } => {
            format!("Steward 저장소에 쓸 수 없습니다. 감사 기록을 남길 수 없는 작업은 하지 않습니다: {message}")
        }
    },

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

    tokens: "API 토큰",
    tokens_hint: "스크립트용입니다. 토큰은 부여된 권한만 가지며, 그 시점의 소유자 권한을 넘지 않습니다.",
    no_tokens: "토큰이 없습니다",
    no_tokens_hint: "스크립트는 비밀번호 대신 토큰을 사용합니다.",
    create_token: "토큰 생성",
    label: "라벨",
    label_hint: "사용처, 예: nightly-report",
    days: "유효 일수",
    days_hint: |most| format!("1~{most}일"),
    most_role: "본인 역할까지만 고를 수 있습니다.",
    own_password: "내 비밀번호",
    token_created: |label| format!("토큰이 준비되었습니다: “{label}”"),
    token_once: "지금 복사하세요. 한 번만 표시되며, Steward는 지문만 보관합니다.",
    token_use: "$STEWARD는 이 Steward의 주소입니다.",
    copy_token: "토큰 복사",
    copy_command: "명령 복사",
    created_at: "생성",
    expires: "만료",
    expired: "만료됨",
    in_days: |n| format!("{n}일 후"),
    last_used: "마지막 사용",
    revoke: "폐기",
    revoke_one: |label| format!("토큰 폐기: {label}"),
    revoked: "토큰을 폐기했습니다. 더 이상 동작하지 않습니다.",

    denied: "권한이 없습니다",
    needs: |role| format!("필요한 역할: {role}"),
    who: |name| format!("로그인한 사용자: {name}"),
    nobody: "로그인하지 않았습니다.",
    denied_hint: "사용자 관리자가 역할을 부여할 수 있습니다. 이 시도는 감사 로그에 기록됩니다.",
    your_roles: "내 역할",
};

fn role_in_korean(role: Role) -> &'static str {
    match role {
        Role::Viewer => "뷰어",
        Role::Operator => "운영자",
        Role::Admin => "관리자",
    }
}

fn denial_in_korean(denial: &Denial) -> String {
    match denial {
        Denial::NotSignedIn => "먼저 로그인하세요.".to_owned(),
        Denial::ReadOnlyCluster => "읽기 전용 클러스터입니다. Steward 설정에서 모든 변경을 금지했습니다.".to_owned(),
        Denial::NeedsRole { role } => format!("필요한 역할: {}", role_in_korean(*role)),
        Denial::TopicOutOfReach { topic } => format!("현재 역할로 변경할 수 없는 토픽입니다: {topic}"),
    }
}

/// The model's rules are English; one that is new stays so.
fn rule_in_korean(rule: &str) -> &str {
    match rule {
        "a user name must not be empty" => "사용자 이름을 입력하세요.",
        "a user name has at most 64 characters" => "사용자 이름은 64자 이하여야 합니다.",
        "this name is Steward's own" => "Steward가 사용하는 이름입니다.",
        "a user name has only letters, digits, '.', '_', '-' and '@'" => {
            "사용자 이름에는 영문자, 숫자, '.', '_', '-', '@'만 쓸 수 있습니다."
        }
        "a password has at least 10 characters" => "비밀번호는 10자 이상이어야 합니다.",
        "a password has at most 256 characters" => "비밀번호는 256자 이하여야 합니다.",
        "a password must not be the user's name" => "비밀번호는 사용자 이름과 달라야 합니다.",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::rule_in_korean;
    use model::user::{check_name, check_password};

    #[test]
    fn every_rule_of_the_model_is_told_in_korean() {
        let names = ["", "a b", "local", &"a".repeat(65)].map(|name| check_name(name).err());
        let passwords =
            ["short", "alice.alice", &"a".repeat(300)].map(|word| check_password("alice.alice", word).err());
        for rule in names.into_iter().chain(passwords) {
            let Some(rule) = rule else { panic!("none of them is good") };
            assert!(!rule_in_korean(rule.0).is_ascii(), "{rule}");
        }
    }
}
