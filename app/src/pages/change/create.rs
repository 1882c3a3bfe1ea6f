//! The form of a new topic.

use super::draft::{Draft, Fields, denied, fields, put, value};
use super::{Sheet, ahead, as_lines, placement_fields};
use crate::address;
use crate::components::config_editor::{Editor, Known, chosen, editor};
use crate::components::field::{field, wrong};
use crate::components::mark::{Tone, glyph};
use crate::components::panel::panel;
use crate::shell::{Page, Place, in_cluster};
use crate::text::form::FormText;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::change::preset::{PRESETS, Preset, Recommended, like, recommended};
use model::change::well_known::TOPIC_CONFIGS;
use model::change::{CreateTopic, Kind, spread};
use model::{Snapshot, Topic};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Stands for a name while there is none, so that the rest can be shown.
const UNNAMED: &str = "new-topic";
/// Names offered while one is typed.
const OFFERED: usize = 12;
/// Topics that are asked what nobody sets.
const ASKED: usize = 300;

pub fn page() -> AnyView {
    in_cluster(Place::Topics, |visit, snapshot| {
        let text = &visit.text.form;
        let start = start(visit, snapshot);
        let (draft, is_named) = draft(visit, snapshot, start.fields);
        let name = draft.value("name").trim().to_owned();
        let is_ready = is_named && draft.refusals.is_empty();
        let is_shown = |field: &str| {
            ["name", "partitions", "replication_factor", "assignment"].contains(&field) || field.starts_with("config.")
        };
        let said = draft.beside(visit, is_shown);
        let preview = ahead(visit, snapshot, &draft, said, is_ready, false);
        let sheet = Sheet {
            title: text.creating.create_title.to_owned(),
            note: ().into_any(),
            steps: vec![(visit.text.shell.topics.to_owned(), address::topics(&snapshot.cluster))],
            path: address::create_topic(&snapshot.cluster),
            cancel: address::topics(&snapshot.cluster),
            kind: Kind::CreateTopic,
            notice: denied(visit, snapshot, Permission::CreateTopic, &[name.as_str()].map(|name| if name.is_empty() { UNNAMED } else { name })),
            fields: view! {
                {beginnings(visit, snapshot, &draft, start.like.as_deref(), start.missing.as_deref())} {basics(visit, snapshot, &draft, is_named)}
                {placement(visit, snapshot, &draft)} {settings(visit, snapshot, &draft)}
            }
            .into_any(),
            preview,
        };
        Page { title: vec![text.creating.create_title.to_owned()], body: sheet.view(visit, &snapshot.cluster) }
    })
}

/// The fields as the address has them, or as a preset or another topic begins.
struct Start {
    fields: Fields,
    /// The topic they were copied from.
    like: Option<String>,
    /// The topic they should have been copied from.
    missing: Option<String>,
}

fn start(visit: &Visit, snapshot: &Snapshot) -> Start {
    let mut fields = fields(visit, snapshot);
    let numbers = recommended(snapshot);
    // A form that was sent has its numbers; a link that only names a topic or a preset has none.
    let is_new = value(&fields, "partitions").is_none();
    let wanted = visit.query("like").unwrap_or_default().trim().to_owned();
    let (mut source, mut missing) = (None, None);
    if !wanted.is_empty() && (is_new || visit.query("copy").is_some()) {
        match snapshot.topic(&wanted) {
            Some(topic) => {
                begin(&mut fields, &like(topic), true);
                source = Some(wanted);
            }
            None => missing = Some(wanted),
        }
    } else if let Some(preset) = visit.query("preset").and_then(Preset::find) {
        let model = preset.create(model::TopicName::from_broker(UNNAMED), snapshot);
        begin(&mut fields, &model, is_new);
        clamp_min_isr(&mut fields, numbers);
    }
    for (name, number) in [("partitions", numbers.partitions), ("replication_factor", numbers.replication_factor)] {
        if value(&fields, name).is_none() {
            put(&mut fields, name, &number.to_string());
        }
    }
    if value(&fields, "placement").is_none() {
        put(&mut fields, "placement", "balanced");
    }
    let dropped: Vec<String> =
        visit.query.iter().filter(|(name, _)| name == "drop").map(|(_, key)| format!("config.{key}")).collect();
    fields.retain(|(name, _)| !dropped.contains(name));
    Start { fields, like: source, missing }
}

/// Takes the settings, and the numbers too if nothing was entered, from a topic to be created.
fn begin(fields: &mut Fields, from: &CreateTopic, with_numbers: bool) {
    fields.retain(|(name, _)| !name.starts_with("config."));
    if with_numbers {
        put(fields, "partitions", &from.partitions.to_string());
        put(fields, "replication_factor", &from.replication_factor.to_string());
    }
    fields.extend(from.configs.iter().map(|(key, value)| (format!("config.{key}"), value.clone())));
}

/// A preset assumes the recommended replicas; with fewer, fewer can be in sync.
fn clamp_min_isr(fields: &mut Fields, numbers: Recommended) {
    let replicas = value(fields, "replication_factor").and_then(|n| n.trim().parse::<u32>().ok());
    let least = replicas.unwrap_or(numbers.replication_factor).saturating_sub(1).clamp(1, numbers.min_insync_replicas);
    put(fields, "config.min.insync.replicas", &least.to_string());
}

/// Fields that cannot be read are told, and stood in for, so that all others are checked too. What is pictured is what was
/// entered: only a name may be missing from it.
fn draft(visit: &Visit, snapshot: &Snapshot, fields: Fields) -> (Draft, bool) {
    let is_named = value(&fields, "name").is_some_and(|name| !name.trim().is_empty());
    let mut draft = Draft::of(visit, snapshot, Kind::CreateTopic, fields);
    if draft.preview.is_none() {
        let is_told = |field: &str| field != "name" || is_named;
        let wrong: Vec<String> = draft.refusals.iter().map(|refusal| refusal.field.clone()).collect();
        let mut sound = draft.fields.clone();
        for field in &wrong {
            match field.as_str() {
                "name" => put(&mut sound, "name", UNNAMED),
                "assignment" | "placement" => put(&mut sound, "placement", "kafka"),
                number => put(&mut sound, number, "1"),
            }
        }
        // What was placed by hand fits no number that stands in for another.
        if wrong.iter().any(|field| field != "name") {
            put(&mut sound, "placement", "kafka");
        }
        let other = Draft::of(visit, snapshot, Kind::CreateTopic, sound);
        draft.refusals.retain(|refusal| is_told(&refusal.field));
        draft.refusals.extend(other.refusals.into_iter().filter(|refusal| !wrong.contains(&refusal.field)));
        draft.preview = other.preview.filter(|_| wrong.iter().all(|field| field == "name"));
    }
    // The one topic it is about needs no naming at its own fields.
    draft.refusals.iter_mut().for_each(|refusal| refusal.item.clear());
    (draft, is_named)
}

fn beginnings(visit: &Visit, snapshot: &Snapshot, draft: &Draft, like: Option<&str>, missing: Option<&str>) -> AnyView {
    let text = &visit.text.form;
    let presets = PRESETS.iter().map(|preset| {
        let (label, hint) = preset_words(text, preset.key);
        let has = |(key, value): &(&str, &str)| super::draft::value(&draft.fields, &format!("config.{key}")) == Some(*value);
        let pressed = if preset.configs.iter().all(has) { "true" } else { "false" };
        view! { <button class="start" name="preset" value=preset.key aria-pressed=pressed><b>{label}</b><small>{hint}</small></button> }
    });
    let typed = visit.query("like").unwrap_or_default().to_owned();
    let wanted = typed.trim().to_lowercase();
    let names = snapshot.topics.iter().filter(|topic| !topic.is_internal).map(|topic| topic.name.as_str());
    let names = names.filter(|name| !wanted.is_empty() && name.to_lowercase().contains(&wanted)).take(OFFERED);
    let names = names.map(|name| view! { <option value=name.to_owned()></option> }).collect_view();
    let copied =
        like.map(|name| view! { <p class="pad ok-line">{glyph(Tone::Ok)}{(text.creating.copied_from)(name)}</p> });
    let said: Vec<String> = missing.map(|name| (text.creating.like_missing)(name)).into_iter().collect();
    let body = view! {
        <div class="starts">{presets.collect_view()}</div>
        <div class="like">
            <label for="f-like">{text.creating.like}</label>
            <input class="field" id="f-like" name="like" value=typed list="f-like-names" autocomplete="off" spellcheck="false" aria-describedby="f-like-hint" />
            <datalist id="f-like-names">{names}</datalist> <button class="btn" name="copy" value="1">{text.creating.copy_like}</button>
            <span class="hint" id="f-like-hint">{text.creating.like_hint}</span> {wrong("f-like-said", &said)}
        </div>
        {copied}
    };
    panel(text.creating.start_from, (), body).into_any()
}

fn preset_words(text: &'static FormText, key: &str) -> (&'static str, &'static str) {
    match key {
        "event_log" => text.creating.preset_event_log,
        "compacted_table" => text.creating.preset_table,
        "work_queue" => text.creating.preset_queue,
        _ => text.creating.preset_record,
    }
}

fn basics(visit: &Visit, snapshot: &Snapshot, draft: &Draft, is_named: bool) -> AnyView {
    let text = &visit.text.form;
    let said = |name: &str| draft.said(visit, name);
    let name_said = said("name");
    let is_free = is_named && name_said.is_empty();
    let name_hint = if is_free {
        view! { <span class="ok">{glyph(Tone::Ok)}" "{text.creating.name_free}</span> }.into_any()
    } else {
        text.creating.name_hint.into_any()
    };
    let up = spread::candidates(snapshot);
    let racks = up.iter().filter_map(|broker| broker.rack.as_deref()).collect::<std::collections::BTreeSet<_>>().len();
    let shape = (text.creating.cluster_shape)(up.len() as u64, racks as u64);
    let habit =
        habit(snapshot).map(|(partitions, replicas)| (text.creating.cluster_habit)(partitions.into(), replicas.into()));
    let even = (up.len() > 1).then(|| (text.creating.multiple)(&up.len().to_string()));
    let partitions_hint = view! { {text.creating.partitions_hint}" "{even} };
    let input = |name: &'static str, kind: &'static str, class: &'static str| {
        let value = draft.value(name).to_owned();
        move |slot: &crate::components::field::Slot| {
            let (min, mode) = if kind == "number" { (Some("1"), Some("numeric")) } else { (None, None) };
            view! {
                <input class=class id=slot.id.clone() name=name type=kind min=min inputmode=mode value=value aria-invalid=slot.invalid
                    aria-describedby=slot.described.clone() autocomplete="off" spellcheck="false" maxlength="249" />
            }
            .into_any()
        }
    };
    let body = view! {
        <div class="prompts">
            {field("name", text.creating.name.into_any(), name_hint, &name_said, input("name", "text", "field wide mono"))}
            <div class="pair">
                {field("partitions", text.creating.partitions.into_any(), partitions_hint.into_any(), &said("partitions"), input("partitions", "number", "field"))}
                {field("replication_factor", text.creating.replicas.into_any(), text.creating.replicas_hint.into_any(), &said("replication_factor"), input("replication_factor", "number", "field"))}
            </div>
            <p class="hint">{shape}" "{habit}</p>
        </div>
    };
    panel(text.creating.basics, (), body).into_any()
}

/// The commonest numbers of partitions and replicas.
fn habit(snapshot: &Snapshot) -> Option<(u32, u32)> {
    let mut counts: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for topic in snapshot.topics.iter().filter(|topic| !topic.is_internal && topic.partition_count > 0) {
        *counts.entry((topic.partition_count, topic.replication_factor)).or_default() += 1;
    }
    let total: u32 = counts.values().sum();
    let (numbers, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (count * 2 > total).then_some(numbers)
}

fn settings(visit: &Visit, snapshot: &Snapshot, draft: &Draft) -> AnyView {
    let text = &visit.text.form;
    let known = known(snapshot);
    let chosen = chosen(visit, &draft.fields, "config");
    let said = |name: &str| draft.said(visit, name);
    let editor = editor(
        visit,
        &Editor {
            prefix: "config",
            has_resets: false,
            fields: &draft.fields,
            known: &known,
            docs: &snapshot.topic_config_docs,
            chosen: &chosen,
            said: &said,
            in_sight: usize::MAX,
        },
    );
    panel(text.settings, text.settings_hint, editor).into_any()
}

/// Every setting a topic can have, with what holds if it is not set.
fn known(snapshot: &Snapshot) -> Vec<Known> {
    let inherited = inherited(snapshot);
    let mut names: Vec<&str> =
        inherited.keys().copied().chain(snapshot.topic_config_docs.keys().map(|name| &**name)).collect();
    if names.is_empty() {
        names.extend(TOPIC_CONFIGS.iter().map(|known| known.name));
    }
    names.sort_unstable();
    names.dedup();
    let well_known =
        |name: &str| TOPIC_CONFIGS.iter().find(|known| known.name == name).map(|known| known.default.to_owned());
    let one = |name: &str| {
        let now = inherited.get(name).cloned().flatten().or_else(|| well_known(name));
        Known {
            name: name.to_owned(),
            inherited: now.clone(),
            now,
            is_set: false,
            differs: false,
            is_read_only: false,
            is_sensitive: false,
        }
    };
    names.into_iter().map(one).collect()
}

/// What topics have that do not set it themselves.
pub fn inherited(snapshot: &Snapshot) -> BTreeMap<&str, Option<String>> {
    let mut all: BTreeMap<&str, Option<String>> = BTreeMap::new();
    for entry in snapshot.topics.iter().take(ASKED).flat_map(|topic: &Arc<Topic>| topic.configs.iter()) {
        let value = all.entry(&entry.name).or_default();
        if value.is_none() && !entry.is_override() {
            *value = entry.value.as_deref().map(str::to_owned);
        }
    }
    all
}

fn placement(visit: &Visit, snapshot: &Snapshot, draft: &Draft) -> AnyView {
    let number = |name: &str| draft.value(name).trim().parse::<u32>().ok();
    let entered = draft.value("assignment");
    // Whoever begins to place by hand begins with a sound placement.
    let begun = match (number("partitions"), number("replication_factor")) {
        (Some(partitions), Some(replicas)) if entered.trim().is_empty() => {
            spread::spread(snapshot, partitions, replicas, &[]).map(|lists| as_lines(&lists)).unwrap_or_default()
        }
        _ => entered.to_owned(),
    };
    placement_fields(visit, draft, &draft.said(visit, "assignment"), &begun, true)
}
