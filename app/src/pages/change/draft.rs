//! A change being prepared: what the address says of it, what speaks against it, what it would do.

use crate::components::mark::Tone;
use crate::components::notice::notice;
use crate::visit::Visit;
use leptos::prelude::*;
use model::Snapshot;
use model::access::Permission;
use model::change::{Kind, Preview, Refusal, Setting, form};

/// Parameters of the pages themselves; all others are fields of a change.
const OWN: [&str; 14] =
    ["lang", "add", "q", "key", "drop", "preset", "like", "copy", "select", "all", "said", "note", "change", "check"];

pub type Fields = Vec<(String, String)>;

pub struct Draft {
    pub fields: Fields,
    pub refusals: Vec<Refusal>,
    /// `None` if the fields cannot be read.
    pub preview: Option<Preview>,
}

/// The fields of a change in the address. Topics left empty are fields nobody filled in; one that is being added (`add`)
/// counts once there is such a topic.
pub fn fields(visit: &Visit, snapshot: &Snapshot) -> Fields {
    let is_field =
        |name: &str, value: &str| !OWN.contains(&name) && name != "kind" && (name != "topic" || !value.is_empty());
    let mut fields: Fields = visit.query.iter().filter(|(name, value)| is_field(name, value)).cloned().collect();
    let added = visit.query("add").map(str::trim).filter(|name| snapshot.topic(name).is_some());
    fields.extend(added.map(|name| ("topic".to_owned(), name.to_owned())));
    // What is to be reset needs no value: without a script its field sends one still.
    let reset = values(&fields, "reset");
    fields.retain(|(name, _)| !name.strip_prefix("set.").is_some_and(|key| reset.iter().any(|one| one == key)));
    fields
}

/// The first value of a field.
pub fn value<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

/// All values of a repeated field, each once.
pub fn values(fields: &[(String, String)], name: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (_, value) in fields.iter().filter(|(field, _)| field == name) {
        if !all.contains(value) {
            all.push(value.clone());
        }
    }
    all
}

/// Sets a field that has one value.
pub fn put(fields: &mut Fields, name: &str, value: &str) {
    match fields.iter_mut().find(|(field, _)| field == name) {
        Some((_, old)) => value.clone_into(old),
        None => fields.push((name.to_owned(), value.to_owned())),
    }
}

impl Draft {
    pub fn of(visit: &Visit, snapshot: &Snapshot, kind: Kind, fields: Fields) -> Self {
        match form::parse(kind, &fields, snapshot) {
            Ok(change) => {
                let bootstrap = bootstrap(snapshot);
                let setting = Setting {
                    snapshot,
                    bootstrap: &bootstrap,
                    is_secured: false,
                    now: visit.now,
                    jobs: &[],
                    elections_every: None,
                };
                let preview = change.preview(&setting);
                Self { fields, refusals: preview.refusals.clone(), preview: Some(preview) }
            }
            Err(refusals) => Self { fields, refusals, preview: None },
        }
    }

    pub fn value(&self, name: &str) -> &str {
        value(&self.fields, name).unwrap_or_default()
    }

    /// What speaks against one field, in words.
    pub fn said(&self, visit: &Visit, field: &str) -> Vec<String> {
        let said = self.refusals.iter().filter(|refusal| refusal.field == field);
        said.map(|refusal| about(&refusal.item, (visit.text.objection.reason)(&refusal.reason))).collect()
    }

    /// What speaks against it beside the fields that `is_shown` has a place for.
    pub fn beside(&self, visit: &Visit, is_shown: impl Fn(&str) -> bool) -> Vec<String> {
        let rest = self.refusals.iter().filter(|refusal| refusal.field.is_empty() || !is_shown(&refusal.field));
        rest.map(|refusal| in_words(visit, refusal)).collect()
    }
}

/// A refusal with what it is about.
pub fn in_words(visit: &Visit, refusal: &Refusal) -> String {
    about(&refusal.item, about(&label(visit, &refusal.field), (visit.text.objection.reason)(&refusal.reason)))
}

/// What a field is called; nothing where what it is about says it.
fn label(visit: &Visit, field: &str) -> String {
    let text = &visit.text.form;
    let key = ["config.", "set.", "reset."].iter().find_map(|prefix| field.strip_prefix(prefix));
    let label = key.unwrap_or(match field {
        "name" => text.creating.name,
        "partitions" => text.creating.partitions,
        "replication_factor" => text.creating.replicas,
        "total" => text.total,
        "assignment" | "placement" => text.placing.placement,
        "offset" => text.deleting.offset,
        "time" => text.deleting.time,
        _ => "",
    });
    label.to_owned()
}

fn about(what: &str, words: String) -> String {
    if what.is_empty() { words } else { format!("{what}: {words}") }
}

/// The first broker that answers, for command lines made without the console.
pub fn bootstrap(snapshot: &Snapshot) -> String {
    let up = snapshot.brokers.iter().filter(|broker| broker.is_up());
    let mut addresses = up.filter_map(|broker| Some(format!("{}:{}", broker.host.as_ref()?, broker.port?)));
    addresses.next().unwrap_or_else(|| "localhost:9092".to_owned())
}

/// Says before the form that the reader will not be able to apply it, and why.
pub fn denied(visit: &Visit, snapshot: &Snapshot, permission: Permission, topics: &[&str]) -> Option<AnyView> {
    let denial = visit.console.may(permission, Some(snapshot), topics).err()?;
    let why = (visit.text.objection.denial)(&denial);
    Some(notice(Tone::Warn, visit.text.form.not_allowed, why).into_any())
}
