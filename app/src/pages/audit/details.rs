//! All that an entry holds: the diff, the commands, what each broker said, and what proves it.

use crate::address;
use crate::audit::Row;
use crate::components::age::moment;
use crate::components::copy::copy;
use crate::components::grants::grant_tags;
use crate::components::mark::{Tone, tag};
use crate::components::table::plain_head;
use crate::visit::Visit;
use leptos::prelude::*;
use model::audit::Event;
use model::change::{Difference, Item, ItemOutcome};
use model::format::count;

/// Rows of a table of details: a log is no place for ten thousand partitions.
const SHOWN: usize = 100;

pub fn details(visit: &Visit, row: &Row<'_>) -> impl IntoView + use<> {
    let text = &visit.text.audit;
    let entry = row.entry;
    let record = &entry.record;
    let (diff, commands) = match &record.event {
        Event::Intent { diff, commands, .. } => (differences(visit, diff), command_lines(visit, commands)),
        _ => (None, None),
    };
    let items = row.result().and_then(|(_, items)| answers(visit, items));
    let own = match &record.event {
        Event::Intent { id, .. } | Event::Outcome { id, .. } | Event::ReassignmentEnded { id, .. } => {
            record.cluster.as_ref().map(|cluster| {
                view! { <p><a class="link" href=address::change(cluster, id)>{text.to_change}</a></p> }.into_any()
            })
        }
        _ => None,
    };
    view! {
        <div class="entry-more">
            {diff} {items} {commands}
            <dl class="entry-facts">{facts(visit, row)}</dl>
            {own}
        </div>
    }
}

fn fact(label: &'static str, value: impl IntoView) -> AnyView {
    view! { <div><dt>{label}</dt><dd>{value}</dd></div> }.into_any()
}

fn facts(visit: &Visit, row: &Row<'_>) -> Vec<AnyView> {
    let text = &visit.text.audit;
    let people = &visit.text.people;
    let record = &row.entry.record;
    let mut facts = vec![fact(text.at, moment(record.at))];
    if let Some(outcome) = row.outcome.filter(|outcome| outcome.seq != row.entry.seq) {
        facts.push(fact(text.finished, moment(outcome.record.at)));
    }
    match &record.event {
        Event::Denied { denial, .. } => facts.push(fact(text.why, (people.denial)(denial))),
        Event::UserAdded { grants, .. } | Event::UserGranted { grants, .. } => {
            facts.push(fact(text.grants, grant_tags(people, grants)));
        }
        Event::TokenCreated { token, grants, expires_at, .. } => {
            facts.push(fact(text.token, view! { <code>{token.clone()}</code> }));
            facts.push(fact(text.grants, grant_tags(people, grants)));
            facts.push(fact(text.until, moment(*expires_at)));
        }
        _ => {}
    }
    if !record.address.is_empty() {
        facts.push(fact(text.from, view! { <code>{record.address.clone()}</code> }));
    }
    if let Some(cluster) = &record.cluster {
        facts.push(fact(text.cluster, cluster.to_string()));
    }
    if !record.request.is_empty() {
        let id = record.request.clone();
        let shown =
            view! { <span class="id"><code>{id.clone()}</code>{copy(visit.text, text.copy_request, id)}</span> };
        facts.push(fact(text.request, shown));
    }
    let hash = row.entry.hash.clone();
    let shown = view! { <span class="id" title=hash.clone()>{(text.number_of)(&count(row.entry.seq))}" "<code>{hash.clone()}</code>{copy(visit.text, text.copy_hash, hash.clone())}</span> };
    facts.push(fact(text.number, shown));
    facts
}

/// A line instead of the rows that are left out.
fn more(visit: &Visit, all: usize) -> Option<AnyView> {
    let left = all.checked_sub(SHOWN).filter(|left| *left > 0)?;
    Some(view! { <p class="faint">{(visit.text.groups.more)(left as u64)}</p> }.into_any())
}

fn differences(visit: &Visit, diff: &[Difference]) -> Option<AnyView> {
    let text = &visit.text.audit;
    let value = |class: &'static str, value: &Option<String>| match value {
        Some(value) => view! { <td class="wrap"><code class=class>{value.clone()}</code></td> }.into_any(),
        None => view! { <td class="none">{text.nothing}</td> }.into_any(),
    };
    let rows = diff.iter().take(SHOWN).map(|difference| {
        view! {
            <tr><td class="wrap">{difference.item.clone()}" "<span class="muted">{difference.field.clone()}</span></td> {value("was", &difference.before)} {value("is", &difference.after)}</tr>
        }
    });
    let heads = [(text.item, ""), (text.before, ""), (text.after, "")];
    let table = view! { <h2>{text.diff}</h2><table class="sheet">{plain_head(&heads)}<tbody>{rows.collect_view()}</tbody></table>{more(visit, diff.len())} };
    (!diff.is_empty()).then(|| table.into_any())
}

fn command_lines(visit: &Visit, commands: &[String]) -> Option<AnyView> {
    let text = &visit.text.audit;
    let lines = commands.join("\n");
    (!commands.is_empty()).then(|| {
        view! { <h2>{text.commands}{copy(visit.text, text.copy_commands, lines.clone())}</h2><pre class="lines">{lines}</pre> }
            .into_any()
    })
}

/// What became of each item, in the broker's own words.
fn answers(visit: &Visit, items: &[Item]) -> Option<AnyView> {
    use model::change::Outcome::{Done, Refused, Unknown};
    let text = &visit.text.audit;
    let rows = items.iter().take(SHOWN).map(|item| {
        let (mark, said) = match &item.outcome {
            ItemOutcome::Done => (tag(Tone::Ok, (text.outcomes)(Done)).into_any(), String::new()),
            ItemOutcome::NotNeeded => (tag(Tone::Quiet, text.not_needed).into_any(), String::new()),
            ItemOutcome::Refused { code, name, message } => {
                let code = if name.is_empty() { String::new() } else { format!("{name} ({code}) ") };
                (tag(Tone::Bad, (text.outcomes)(Refused)).into_any(), code + message)
            }
            ItemOutcome::Unknown { message } => (super::outcome_mark(visit, Unknown), message.clone()),
        };
        view! { <tr><td class="wrap">{item.item.clone()}</td><td>{mark}</td><td class="wrap muted">{said}</td></tr> }
    });
    let rows = rows.collect_view();
    (!items.is_empty()).then(|| {
        view! { <h2>{text.items}</h2><table class="sheet answers"><tbody>{rows}</tbody></table>{more(visit, items.len())} }
            .into_any()
    })
}
