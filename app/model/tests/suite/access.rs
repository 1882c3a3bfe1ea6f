//! The role matrix, every cell of it.

use model::ClusterName;
use model::access::{Actor, ActorKind, Denial, Grant, Pattern, Permission, Role, Target, decide};

/// The least role of each permission, written down again: a change of the matrix is a change here.
fn least(permission: Permission) -> Option<Role> {
    match permission {
        Permission::Public | Permission::SignedIn => None,
        Permission::View => Some(Role::Viewer),
        Permission::CreateTopic
        | Permission::GrowPartitions
        | Permission::EditTopicConfigs
        | Permission::DeleteTopics
        | Permission::DeleteRecords
        | Permission::ElectLeaders
        | Permission::ReassignPartitions
        | Permission::ReadAudit => Some(Role::Operator),
        Permission::ElectUncleanLeaders
        | Permission::EditBrokerConfigs
        | Permission::ChangeInternalTopics
        | Permission::ManageUsers => Some(Role::Admin),
    }
}

fn changes(permission: Permission) -> bool {
    use Permission::{Public, ReadAudit, SignedIn, View};
    !matches!(permission, Public | SignedIn | View | ReadAudit | Permission::ManageUsers)
}

fn grant(role: Role, clusters: &str, topics: &str) -> Grant {
    Grant { role, clusters: Pattern::new(clusters), topics: Pattern::new(topics) }
}

/// What the rules say in words, for one grant.
fn expected(
    role: Role,
    clusters: &str,
    topics: &str,
    permission: Permission,
    target: Target<'_>,
) -> Result<(), Denial> {
    let Some(needed) = least(permission) else { return Ok(()) };
    let reaches = match (permission, target.cluster) {
        (Permission::ManageUsers, _) => clusters == "*" && topics == "*",
        (Permission::EditBrokerConfigs, _) if topics != "*" => false,
        (_, None) => true,
        (_, Some(cluster)) => Pattern::new(clusters).matches(cluster.as_str()),
    };
    if role < needed || !reaches {
        return Err(Denial::NeedsRole { role: needed });
    }
    if changes(permission) && target.is_read_only {
        return Err(Denial::ReadOnlyCluster);
    }
    let out = target.topics.iter().find(|topic| !Pattern::new(topics).matches(topic));
    match out.filter(|_| changes(permission)) {
        Some(topic) => Err(Denial::TopicOutOfReach { topic: (*topic).to_owned() }),
        None => Ok(()),
    }
}

#[test]
fn every_role_permission_and_target_is_decided_as_written() {
    let cluster = ClusterName::parse("prod").unwrap();
    let mut cells = 0;
    for role in Role::ALL {
        for clusters in ["*", "prod", "prod-*", "test", ""] {
            for topics in ["*", "orders*", "payments", ""] {
                for permission in Permission::ALL {
                    for asked in [None, Some(&cluster)] {
                        for is_read_only in [false, true] {
                            for names in [&[][..], &["orders"], &["orders", "users"], &["users", "orders"]] {
                                let target = Target { cluster: asked, is_read_only, topics: names };
                                let actor = Actor::user("a", vec![grant(role, clusters, topics)]);
                                let wanted = expected(role, clusters, topics, permission, target);
                                let told = decide(&actor, permission, target);
                                assert_eq!(told, wanted, "{role:?} {clusters:?} {topics:?} {permission:?} {target:?}");
                                cells += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    assert_eq!(cells, 3 * 5 * 4 * 15 * 2 * 2 * 4);
}

#[test]
fn who_is_not_signed_in_has_only_what_is_public() {
    for permission in Permission::ALL {
        let told = decide(&Actor::nobody(), permission, Target::NOTHING);
        assert_eq!(told.is_ok(), permission == Permission::Public, "{permission:?}");
        // Not even with grants, which nobody should have.
        let mut odd = Actor::nobody();
        odd.grants = vec![Grant::everywhere(Role::Admin)];
        assert_eq!(decide(&odd, permission, Target::NOTHING), told);
    }
}

#[test]
fn signed_in_without_a_grant_sees_nothing() {
    let actor = Actor::user("a", Vec::new());
    for permission in Permission::ALL {
        assert_eq!(decide(&actor, permission, Target::NOTHING).is_ok(), least(permission).is_none(), "{permission:?}");
    }
}

#[test]
fn grants_add_up_topic_by_topic() {
    let cluster = ClusterName::parse("prod").unwrap();
    let actor = Actor::user("a", vec![grant(Role::Operator, "prod", "a-*"), grant(Role::Admin, "prod", "b-*")]);
    let may = |permission, topics: &[&str]| {
        decide(&actor, permission, Target { cluster: Some(&cluster), is_read_only: false, topics })
    };
    assert_eq!(may(Permission::DeleteTopics, &["a-1", "b-1"]), Ok(()));
    let out = Err(Denial::TopicOutOfReach { topic: "c-1".to_owned() });
    assert_eq!(may(Permission::DeleteTopics, &["a-1", "c-1"]), out);
    // The grant that reaches the topic must have the role, not just any grant.
    let out = Err(Denial::TopicOutOfReach { topic: "a-1".to_owned() });
    assert_eq!(may(Permission::ElectUncleanLeaders, &["a-1"]), out);
    assert_eq!(may(Permission::ElectUncleanLeaders, &["b-1"]), Ok(()));
}

#[test]
fn whoever_reaches_an_open_steward_and_tokens_are_decided_like_users() {
    let cluster = ClusterName::parse("prod").unwrap();
    let token = Actor {
        name: "a".to_owned(),
        kind: ActorKind::Token { id: "ab12".to_owned() },
        grants: vec![grant(Role::Viewer, "*", "*")],
    };
    for permission in Permission::ALL {
        let target = Target::cluster(&cluster, false);
        assert_eq!(decide(&Actor::local(), permission, target), Ok(()));
        assert_eq!(decide(&token, permission, target), expected(Role::Viewer, "*", "*", permission, target));
        let read_only = decide(&Actor::local(), permission, Target::cluster(&cluster, true));
        assert_eq!(read_only.is_err(), changes(permission), "{permission:?}");
    }
}

/// Whoever manages users can give himself everything.
#[test]
fn an_admin_of_some_topics_manages_neither_users_nor_brokers() {
    let cluster = ClusterName::parse("prod").unwrap();
    let may = |grants: &[Grant], permission| {
        let actor = Actor::user("a", grants.to_vec());
        decide(&actor, permission, Target::cluster(&cluster, false)).is_ok()
    };
    let limited = [grant(Role::Admin, "*", "orders*"), grant(Role::Viewer, "*", "*")];
    assert!(!may(&limited, Permission::ManageUsers) && !may(&limited, Permission::EditBrokerConfigs));
    assert!(may(&limited, Permission::DeleteTopics) && may(&limited, Permission::ReadAudit));
    let of_one = [grant(Role::Admin, "prod", "*")];
    assert!(!may(&of_one, Permission::ManageUsers) && may(&of_one, Permission::EditBrokerConfigs));
    let user = |grants: &[Grant]| model::user::User {
        name: "a".to_owned(),
        grants: grants.to_vec(),
        is_disabled: false,
        created_at: model::Timestamp(0),
        last_seen_at: None,
        sessions: Vec::new(),
        tokens: Vec::new(),
    };
    assert!(user(&[grant(Role::Admin, "*", "*")]).is_chief());
    assert!(!user(&limited).is_chief() && !user(&of_one).is_chief());
}
