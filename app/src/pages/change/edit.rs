//! The forms for configs: of topics, of one broker, of all brokers.

use super::create::inherited;
use super::draft::{Draft, denied, fields, put, values};
use super::grow::{back, choose, steps};
use super::{Sheet, ahead};
use crate::address;
use crate::components::cell;
use crate::components::config_editor::{Editor, Known, chosen, editor};
use crate::components::field::hidden;
use crate::components::mark::{Tone, tag};
use crate::components::panel::panel;
use crate::pages::not_found;
use crate::shell::{Page, Place, in_cluster, param};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::change::{Kind, Reason};
use model::config::ConfigDocs;
use model::{Broker, BrokerId, ConfigEntry, ConfigSource, Snapshot, Topic};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Settings of a broker in sight before a search: there are hundreds.
const BROKER_KEYS: usize = 24;

pub fn topics() -> AnyView {
    in_cluster(Place::Topics, |visit, snapshot| {
        let text = &visit.text.form;
        let fields = without_dropped(visit, fields(visit, snapshot));
        let names = values(&fields, "topic");
        let topics: Vec<&Arc<Topic>> = names.iter().filter_map(|name| snapshot.topic(name)).collect();
        let draft = draft(visit, snapshot, Kind::EditTopicConfigs, fields, names.is_empty());
        let known = known_of_topics(snapshot, &topics);
        let refs: Vec<&str> = names.iter().map(String::as_str).collect();
        let title = match names.as_slice() {
            [name] => format!("{}: {name}", text.configs_title),
            _ => text.configs_title.to_owned(),
        };
        let heads = [
            (visit.text.change.reviewing.topic, ""),
            (visit.text.topics.partitions, "num"),
            (text.groups, "num"),
            (text.cleanup, ""),
        ];
        let unknown = visit.text.list.unknown;
        let which = if let [name] = names.as_slice()
            && snapshot.topic(name).is_some()
        {
            hidden("topic", name)
        } else {
            let body = choose(visit, snapshot, &draft, &names, &heads, |topic| {
                view! {
                    {cell::known("num", Some(topic.partition_count), "")} {cell::known("num", topic.group_count, unknown)}
                    <td>{topic.cleanup_policy.clone().unwrap_or_else(|| "–".to_owned())}</td>
                }
                .into_any()
            });
            panel(text.grow_which, (), body).into_any()
        };
        let settings = settings(visit, &draft, &known, &snapshot.topic_config_docs, usize::MAX);
        let sheet = Sheet {
            title: text.configs_title.to_owned(),
            note: only(&names).map(|name| tag(Tone::Quiet, name.to_owned())).into_any(),
            steps: steps(visit, snapshot, &names),
            path: address::edit_configs(&snapshot.cluster),
            cancel: match topics.as_slice() {
                [topic] => address::topic_config(&snapshot.cluster, &topic.name),
                _ => back(snapshot, &names),
            },
            kind: Kind::EditTopicConfigs,
            notice: denied(visit, snapshot, Permission::EditTopicConfigs, &refs),
            fields: view! { {which}{settings} }.into_any(),
            preview: seen(visit, snapshot, &draft),
        };
        Page { title: vec![title], body: sheet.view(visit, &snapshot.cluster) }
    })
}

pub fn broker() -> AnyView {
    in_cluster(Place::Brokers, |visit, snapshot| {
        let text = &visit.text.form;
        let wanted = param("broker");
        let broker = wanted.parse().ok().and_then(|id| snapshot.broker(BrokerId(id)));
        if broker.is_none() && wanted != "default" {
            let all = (visit.text.brokers.all.to_owned(), address::brokers(&snapshot.cluster));
            return not_found::missing_below(visit, (visit.text.brokers.not_found)(&wanted), Vec::new(), Some(all));
        }
        let id = broker.map(|broker| broker.id);
        let mut fields = without_dropped(visit, fields(visit, snapshot));
        put(&mut fields, "broker", &id.map_or_else(|| "default".to_owned(), |id| id.to_string()));
        let draft = draft(visit, snapshot, Kind::EditBrokerConfigs, fields, false);
        let known = known_of_brokers(snapshot, broker);
        let mut steps = vec![(visit.text.brokers.title.to_owned(), address::brokers(&snapshot.cluster))];
        steps.extend(id.map(|id| ((visit.text.brokers.one)(&id.to_string()), address::broker(&snapshot.cluster, id))));
        let title = match id {
            Some(id) => (text.configs_broker_title)(&id.to_string()),
            None => text.configs_default_title.to_owned(),
        };
        let sheet = Sheet {
            title: title.clone(),
            note: ().into_any(),
            steps,
            path: address::edit_broker_configs(&snapshot.cluster, id),
            cancel: match id {
                Some(id) => address::broker_config(&snapshot.cluster, id),
                None => address::brokers(&snapshot.cluster),
            },
            kind: Kind::EditBrokerConfigs,
            notice: denied(visit, snapshot, Permission::EditBrokerConfigs, &[]),
            fields: view! {
                {hidden("broker", draft.value("broker"))} {scope(visit, snapshot, id)}
                {settings(visit, &draft, &known, &snapshot.broker_config_docs, BROKER_KEYS)}
            }
            .into_any(),
            preview: seen(visit, snapshot, &draft),
        };
        Page { title: vec![title], body: sheet.view(visit, &snapshot.cluster) }
    })
}

fn only(names: &[String]) -> Option<&str> {
    match names {
        [name] => Some(name),
        _ => None,
    }
}

fn without_dropped(visit: &Visit, mut fields: super::draft::Fields) -> super::draft::Fields {
    let dropped: Vec<&str> =
        visit.query.iter().filter(|(name, _)| name == "drop").map(|(_, key)| key.as_str()).collect();
    fields.retain(|(name, value)| {
        let key = name.strip_prefix("set.").or_else(|| (name == "reset").then_some(value.as_str()));
        !key.is_some_and(|key| dropped.contains(&key))
    });
    fields
}

/// An empty form is no mistake.
fn draft(visit: &Visit, snapshot: &Snapshot, kind: Kind, fields: super::draft::Fields, is_empty: bool) -> Draft {
    let mut draft = Draft::of(visit, snapshot, kind, fields);
    let is_idle = |reason: &Reason| matches!(reason, Reason::NothingChosen | Reason::NothingToDo);
    if is_empty {
        draft.refusals.clear();
    }
    draft.refusals.retain(|refusal| !(refusal.field.is_empty() && is_idle(&refusal.reason)));
    draft
}

fn seen(visit: &Visit, snapshot: &Snapshot, draft: &Draft) -> AnyView {
    let changes = draft.preview.as_ref().is_some_and(|preview| !preview.diff.is_empty());
    let is_ready = changes && draft.refusals.is_empty();
    let said =
        draft.beside(visit, |field| field == "topic" || field.starts_with("set.") || field.starts_with("reset."));
    ahead(visit, snapshot, draft, said, is_ready, true)
}

fn settings(visit: &Visit, draft: &Draft, known: &[Known], docs: &ConfigDocs, in_sight: usize) -> AnyView {
    let chosen = chosen(visit, &draft.fields, "set");
    let said = |name: &str| draft.said(visit, name);
    let editor = Editor {
        prefix: "set",
        has_resets: true,
        fields: &draft.fields,
        known,
        docs,
        chosen: &chosen,
        said: &said,
        in_sight,
    };
    panel(visit.text.form.settings, (), self::editor(visit, &editor)).into_any()
}

/// Which brokers it is for: links, because each has a form of its own.
fn scope(visit: &Visit, snapshot: &Snapshot, id: Option<BrokerId>) -> AnyView {
    let text = &visit.text.form;
    let one = |of: Option<BrokerId>, label: String| {
        let current = (of == id).then_some("true");
        view! { <li><a href=address::edit_broker_configs(&snapshot.cluster, of) aria-current=current>{label}</a></li> }
    };
    let brokers = snapshot.brokers.iter().map(|broker| one(Some(broker.id), broker.id.to_string())).collect_view();
    let hint = id.is_none().then(|| view! { <p class="hint">{text.configs_default_hint}</p> });
    let body = view! {
        <div class="pad stack"><ul class="chips" aria-label=text.scope>{one(None, text.scope_default.to_owned())}{brokers}</ul>{hint}</div>
    };
    panel(text.scope, (), body).into_any()
}

fn known_of_topics(snapshot: &Snapshot, topics: &[&Arc<Topic>]) -> Vec<Known> {
    let inherited = inherited(snapshot);
    let mut all: BTreeMap<&str, Known> = BTreeMap::new();
    for (at, topic) in topics.iter().enumerate() {
        for entry in topic.configs.iter() {
            let now = entry.value.as_deref().map(str::to_owned);
            match all.get_mut(&*entry.name) {
                Some(known) => {
                    known.is_set |= entry.is_override();
                    known.differs |= known.now != now;
                }
                None => {
                    let known = Known {
                        name: entry.name.to_string(),
                        inherited: inherited.get(&*entry.name).cloned().flatten(),
                        is_set: entry.is_override(),
                        // An earlier topic does not have it.
                        differs: at > 0,
                        is_read_only: entry.is_read_only,
                        is_sensitive: entry.is_sensitive,
                        now,
                    };
                    all.insert(&entry.name, known);
                }
            }
        }
    }
    all.into_values().collect()
}

/// Of one broker what it has; of all what is set for all.
fn known_of_brokers(snapshot: &Snapshot, broker: Option<&Broker>) -> Vec<Known> {
    let known = |entry: &ConfigEntry| {
        let value = entry.value.as_deref().map(str::to_owned);
        let (own, is_set) = match broker {
            Some(_) => (value.clone(), entry.source == ConfigSource::DynamicBroker),
            None => {
                let is_set = entry.source == ConfigSource::DynamicDefaultBroker;
                (value.clone(), is_set)
            }
        };
        Known {
            name: entry.name.to_string(),
            now: own,
            inherited: None,
            is_set,
            differs: false,
            is_read_only: entry.is_read_only,
            is_sensitive: entry.is_sensitive,
        }
    };
    if let Some(broker) = broker {
        return broker.configs.iter().map(known).collect();
    }
    let mut all: BTreeMap<&str, Known> = BTreeMap::new();
    for entry in snapshot.brokers.iter().flat_map(|broker| broker.configs.iter()) {
        let one = known(entry);
        match all.get_mut(&*entry.name) {
            Some(known) if one.is_set => *known = one,
            Some(known) => known.differs |= known.now != one.now && !known.is_set,
            None => {
                all.insert(&entry.name, one);
            }
        }
    }
    all.into_values().collect()
}
