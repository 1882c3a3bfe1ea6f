//! The flow strip of a topic: who writes, what it holds, which groups read it and how far behind they are.

use crate::address;
use crate::components::mark::lag_mark;
use crate::text::topic::TopicText;
use crate::visit::Visit;
use leptos::prelude::*;
use model::{Group, Snapshot, Topic, format, lag};
use std::sync::Arc;

/// Groups shown before the rest is only counted.
const SHOWN: usize = 4;

pub fn flow(visit: &Visit, snapshot: &Snapshot, topic: &Topic) -> impl IntoView + use<> {
    let text = &visit.text.topic;
    let mut readers: Vec<(&Arc<Group>, Option<i64>)> =
        snapshot.groups_of(&topic.name).map(|group| (group, lag_of(group, topic))).collect();
    readers.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.id.cmp(&b.0.id)));
    let more = readers.len().saturating_sub(SHOWN);
    let rows = readers.iter().take(SHOWN).map(|(group, lag)| reader(text, snapshot, topic, group, *lag)).collect_view();
    let readers = if readers.is_empty() {
        let known = topic.group_count.is_some();
        let (title, hint) =
            if known { (text.nobody_reads, text.nobody_reads_hint) } else { (visit.text.list.unknown, "") };
        view! { <b>{title}</b><small class="muted">{hint}</small> }.into_any()
    } else {
        let rest = (more > 0).then(|| view! { <li><a class="link" href=format!("{}/groups", address::topic(&snapshot.cluster, &topic.name))>{(text.more_groups)(more as u64)}</a></li> });
        view! { <ul>{rows}{rest}</ul> }.into_any()
    };
    let (rate, rate_exact, rate_note) = match topic.records_per_second {
        Some(rate) if rate > 0.0 => ((text.per_second)(&format::rate(rate)), Some(format!("{rate:.2}")), ""),
        Some(_) => ((text.per_second)("0"), None, text.idle),
        None => ("–".to_owned(), None, text.rate_unknown),
    };
    let records = topic.record_count.map_or_else(|| "–".to_owned(), |n| (text.records)(&format::compact(n)));
    let records_exact = topic.record_count.map(format::count);
    let size = topic.size_bytes.map(|size| (text.one_copy)(&format::bytes(size)));
    let disk = topic.disk_bytes.map(|size| (text.on_disk)(&format::bytes(size)));
    view! {
        <section class="flow" aria-label=text.flow>
            <div><h2>{text.written}</h2><b title=rate_exact>{rate}</b><small class="muted">{rate_note}</small></div>
            <span class="to" aria-hidden="true">"→"</span>
            <div>
                <h2>{text.holds}</h2>
                <div class="row"><b title=records_exact>{records}</b><span>{size}</span></div>
                <small class="muted">{disk}</small>
            </div>
            <span class="to" aria-hidden="true">"→"</span>
            <div><h2>{text.read_by}</h2>{readers}</div>
        </section>
    }
}

/// What a group has still to read of this topic.
fn lag_of(group: &Group, topic: &Topic) -> Option<i64> {
    group.topics.iter().find(|read| read.topic == topic.name)?.total_lag
}

fn reader(
    text: &'static TopicText,
    snapshot: &Snapshot,
    topic: &Topic,
    group: &Group,
    behind: Option<i64>,
) -> impl IntoView + use<> {
    let read = group.topics.iter().find(|read| read.topic == topic.name);
    let (mark, shape) = lag_mark(read.and_then(|read| lag::of_topic(read, &snapshot.topics)));
    let (class, words) = match behind {
        Some(0) => ("muted", text.level.to_owned()),
        Some(lag) => (mark, (text.behind)(&format::count(lag))),
        None => ("muted", text.lag_unknown.to_owned()),
    };
    let name = group.id.to_string();
    view! {
        <li data-key=name.clone() class="row">
            <a class="link name" href=address::group(&snapshot.cluster, &group.id)>{name.clone()}</a>
            <span class=format!("nowrap tab-num {class}")><span class="g" aria-hidden="true">{shape}</span>{words}</span>
        </li>
    }
}
