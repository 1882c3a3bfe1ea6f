//! One topic. Its tabs are pages of their own under a common head.

pub mod config;
pub mod groups;
pub mod partitions;
pub mod replicas;

use crate::address;
use crate::components::action::{Offer, action, menu, offer};
use crate::components::copy::copy;
use crate::components::head::{crumbs, head_of};
use crate::components::mark::{Tone, tag};
use crate::components::notice::{fault_words, notice};
use crate::components::tabs::{Tab, tabs};
use crate::pages::not_found;
use crate::pages::topics::{retention, retention_title};
use crate::shell::{Page, Place, in_cluster, param};
use crate::text::Text;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::{Snapshot, Topic, format};
use std::sync::Arc;

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Partitions,
    Groups,
    Config,
    Replicas,
}

impl At {
    /// What the document's title says before the topic's name; nothing for the topic's own page.
    fn title(self, text: &Text) -> Option<&'static str> {
        match self {
            Self::Partitions => None,
            Self::Groups => Some(text.topic.tab_groups),
            Self::Config => Some(text.topic.tab_config),
            Self::Replicas => Some(text.topic.tab_replicas),
        }
    }
}

/// A tab of the topic named in the address; a page saying so if there is none.
fn tab(at: At, body: impl FnOnce(&Visit, &Snapshot, &Arc<Topic>) -> AnyView) -> AnyView {
    in_cluster(Place::Topics, |visit, snapshot| {
        let name = param("topic");
        let Some(topic) = snapshot.topic(&name) else { return not_found::topic(visit, snapshot, &name) };
        let text = visit.text;
        let steps = vec![
            (snapshot.cluster.to_string(), address::cluster(&snapshot.cluster)),
            (text.shell.topics.to_owned(), address::topics(&snapshot.cluster)),
        ];
        let fault = topic.fault.as_ref().map(|fault| {
            notice(Tone::Warn, text.topic.fault, format!("{}. {}", fault_words(text, fault), fault.message))
        });
        let body = view! {
            {crumbs(text, steps)} {head_of(topic.name.to_string(), copy(text, text.copy.topic, topic.name.to_string()), tags(visit, topic), actions(visit, snapshot, topic))} {tab_row(visit, snapshot, topic, at)}
            {fault} {body(visit, snapshot, topic)}
        };
        let title = at.title(text).map(str::to_owned).into_iter().chain([topic.name.to_string()]).collect();
        Page { title, body: body.into_any() }
    })
}

/// How the topic stands, worst first, then what it is.
fn tags(visit: &Visit, topic: &Topic) -> AnyView {
    let text = &visit.text.topic;
    let mut tags = Vec::new();
    for (count, words) in [
        (topic.offline, text.offline),
        (topic.under_min_isr, text.under_min_isr),
        (topic.under_replicated, text.under_replicated),
    ] {
        if count > 0 {
            tags.push(tag(Tone::Bad, words(count.into())));
        }
    }
    if tags.is_empty() && topic.fault.is_none() && topic.partition_count > 0 {
        tags.push(tag(Tone::Ok, text.healthy.to_owned()));
    }
    let mixed = if topic.mixed_replication_factor { "*" } else { "" };
    let mut facts = vec![
        (text.partitions)(topic.partition_count.into()),
        (text.replication)(&format!("{}{mixed}", topic.replication_factor)),
    ];
    let own =
        |fact: String, keys: &[&str]| if keys.iter().any(|key| topic.sets(key)) { (text.own)(&fact) } else { fact };
    let min_isr = topic.min_insync_replicas.map(|min| (text.min_isr)(&min.to_string()));
    facts.extend(min_isr.map(|fact| own(fact, &["min.insync.replicas"])));
    let keeps = topic.cleanup_policy.as_ref().map(|policy| {
        let fact = if policy.contains("delete") {
            let keeps = format!("{policy} · {}", retention(visit.text, topic));
            own(keeps, &["cleanup.policy", "retention.ms", "retention.bytes"])
        } else {
            own(policy.clone(), &["cleanup.policy"])
        };
        view! { <span title=retention_title(visit.text, topic)>{tag(Tone::Quiet, fact)}</span> }
    });
    let internal = topic.is_internal.then(|| tag(Tone::Quiet, text.internal));
    let facts = facts.into_iter().map(|fact| tag(Tone::Quiet, fact)).collect_view();
    let id = topic.id.clone().map(|id| {
        let copy = copy(visit.text, visit.text.copy.topic_id, id.clone());
        view! { <span class="id muted">{text.id}" "<code title=id.clone()>{id.clone()}</code>{copy}</span> }
    });
    view! { {tags.collect_view()}{facts}{keeps}{internal}{id} }.into_any()
}

/// What can be done to the topic.
fn actions(visit: &Visit, snapshot: &Snapshot, topic: &Topic) -> AnyView {
    let text = &visit.text.change;
    let cluster = &snapshot.cluster;
    let name = topic.name.as_str();
    let this = |path: String| address::with_query(path, [("topic", name)]);
    let one = |permission: Permission, label: &'static str, to: String| {
        action(offer(visit, snapshot, permission, &[name]), "item", label, to)
    };
    let review = |fields: &[(&str, &str)]| {
        address::with_query(address::review(cluster), fields.iter().copied().chain([("topic", name)]))
    };
    let elect = review(&[("kind", "elect_leaders"), ("election", "preferred"), ("scope", "topics")]);
    let elect = (topic.preferred_percent < 100).then(|| one(Permission::ElectLeaders, text.elect, elect));
    let delete = if topic.is_internal {
        action(Offer::Shut(text.internal_kept.to_owned()), "item danger", text.delete, String::new())
    } else {
        let delete = review(&[("kind", "delete_topics")]);
        action(offer(visit, snapshot, Permission::DeleteTopics, &[name]), "item danger", text.delete, delete)
    };
    let like = address::with_query(address::create_topic(cluster), [("like", name)]);
    let like = action(offer(visit, snapshot, Permission::CreateTopic, &[]), "item", text.create_like, like);
    let moving = address::with_query(address::new_reassignment(cluster), [("goal", "manual"), ("topics", name)]);
    let all = [
        Some(one(Permission::GrowPartitions, text.grow, this(address::grow_partitions(cluster)))),
        Some(one(Permission::EditTopicConfigs, text.edit_configs, this(address::edit_configs(cluster)))),
        elect,
        Some(one(Permission::ReassignPartitions, text.move_replicas, moving)),
        Some(like),
        Some(one(Permission::DeleteRecords, text.delete_records, this(address::delete_records(cluster)))),
        Some(delete),
    ];
    if matches!(offer(visit, snapshot, Permission::SignedIn, &[]), Offer::Hidden) {
        return ().into_any();
    }
    menu(text.actions, all.into_iter().flatten().collect())
}

fn tab_row(visit: &Visit, snapshot: &Snapshot, topic: &Topic, at: At) -> impl IntoView + use<> {
    let text = &visit.text.topic;
    let base = address::topic(&snapshot.cluster, &topic.name);
    let changed = topic.overrides().count();
    let tab = |is: At, label: &'static str, note: String, below: &str| Tab {
        label,
        note,
        address: format!("{base}{below}"),
        is_current: is == at,
    };
    tabs(
        text.tabs,
        vec![
            tab(At::Partitions, text.tab_partitions, String::new(), ""),
            tab(
                At::Groups,
                text.tab_groups,
                topic.group_count.map(|n| format::count(n.into())).unwrap_or_default(),
                "/groups",
            ),
            tab(
                At::Config,
                text.tab_config,
                if changed > 0 { (visit.text.config.set_count)(changed as u64) } else { String::new() },
                "/config",
            ),
            tab(At::Replicas, text.tab_replicas, String::new(), "/replicas"),
        ],
    )
}
