//! The form that deletes records from the start of partitions.

use super::draft::{Draft, denied, fields, put, value, values};
use super::grow::{back, choose, steps};
use super::{Sheet, ahead};
use crate::address;
use crate::components::cell;
use crate::components::field::{choice, field, hidden, wrong};
use crate::components::mark::{Tone, tag};
use crate::components::panel::panel;
use crate::components::table::plain_head;
use crate::shell::{Page, Place, in_cluster};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::change::{Change, Cut, Kind};
use model::{Snapshot, Topic, format};

pub fn page() -> AnyView {
    in_cluster(Place::Topics, |visit, snapshot| {
        let text = &visit.text.form;
        let mut fields = fields(visit, snapshot);
        let names: Vec<String> = values(&fields, "topic").into_iter().take(1).collect();
        // Nothing is deleted by opening a form: the narrowest way is the first.
        let is_new = value(&fields, "to").is_none();
        if is_new {
            put(&mut fields, "to", "partitions");
        }
        let mut draft = Draft::of(visit, snapshot, Kind::DeleteRecords, fields);
        let is_waiting = match draft.value("to") {
            _ if names.is_empty() => true,
            "offset" => draft.value("offset").trim().is_empty(),
            "time" => draft.value("time").trim().is_empty(),
            "partitions" => draft.refusals.iter().any(|refusal| refusal.reason == model::change::Reason::NothingChosen),
            _ => false,
        };
        if is_waiting {
            draft.refusals.clear();
            draft.preview = None;
        }
        // Only the brokers know the offsets of a moment; the review asks them.
        let is_time = matches!(
            draft.preview.as_ref().map(|preview| &preview.change),
            Some(Change::DeleteRecords(delete)) if matches!(delete.before, Cut::Time(_))
        );
        if is_time {
            draft.refusals.retain(|refusal| refusal.field != "time");
        }
        draft
            .refusals
            .iter_mut()
            .filter(|refusal| names.first() == Some(&refusal.item))
            .for_each(|refusal| refusal.item.clear());
        let is_ready = draft.preview.is_some() && draft.refusals.is_empty();
        let said = draft
            .beside(visit, |field| ["topic", "offset", "time"].contains(&field) || field.starts_with("partition."));
        let refs: Vec<&str> = names.iter().map(String::as_str).collect();
        let topic = names.first().and_then(|name| snapshot.topic(name));
        let which = match (topic, names.first()) {
            (Some(_), Some(name)) => {
                let said = draft.said(visit, "topic");
                view! { {hidden("topic", name)}{wrong("f-topic-said", &said)} }.into_any()
            }
            _ => {
                let heads = [(visit.text.change.reviewing.topic, "")];
                panel(
                    visit.text.change.reviewing.topic,
                    (),
                    choose(visit, snapshot, &draft, &names, &heads, |_| ().into_any()),
                )
                .into_any()
            }
        };
        let sheet = Sheet {
            title: text.deleting.records_title.to_owned(),
            note: names.first().map(|name| tag(Tone::Quiet, name.clone())).into_any(),
            steps: steps(visit, snapshot, &names),
            path: address::delete_records(&snapshot.cluster),
            cancel: back(snapshot, &names),
            kind: Kind::DeleteRecords,
            notice: denied(visit, snapshot, Permission::DeleteRecords, &refs),
            fields:
                view! { {which} {up_to(visit, &draft)} {topic.map(|topic| partitions(visit, snapshot, &draft, topic))} }
                    .into_any(),
            preview: ahead(visit, snapshot, &draft, said, is_ready, true),
        };
        let title = names.first().map(|name| format!("{}: {name}", text.deleting.records_title));
        Page {
            title: vec![title.unwrap_or_else(|| text.deleting.records_title.to_owned())],
            body: sheet.view(visit, &snapshot.cluster),
        }
    })
}

fn up_to(visit: &Visit, draft: &Draft) -> AnyView {
    let text = &visit.text.form;
    let to = draft.value("to");
    let input = |name: &'static str, kind: &'static str, hint: &'static str, label: &'static str| {
        let value = draft.value(name).to_owned();
        field(name, label.into_any(), hint.into_any(), &draft.said(visit, name), move |slot| {
            let (min, mode) = if kind == "number" { (Some("0"), Some("numeric")) } else { (None, None) };
            view! {
                <input class="field" id=slot.id.clone() name=name type=kind min=min inputmode=mode value=value aria-invalid=slot.invalid
                    aria-describedby=slot.described.clone() autocomplete="off" />
            }
            .into_any()
        })
    };
    let below = match to {
        "time" => Some(input("time", "datetime-local", text.deleting.time_hint, text.deleting.time)),
        "offset" => Some(input("offset", "number", text.deleting.to_offset_hint, text.deleting.offset)),
        _ => None,
    };
    let body = view! {
        <div class="prompts">
            <fieldset class="options">
                <legend class="sr">{text.deleting.up_to}</legend>
                {choice("to", "partitions", to == "partitions", text.deleting.to_partitions, text.deleting.to_partitions_hint)}
                {choice("to", "offset", to == "offset", text.deleting.to_offset, text.deleting.to_offset_hint)}
                {choice("to", "time", to == "time", text.deleting.to_time, text.deleting.to_time_hint)}
                {choice("to", "end", to == "end", text.deleting.to_end, text.deleting.to_end_hint)}
            </fieldset>
            {below}
        </div>
    };
    panel(text.deleting.up_to, (), body).into_any()
}

/// Where each partition starts and ends, and, asked for one by one, where it is to start.
fn partitions(visit: &Visit, snapshot: &Snapshot, draft: &Draft, topic: &Topic) -> AnyView {
    let text = &visit.text.form;
    let unknown = visit.text.list.unknown;
    let by_hand = draft.value("to") == "partitions";
    let mut heads = vec![
        (text.deleting.partition, "num"),
        (text.deleting.earliest, "num"),
        (text.deleting.latest, "num"),
        (text.deleting.records, "num"),
        (text.deleting.new_start, "num"),
    ];
    if !by_hand {
        heads.pop();
    }
    let rows = topic
        .partitions
        .iter()
        .map(|partition| {
            let name = format!("partition.{}", partition.partition);
            let said = draft.said(visit, &name);
            let id = crate::components::field::id(&name);
            let said_id = format!("{id}-said");
            let invalid = (!said.is_empty()).then_some("true");
            let described = (!said.is_empty()).then(|| said_id.clone());
            let field = by_hand.then(|| {
                let label = (text.deleting.new_start_of)(&partition.partition.to_string());
                let value = draft.value(&name).to_owned();
                view! {
                    <td class="num"><input class="field short num" id=id name=name type="number" min="0" inputmode="numeric" value=value aria-label=label
                        aria-invalid=invalid aria-describedby=described autocomplete="off" />{wrong(&said_id, &said)}</td>
                }
            });
            let address = address::partition(&snapshot.cluster, &topic.name, partition.partition);
            view! {
                <tr data-key=partition.partition.to_string()>
                    <td class="num"><a href=address>{partition.partition}</a></td> {cell::known("num", partition.earliest_offset, unknown)}
                    {cell::known("num", partition.latest_offset, unknown)} {cell::known("num", partition.record_count(), unknown)} {field}
                </tr>
            }
        })
        .collect_view();
    let total = topic.record_count.map(|records| (visit.text.topic.records)(&format::count(records)));
    panel(
        visit.text.topic.tab_partitions,
        total,
        view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div> },
    )
    .into_any()
}
