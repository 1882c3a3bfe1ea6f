//! What an API token may: what it was given, and never more than its owner may at the moment.

use model::access::{Grant, Pattern};

/// What both allow. Where two patterns merely overlap nothing is allowed: too little is safe.
pub fn cap(token: &[Grant], owner: &[Grant]) -> Vec<Grant> {
    let pairs = token.iter().flat_map(|token| owner.iter().map(move |owner| (token, owner)));
    let both = pairs.filter_map(|(token, owner)| {
        let clusters = common(&token.clusters, &owner.clusters)?;
        let topics = common(&token.topics, &owner.topics)?;
        Some(Grant { role: token.role.min(owner.role), clusters, topics })
    });
    let mut grants: Vec<Grant> = Vec::new();
    for grant in both {
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    grants
}

/// Whether every grant of `token` lies within one of `owner`.
pub fn is_within(token: &[Grant], owner: &[Grant]) -> bool {
    token.iter().all(|token| {
        owner.iter().any(|owner| {
            owner.role >= token.role
                && parts(&token.clusters).all(|part| covers(&owner.clusters, part))
                && parts(&token.topics).all(|part| covers(&owner.topics, part))
        })
    })
}

fn common(a: &Pattern, b: &Pattern) -> Option<Pattern> {
    let narrower = parts(a).filter(|part| covers(b, part)).chain(parts(b).filter(|part| covers(a, part)));
    let mut common: Vec<&str> = narrower.collect();
    common.sort_unstable();
    common.dedup();
    (!common.is_empty()).then(|| Pattern::new(&common.join(" ")))
}

fn parts(pattern: &Pattern) -> impl Iterator<Item = &str> {
    pattern.as_str().split(' ').filter(|part| !part.is_empty())
}

/// Whether `pattern` matches whatever `part` does. It does if it matches its text: only a star of `pattern` can have matched a star
/// of `part`, and it will match whatever comes in its place.
fn covers(pattern: &Pattern, part: &str) -> bool {
    pattern.matches(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::access::{Actor, Permission, Role, Target, decide};

    fn grant(role: Role, clusters: &str, topics: &str) -> Grant {
        Grant { role, clusters: Pattern::new(clusters), topics: Pattern::new(topics) }
    }

    #[test]
    fn the_narrower_of_two_patterns_counts() {
        let cap = |a: &str, b: &str| {
            let capped = cap(&[grant(Role::Admin, a, "*")], &[grant(Role::Operator, b, "*")]);
            capped.first().map(|grant| (grant.role, grant.clusters.as_str().to_owned()))
        };
        for (a, b, both) in [
            ("*", "*", Some("*")),
            ("*", "prod-*", Some("prod-*")),
            ("prod-eu", "prod-* test", Some("prod-eu")),
            ("prod-* test", "*-eu test", Some("test")),
            ("prod", "test", None),
        ] {
            let both = both.map(|both| (Role::Operator, both.to_owned()));
            assert_eq!(cap(a, b), both, "{a} {b}");
            assert_eq!(cap(b, a), both, "{b} {a}");
        }
    }

    /// Over everything that a few patterns and names allow.
    #[test]
    fn a_token_never_has_what_its_owner_lacks() {
        let patterns = ["*", "a*", "*b", "ab", "a b", "a*b c", ""];
        let names = ["a", "b", "ab", "acb", "c", "x"];
        let mut grants = Vec::new();
        for role in Role::ALL {
            for clusters in patterns {
                for topics in ["*", "a*", "ab"] {
                    grants.push(grant(role, clusters, topics));
                }
            }
        }
        let may = |grants: &[Grant], permission, cluster: &str, topic: &str| {
            let cluster = model::ClusterName::parse(cluster).unwrap();
            let topics = [topic];
            let target = Target { cluster: Some(&cluster), is_read_only: false, topics: &topics };
            decide(&Actor::user("a", grants.to_vec()), permission, target).is_ok()
        };
        for token in &grants {
            for owner in &grants {
                let (token, owner) = (std::slice::from_ref(token), std::slice::from_ref(owner));
                let capped = cap(token, owner);
                for permission in [
                    Permission::View,
                    Permission::CreateTopic,
                    Permission::ElectUncleanLeaders,
                    Permission::ManageUsers,
                ] {
                    for cluster in names {
                        for topic in names {
                            let has = may(&capped, permission, cluster, topic);
                            let should =
                                may(token, permission, cluster, topic) && may(owner, permission, cluster, topic);
                            assert!(!has || should, "{token:?} {owner:?} {permission:?} {cluster} {topic}");
                            assert!(has || !should || !is_within(token, owner), "{token:?} {owner:?} {permission:?}");
                        }
                    }
                }
            }
        }
    }
}
