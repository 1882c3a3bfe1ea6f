//! The form for more partitions.

use super::draft::{Draft, denied, fields, put, value, values};
use super::{Sheet, ahead, as_lines, placement_fields};
use crate::address;
use crate::components::cell;
use crate::components::field::{field, hidden, wrong};
use crate::components::panel::panel;
use crate::components::table::plain_head;
use crate::shell::{Page, Place, in_cluster};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::change::{Change, Kind, spread};
use model::{Snapshot, Topic, format};
use std::sync::Arc;

pub fn page() -> AnyView {
    in_cluster(Place::Topics, |visit, snapshot| {
        let text = &visit.text.form;
        let mut fields = fields(visit, snapshot);
        let names = values(&fields, "topic");
        let topics: Vec<&Arc<Topic>> = names.iter().filter_map(|name| snapshot.topic(name)).collect();
        let most = topics.iter().map(|topic| topic.partition_count).max();
        if let Some(most) = most.filter(|_| names.len() == 1 && value(&fields, "total").is_none()) {
            // Twice as many: half of the keys stay where they are. Of several topics that would be another number each.
            put(&mut fields, "total", &most.saturating_mul(2).to_string());
        }
        if value(&fields, "placement").is_none_or(|placement| placement == "manual" && names.len() != 1) {
            put(&mut fields, "placement", "balanced");
        }
        let mut draft = Draft::of(visit, snapshot, Kind::GrowPartitions, fields);
        if names.is_empty() {
            draft.refusals.clear();
        }
        // Whoever begins to place by hand begins with a sound placement.
        let begun = begun(snapshot, &draft, &topics);
        if draft.value("placement") == "manual" && draft.value("assignment").trim().is_empty() && !begun.is_empty() {
            let mut fields = draft.fields.clone();
            put(&mut fields, "assignment", &begun);
            draft = Draft::of(visit, snapshot, Kind::GrowPartitions, fields);
        }
        if names.len() == 1 {
            draft.refusals.iter_mut().for_each(|refusal| refusal.item.clear());
        }
        let is_ready = draft.preview.is_some() && draft.refusals.is_empty();
        let said = draft.beside(visit, |field| ["topic", "total", "assignment"].contains(&field));
        let assignment = draft.value("assignment").to_owned();
        let refs: Vec<&str> = names.iter().map(String::as_str).collect();
        let sheet = Sheet {
            title: text.grow_title.to_owned(),
            note: ().into_any(),
            steps: steps(visit, snapshot, &names),
            path: address::grow_partitions(&snapshot.cluster),
            cancel: back(snapshot, &names),
            kind: Kind::GrowPartitions,
            notice: denied(visit, snapshot, Permission::GrowPartitions, &refs),
            fields: view! {
                {which(visit, snapshot, &draft, &names)} {total(visit, snapshot, &draft, most)}
                {placement_fields(visit, &draft, &draft.said(visit, "assignment"), &assignment, names.len() == 1)}
            }
            .into_any(),
            preview: ahead(visit, snapshot, &draft, said, is_ready, false),
        };
        Page { title: vec![text.grow_title.to_owned()], body: sheet.view(visit, &snapshot.cluster) }
    })
}

fn begun(snapshot: &Snapshot, draft: &Draft, topics: &[&Arc<Topic>]) -> String {
    let (Some(topic), Ok(total)) = (topics.first(), draft.value("total").trim().parse::<u32>()) else {
        return String::new();
    };
    let existing: Vec<Vec<model::BrokerId>> =
        topic.partitions.iter().map(|partition| partition.replicas.to_vec()).collect();
    let added = total.saturating_sub(topic.partition_count);
    spread::spread(snapshot, added, topic.replication_factor, &existing)
        .map(|lists| as_lines(&lists))
        .unwrap_or_default()
}

/// The way to the form: over the topic, if it is one.
pub fn steps(visit: &Visit, snapshot: &Snapshot, names: &[String]) -> Vec<(String, String)> {
    let mut steps = vec![(visit.text.shell.topics.to_owned(), address::topics(&snapshot.cluster))];
    if let [name] = names {
        steps.extend(snapshot.topic(name).map(|topic| (name.clone(), address::topic(&snapshot.cluster, &topic.name))));
    }
    steps
}

/// Where giving up leads.
pub fn back(snapshot: &Snapshot, names: &[String]) -> String {
    let only = match names {
        [name] => snapshot.topic(name),
        _ => None,
    };
    only.map_or_else(|| address::topics(&snapshot.cluster), |topic| address::topic(&snapshot.cluster, &topic.name))
}

/// The chosen topics, each to be taken out, and a field for one more.
pub fn choose(
    visit: &Visit,
    snapshot: &Snapshot,
    draft: &Draft,
    names: &[String],
    heads: &[(&'static str, &'static str)],
    cells: impl Fn(&Topic) -> AnyView,
) -> AnyView {
    let text = &visit.text.form;
    let row = |name: &String| {
        let said: Vec<String> = draft
            .refusals
            .iter()
            .filter(|refusal| {
                refusal.field == "topic" && (refusal.item == *name || (refusal.item.is_empty() && names.len() == 1))
            })
            .map(|refusal| (visit.text.objection.reason)(&refusal.reason))
            .collect();
        let topic = snapshot.topic(name);
        let link = match topic {
            Some(topic) => {
                view! { <a href=address::topic(&snapshot.cluster, &topic.name)>{name.clone()}</a> }.into_any()
            }
            None => view! { <span>{name.clone()}</span> }.into_any(),
        };
        let span = (heads.len() - 1).to_string();
        let cells = match topic {
            Some(topic) => cells(topic),
            None => view! { <td colspan=span></td> }.into_any(),
        };
        let tick = (names.len() > 1).then(|| view! { <input type="checkbox" name="topic" value=name.clone() checked=true aria-label=(visit.text.change.select_topic)(name) /> });
        let kept = (names.len() == 1).then(|| hidden("topic", name));
        view! { <tr data-key=name.clone()><td class="name" title=name.clone()><span class="pickable">{tick}{kept}{link}</span>{wrong("f-topic-said", &said)}</td>{cells}</tr> }
    };
    let rows = names.iter().map(row).collect_view();
    let table = (!names.is_empty())
        .then(|| view! { <div class="scroll"><table>{plain_head(heads)}<tbody>{rows}</tbody></table></div> });
    let said = if names.is_empty() { draft.said(visit, "topic") } else { Vec::new() };
    let add = view! {
        <div class="like">
            <label for="f-topic-add">{if names.is_empty() { text.grow_which } else { text.add_topic }}</label>
            <input class="field" id="f-topic-add" name="add" value="" placeholder=text.add_topic_hint list="f-topic-names" autocomplete="off" spellcheck="false" data-key="add-topic" />
            <datalist id="f-topic-names">{names_offered(snapshot, names)}</datalist> <button class="btn">{text.check}</button>
            {wrong("f-topic-said", &said)}
        </div>
    };
    view! { {table}{add} }.into_any()
}

/// As many names as a list in a page bears.
fn names_offered(snapshot: &Snapshot, chosen: &[String]) -> AnyView {
    const MOST: usize = 100;
    let names = snapshot.topics.iter().filter(|topic| !topic.is_internal).map(|topic| topic.name.as_str());
    let names = names.filter(|name| !chosen.iter().any(|one| one == name)).take(MOST);
    names.map(|name| view! { <option value=name.to_owned()></option> }).collect_view().into_any()
}

fn which(visit: &Visit, snapshot: &Snapshot, draft: &Draft, names: &[String]) -> AnyView {
    let text = &visit.text.form;
    let heads = [
        (visit.text.change.reviewing.topic, ""),
        (text.now, "num"),
        (text.then, "num"),
        (text.groups, "num"),
        (text.cleanup, ""),
    ];
    let total = match draft.preview.as_ref().map(|preview| &preview.change) {
        Some(Change::GrowPartitions(grow)) => Some(grow.total),
        _ => None,
    };
    let unknown = visit.text.list.unknown;
    let body = choose(visit, snapshot, draft, names, &heads, |topic| {
        let then = total.filter(|total| *total > topic.partition_count).unwrap_or(topic.partition_count);
        let class = if then > topic.partition_count { "num will" } else { "num muted" };
        view! {
            <td class="num">{format::count(topic.partition_count.into())}</td> <td class=class>{format::count(then.into())}</td>
            {cell::known("num", topic.group_count, unknown)} <td>{topic.cleanup_policy.clone().unwrap_or_else(|| "–".to_owned())}</td>
        }
        .into_any()
    });
    panel(text.grow_which, (), body).into_any()
}

fn total(visit: &Visit, snapshot: &Snapshot, draft: &Draft, most: Option<u32>) -> AnyView {
    let text = &visit.text.form;
    let up = spread::candidates(snapshot).len();
    let even = (up > 1).then(|| (text.creating.multiple)(&up.to_string()));
    let hint = most.map(|most| (text.total_hint)(&format::count(most.into())));
    let hint = view! { {hint}" "{even} };
    let value = draft.value("total").to_owned();
    let said: Vec<String> = draft.said(visit, "total");
    let body = field("total", text.total.into_any(), hint.into_any(), &said, move |slot| {
        view! {
            <input class="field" id=slot.id.clone() name="total" type="number" min="1" inputmode="numeric" value=value aria-invalid=slot.invalid
                aria-describedby=slot.described.clone() autocomplete="off" />
        }
        .into_any()
    });
    panel(text.creating.partitions, (), view! { <div class="prompts">{body}</div> }).into_any()
}
