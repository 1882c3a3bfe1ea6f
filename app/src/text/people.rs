//! Users, roles, sessions and tokens: the users page, the account, the menu, what somebody may not.

pub mod managing;
pub mod own;
pub mod token;

use super::{Say, Say1, plural};
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
    /// Users and their roles.
    pub managing: managing::ManagingText,
    /// One's own account and its sessions.
    pub own: own::OwnText,
    /// Tokens.
    pub token: token::TokenText,

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
    managing: managing::EN,
    own: own::EN,
    token: token::EN,

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
    managing: managing::KO,
    own: own::KO,
    token: token::KO,

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
