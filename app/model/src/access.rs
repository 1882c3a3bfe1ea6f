//! Who may do what: the role matrix, in one pure function ([`decide`]).
//!
//! A grant gives a role on clusters and, for changes, on topics, both by pattern. Grants add up; nothing takes away but a
//! read-only cluster, which nobody may change. Topic patterns limit what may be *changed*: whoever may see a cluster sees all of it.

mod pattern;

pub use pattern::Pattern;

use crate::ClusterName;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a user is to a cluster. Each role may do what the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Role {
    /// Looks.
    Viewer,
    /// Creates, grows, configures, empties and deletes topics; elects preferred leaders; moves replicas; reads the audit log.
    Operator,
    /// Also changes internal topics, elects unclean leaders and, with a grant on all topics, changes brokers; with one on all topics
    /// of all clusters manages users.
    Admin,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Viewer, Role::Operator, Role::Admin];

    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == text)
    }
}

/// A role on some clusters and topics.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grant {
    pub role: Role,
    #[serde(default = "Pattern::any")]
    pub clusters: Pattern,
    /// Topics that may be changed.
    #[serde(default = "Pattern::any")]
    pub topics: Pattern,
}

impl Grant {
    /// `role` on everything.
    pub fn everywhere(role: Role) -> Self {
        Self { role, clusters: Pattern::any(), topics: Pattern::any() }
    }

    /// Whether it reaches every topic of every cluster, whatever may come.
    pub fn is_unlimited(&self) -> bool {
        self.clusters.is_any() && self.topics.is_any()
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user's name; of a token, its owner's.
    pub name: String,
    pub kind: ActorKind,
    /// Empty for somebody who has not signed in.
    pub grants: Vec<Grant>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActorKind {
    /// Not signed in.
    Nobody,
    /// Steward has no users and listens on loopback: whoever reaches it may do everything.
    Local,
    User,
    /// An API token; `id` is its public part.
    Token {
        id: String,
    },
}

impl Actor {
    pub fn nobody() -> Self {
        Self { name: String::new(), kind: ActorKind::Nobody, grants: Vec::new() }
    }

    pub fn local() -> Self {
        Self { name: "local".to_owned(), kind: ActorKind::Local, grants: vec![Grant::everywhere(Role::Admin)] }
    }

    pub fn user(name: impl Into<String>, grants: Vec<Grant>) -> Self {
        Self { name: name.into(), kind: ActorKind::User, grants }
    }

    pub fn is_signed_in(&self) -> bool {
        self.kind != ActorKind::Nobody
    }

    /// As the audit log names it: `alice`, or `alice (token ab12)`.
    pub fn label(&self) -> String {
        match &self.kind {
            ActorKind::Token { id } => format!("{} (token {id})", self.name),
            ActorKind::Nobody => "nobody".to_owned(),
            _ => self.name.clone(),
        }
    }
}

/// What an address or a change needs. Every route and every change has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Permission {
    /// Nothing: also for those who have not signed in.
    Public,
    /// To be signed in.
    SignedIn,
    /// To see a cluster.
    View,
    CreateTopic,
    GrowPartitions,
    EditTopicConfigs,
    DeleteTopics,
    DeleteRecords,
    ElectLeaders,
    /// A replica that is out of sync becomes leader: records are lost.
    ElectUncleanLeaders,
    EditBrokerConfigs,
    /// To move replicas, also of topics that Kafka keeps for itself, and to control what moves.
    ReassignPartitions,
    /// Any change to a topic that Kafka or its clients keep for themselves.
    ChangeInternalTopics,
    ReadAudit,
    /// Users, roles, sessions and tokens of others.
    /// Who may can give himself everything, so a grant limited to some clusters or topics does not do.
    ManageUsers,
}

impl Permission {
    pub const ALL: [Permission; 15] = [
        Self::Public,
        Self::SignedIn,
        Self::View,
        Self::CreateTopic,
        Self::GrowPartitions,
        Self::EditTopicConfigs,
        Self::DeleteTopics,
        Self::DeleteRecords,
        Self::ElectLeaders,
        Self::ElectUncleanLeaders,
        Self::EditBrokerConfigs,
        Self::ReassignPartitions,
        Self::ChangeInternalTopics,
        Self::ReadAudit,
        Self::ManageUsers,
    ];

    /// The least role that has it; `None` if no role is needed.
    pub fn least_role(self) -> Option<Role> {
        match self {
            Self::Public | Self::SignedIn => None,
            Self::View => Some(Role::Viewer),
            Self::CreateTopic
            | Self::GrowPartitions
            | Self::EditTopicConfigs
            | Self::DeleteTopics
            | Self::DeleteRecords
            | Self::ElectLeaders
            | Self::ReassignPartitions
            | Self::ReadAudit => Some(Role::Operator),
            Self::ElectUncleanLeaders | Self::EditBrokerConfigs | Self::ChangeInternalTopics | Self::ManageUsers => {
                Some(Role::Admin)
            }
        }
    }

    /// Whether it changes a cluster, which a read-only one forbids to everybody.
    pub fn is_change(self) -> bool {
        !matches!(self, Self::Public | Self::SignedIn | Self::View | Self::ReadAudit | Self::ManageUsers)
    }
}

/// What a permission is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// `None` for what is about no cluster in particular: then a grant on any cluster does, except that
    /// [`Permission::ManageUsers`] needs one on all, with all their topics.
    pub cluster: Option<&'a ClusterName>,
    pub is_read_only: bool,
    /// Names of the topics concerned.
    pub topics: &'a [&'a str],
}

impl<'a> Target<'a> {
    pub const NOTHING: Target<'static> = Target { cluster: None, is_read_only: false, topics: &[] };

    pub fn cluster(cluster: &'a ClusterName, is_read_only: bool) -> Self {
        Self { cluster: Some(cluster), is_read_only, topics: &[] }
    }
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Denial {
    NotSignedIn,
    /// The configuration forbids every change of this cluster.
    ReadOnlyCluster,
    /// No grant reaches this cluster with the role.
    NeedsRole {
        role: Role,
    },
    /// The role is there, but not for this topic.
    TopicOutOfReach {
        topic: String,
    },
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSignedIn => f.write_str("sign in first"),
            Self::ReadOnlyCluster => {
                f.write_str("this cluster is read-only: Steward's configuration forbids every change")
            }
            Self::NeedsRole { role } => write!(f, "this needs the role {} here", role.name()),
            Self::TopicOutOfReach { topic } => write!(f, "your role does not reach the topic {topic}"),
        }
    }
}

/// The role matrix: whether `actor` has `permission` on `target`.
///
/// # Errors
/// Says the first reason why not.
pub fn decide(actor: &Actor, permission: Permission, target: Target<'_>) -> Result<(), Denial> {
    if permission == Permission::Public {
        return Ok(());
    }
    if !actor.is_signed_in() {
        return Err(Denial::NotSignedIn);
    }
    let Some(role) = permission.least_role() else { return Ok(()) };
    let reaches_cluster = |grant: &&Grant| match target.cluster {
        _ if permission == Permission::ManageUsers => grant.is_unlimited(),
        // A broker's configs are those of all its topics.
        _ if permission == Permission::EditBrokerConfigs && !grant.topics.is_any() => false,
        Some(cluster) => grant.clusters.matches(cluster.as_str()),
        None => true,
    };
    let mut grants = actor.grants.iter().filter(|grant| grant.role >= role).filter(reaches_cluster).peekable();
    if grants.peek().is_none() {
        return Err(Denial::NeedsRole { role });
    }
    if !permission.is_change() {
        return Ok(());
    }
    if target.is_read_only {
        return Err(Denial::ReadOnlyCluster);
    }
    let grants: Vec<&Grant> = grants.collect();
    match target.topics.iter().find(|topic| !grants.iter().any(|grant| grant.topics.matches(topic))) {
        Some(topic) => Err(Denial::TopicOutOfReach { topic: (*topic).to_owned() }),
        None => Ok(()),
    }
}
