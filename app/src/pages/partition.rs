//! One partition explained: what its replicas and `min.insync.replicas` mean for it now.

use crate::address;
use crate::components::action::{action, offer};
use crate::components::cell;
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, glyph, tag};
use crate::components::notice::{notice, source_notice};
use crate::components::panel::panel;
use crate::components::source::source;
use crate::components::stats::{Stat, stats};
use crate::components::table::plain_head;
use crate::pages::change::elections;
use crate::pages::not_found;
use crate::shell::{Page, Place, in_cluster, param};
use crate::text::Text;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::durability::{Durability, durability};
use model::topic::Replica;
use model::{Partition, Snapshot, Topic, format};

pub fn page() -> AnyView {
    in_cluster(Place::Topics, |visit, snapshot| {
        let (name, number) = (param("topic"), param("partition"));
        let Some(topic) = snapshot.topic(&name) else { return not_found::topic(visit, snapshot, &name) };
        let Some(partition) = number.parse().ok().and_then(|number| topic.partition(number)) else {
            return not_found::partition(visit, snapshot, topic, &number);
        };
        let text = &visit.text.partition;
        let told = durability(partition, topic.min_insync_replicas);
        let topic_address = address::topic(&snapshot.cluster, &topic.name);
        let steps = vec![
            (snapshot.cluster.to_string(), address::cluster(&snapshot.cluster)),
            (visit.text.shell.topics.to_owned(), address::topics(&snapshot.cluster)),
            (topic.name.to_string(), topic_address),
        ];
        let single = (partition.replicas.len() == 1).then(|| notice(Tone::Warn, text.single, text.single_hint));
        let body = view! {
            {crumbs(visit.text, steps)}
            {head((text.partition)(&partition.partition.to_string()), tags(visit, partition, &told), beside(visit, snapshot, topic, partition))}
            {counters(visit, partition, &told)} {single}
            <div class="cols">{replicas(visit, snapshot, topic, partition)} {meaning(visit, &told)}</div>
        };
        let title = (text.title)(topic.name.as_str(), &partition.partition.to_string());
        Page { title: vec![title], body: body.into_any() }
    })
}

/// The verdict in one sentence, then who leads.
fn tags(visit: &Visit, partition: &Partition, told: &Durability) -> AnyView {
    let text = &visit.text.partition;
    let verdict = match (told.is_offline, told.are_writes_refused, told.losses_before_writes_stop) {
        (true, ..) => tag(Tone::Bad, text.offline.to_owned()),
        (_, Some(true), _) => tag(Tone::Bad, text.refused.to_owned()),
        (_, _, Some(0)) => tag(Tone::Warn, text.lose_none.to_owned()),
        (_, _, Some(more)) => tag(Tone::Ok, (text.lose_more)(more.into())),
        (_, _, None) => tag(Tone::Quiet, text.min_isr_unknown.to_owned()),
    };
    let leader = match partition.leader {
        Some(id) => tag(Tone::Quiet, (text.leader)(&id.to_string())),
        None => tag(Tone::Bad, text.no_leader.to_owned()),
    };
    let preferred =
        partition.preferred_leader().filter(|_| partition.leader.is_some() && !partition.is_preferred_led());
    let preferred = preferred.map(|id| tag(Tone::Warn, (text.not_preferred)(&id.to_string())));
    let is_moving = !partition.adding.is_empty() || !partition.removing.is_empty();
    view! { {verdict}{leader}{preferred}{is_moving.then(|| tag(Tone::Info, text.moving))} }.into_any()
}

/// An election where one helps, and links to the neighbours.
fn beside(visit: &Visit, snapshot: &Snapshot, topic: &Topic, partition: &Partition) -> impl IntoView + use<> {
    let text = &visit.text.partition;
    let to = |number: i32, label: &'static str, before: &'static str, after: &'static str| {
        topic.partition(number).map(|_| {
            let address = address::partition(&snapshot.cluster, &topic.name, number);
            view! { <a class="btn" href=address title=label>{before}{number}{after}</a> }
        })
    };
    let elect = (!partition.is_preferred_led()).then(|| {
        let permission =
            if partition.is_offline() { Permission::ElectUncleanLeaders } else { Permission::ElectLeaders };
        let (class, label) = if partition.is_offline() {
            ("btn danger", visit.text.form.electing.unclean)
        } else {
            ("btn", visit.text.change.elect_partition)
        };
        let address = elections::review_of(&snapshot.cluster, &topic.name, partition);
        action(offer(visit, snapshot, permission, &[topic.name.as_str()]), class, label, address)
    });
    view! { {elect} {to(partition.partition - 1, text.previous, "‹ ", "")} {to(partition.partition + 1, text.next, "", " ›")} }
}

fn counters(visit: &Visit, partition: &Partition, told: &Durability) -> impl IntoView + use<> {
    let text = &visit.text.partition;
    let count = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), format::count);
    let (size, size_exact) =
        partition.size_bytes.map_or_else(|| ("–".into(), visit.text.list.unknown.into()), cell::bytes);
    let rate = partition
        .records_per_second
        .map_or_else(|| "–".to_owned(), |rate| (visit.text.topic.per_second)(&format::rate(rate)));
    let in_sync = Stat::new(text.in_sync, format!("{} / {}", told.in_sync, told.replicas));
    let in_sync = if partition.is_under_replicated() { in_sync.tone(Tone::Bad) } else { in_sync };
    stats(
        visit.text,
        vec![
            in_sync,
            Stat::new(text.earliest, count(partition.earliest_offset)),
            Stat::new(text.latest, count(partition.latest_offset)),
            Stat::new(text.records, count(partition.record_count())),
            Stat::new(text.size, size).exact(size_exact),
            Stat::new(text.rate, rate),
            Stat::new(text.epoch, format::count(partition.leader_epoch.into())),
        ],
    )
}

/// What a producer and a consumer meet now.
fn meaning(visit: &Visit, told: &Durability) -> AnyView {
    let text = &visit.text.partition;
    let in_sync = u64::from(told.in_sync);
    let (all_tone, all) = match (told.is_offline, told.min_isr, told.are_writes_refused, told.losses_before_writes_stop)
    {
        (true, ..) => (Tone::Bad, text.acks_all_offline.to_owned()),
        (_, Some(min), Some(true), _) => (Tone::Bad, (text.acks_all_refused)(in_sync, min.into())),
        (_, Some(min), _, Some(0)) => (Tone::Warn, (text.acks_all_edge)(in_sync, min.into())),
        (_, Some(min), ..) => (Tone::Ok, (text.acks_all_ok)(in_sync, min.into())),
        (_, None, ..) => (Tone::Quiet, (text.acks_all_unknown)(in_sync)),
    };
    let (one_tone, one) =
        if told.is_offline { (Tone::Bad, text.acks_one_offline) } else { (Tone::Quiet, text.acks_one_ok) };
    let (read_tone, read) = match (told.is_offline, told.losses_before_unavailable) {
        (true, _) => (Tone::Bad, text.reading_offline.to_owned()),
        (_, 0) => (Tone::Warn, text.reading_edge.to_owned()),
        (_, more) => (Tone::Ok, (text.reading_survives)(more.into())),
    };
    let entry = |tone: Tone, name: &'static str, words: String| {
        view! { <div><dt>{glyph(tone)}<b>{name}</b></dt><dd>{words}</dd></div> }
    };
    let body = view! {
        <dl class="meaning">
            {entry(all_tone, text.acks_all, all)} {entry(one_tone, text.acks_one, one.to_owned())} {entry(read_tone, text.reading, read)}
        </dl>
    };
    panel(text.meaning, (), body).into_any()
}

fn replicas(visit: &Visit, snapshot: &Snapshot, topic: &Topic, partition: &Partition) -> AnyView {
    let text = &visit.text.partition;
    let rows = snapshot.partition_replicas(topic, partition.partition);
    let rows = rows.iter().map(|replica| row(visit.text, snapshot, replica)).collect_view();
    let heads = [
        (text.broker, ""),
        (text.rack, ""),
        (text.role, ""),
        (text.sync, ""),
        (text.log_dir, ""),
        (visit.text.topic.size, "num"),
        (text.behind, "num"),
    ];
    let aside = view! {
        {source(visit, visit.text.source.metadata, &snapshot.sources.metadata)}
        {source(visit, visit.text.source.sizes, &snapshot.sources.log_dirs)}
    };
    let body = view! {
        {source_notice(visit, &snapshot.sources.log_dirs)}
        <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div>
    };
    panel(text.replicas, aside, body).into_any()
}

fn row(text: &'static Text, snapshot: &Snapshot, replica: &Replica) -> impl IntoView + use<> {
    let words = &text.partition;
    let unknown = text.list.unknown;
    let down = (!replica.is_broker_up).then(|| tag(Tone::Bad, words.broker_down));
    let role = if replica.is_leader {
        view! { <b>{words.role_leader}</b> }.into_any()
    } else {
        words.role_follower.into_any()
    };
    let preferred = replica.is_preferred.then(|| view! { " "<span class="faint">{words.preferred}</span> });
    let sync =
        if replica.is_in_sync { tag(Tone::Ok, words.yes.to_owned()) } else { tag(Tone::Bad, words.no.to_owned()) };
    let moving = replica.future_log_dir.as_ref().map(|path| tag(Tone::Info, (words.moving_to)(path)));
    view! {
        <tr data-key=replica.broker.to_string()>
            <td><a href=address::broker(&snapshot.cluster, replica.broker)>{replica.broker.0}</a>" "{down}</td>
            <td>{replica.rack.clone().unwrap_or_else(|| "–".to_owned())}</td> <td>{role}{preferred}</td> <td>{sync}</td>
            <td class="mono path">{replica.log_dir.clone().unwrap_or_else(|| "–".to_owned())}" "{moving}</td>
            {cell::told("num", replica.size_bytes.map(cell::bytes), unknown)} {cell::known("num", replica.offset_lag, unknown)}
        </tr>
    }
}
