//! Where the replicas of a topic are: by broker, then each with its directory and size.

use super::{At, tab};
use crate::address;
use crate::components::cell;
use crate::components::mark::{Tone, tag};
use crate::components::notice::source_notice;
use crate::components::pager::pager;
use crate::components::panel::panel;
use crate::components::source::source;
use crate::components::table::plain_head;
use crate::pages::clusters::trouble;
use crate::text::Text;
use leptos::prelude::*;
use model::placement::{self, BrokerShare};
use model::query::{Page, PartitionQuery};
use model::topic::Replica;
use model::{Snapshot, Topic};

pub fn page() -> AnyView {
    tab(At::Replicas, |visit, snapshot, topic| {
        let text = &visit.text.topic;
        let state = &snapshot.sources.log_dirs;
        let path = format!("{}/replicas", address::topic(&snapshot.cluster, &topic.name));
        let heads = [
            (text.broker, ""),
            (text.rack, ""),
            (text.replica_count, "num"),
            (text.led, "num"),
            (text.out_of_sync, "num"),
        ];
        let shares = placement::by_broker(topic);
        let rows = shares.iter().map(|share| broker_row(visit.text, snapshot, share)).collect_view();
        let brokers = view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div> };
        let query = PartitionQuery::from_pairs(visit.query.iter().map(|(name, value)| (name, value)));
        let page = query.apply(topic);
        let heads = [
            (text.partition, "num"),
            (text.broker, ""),
            (text.state, ""),
            (text.log_dir, ""),
            (text.size, "num"),
            (text.behind_title, "num"),
        ];
        let copies = copies(visit.text, snapshot, topic, &page);
        let table = view! {
            {source_notice(visit, state)}
            <div class="scroll"><table>{plain_head(&heads)}{copies}</table></div>
            {pager(visit.text, &query, &path, &page)}
        };
        let metadata = source(visit, visit.text.source.metadata, &snapshot.sources.metadata);
        let sizes = source(visit, visit.text.source.sizes, state);
        view! { <div class="cols">{panel(text.copies, sizes, table)} {panel(text.brokers, metadata, brokers)}</div> }
            .into_any()
    })
}

fn broker_row(text: &'static Text, snapshot: &Snapshot, share: &BrokerShare) -> impl IntoView + use<> {
    let broker = snapshot.broker(share.broker);
    let rack = broker.and_then(|broker| broker.rack.clone()).unwrap_or_else(|| "–".to_owned());
    let down = (!broker.is_some_and(|broker| broker.is_up())).then(|| tag(Tone::Bad, text.topic.broker_down));
    let skewed = |is: bool| if is { ("num warn", "▲ ") } else { ("num", "") };
    let ((replicas_class, replicas_mark), (leaders_class, leaders_mark)) =
        (skewed(share.is_skewed), skewed(share.is_leader_skewed));
    view! {
        <tr data-key=share.broker.to_string()>
            <td><a href=address::broker(&snapshot.cluster, share.broker)>{share.broker.0}</a>" "{down}</td>
            <td>{rack}</td>
            <td class=replicas_class title=share.is_skewed.then_some(text.topics.skew_hint)>{replicas_mark}{share.replicas}</td>
            <td class=leaders_class title=share.is_leader_skewed.then_some(text.topics.leader_skew_hint)>{leaders_mark}{share.leaders}</td>
            {trouble("num", share.out_of_sync, Tone::Bad)}
        </tr>
    }
}

/// One body for each partition, so that its replicas stay together.
fn copies(
    text: &'static Text,
    snapshot: &Snapshot,
    topic: &Topic,
    page: &Page<model::Partition>,
) -> impl IntoView + use<> {
    page.items
        .iter()
        .map(|partition| {
            let number = partition.partition;
            let replicas = snapshot.partition_replicas(topic, number);
            let address = address::partition(&snapshot.cluster, &topic.name, number);
            let span = replicas.len().max(1).to_string();
            let rows = replicas
                .iter()
                .enumerate()
                .map(|(at, replica)| {
                    let head = (at == 0).then(|| {
                        view! { <th scope="rowgroup" class="num" rowspan=span.clone()><a href=address.clone()>{number}</a></th> }
                            .into_any()
                    });
                    copy_row(text, snapshot, number, head, replica)
                })
                .collect_view();
            view! { <tbody class="together" data-key=number.to_string()>{rows}</tbody> }
        })
        .collect_view()
}

fn copy_row(
    text: &'static Text,
    snapshot: &Snapshot,
    partition: i32,
    head: Option<AnyView>,
    replica: &Replica,
) -> impl IntoView + use<> {
    let words = &text.topic;
    let unknown = text.list.unknown;
    let moving = replica.future_log_dir.as_ref().map(|path| tag(Tone::Info, (words.moving_to)(path)));
    view! {
        <tr data-key=format!("{partition}/{}", replica.broker)>
            {head}
            <td><a href=address::broker(&snapshot.cluster, replica.broker)>{replica.broker.0}</a></td>
            <td>{role(text, replica)}</td>
            <td class="mono path">{replica.log_dir.clone().unwrap_or_else(|| "–".to_owned())}" "{moving}</td>
            {cell::told("num", replica.size_bytes.map(cell::bytes), unknown)} {cell::known("num", replica.offset_lag, unknown)}
        </tr>
    }
}

/// Leader or follower, and whether in sync.
pub fn role(text: &'static Text, replica: &Replica) -> impl IntoView + use<> {
    let words = &text.topic;
    if !replica.is_broker_up {
        tag(Tone::Bad, words.broker_down.to_owned())
    } else if !replica.is_in_sync {
        tag(Tone::Bad, words.cell_out_of_sync.to_owned())
    } else if replica.is_leader {
        tag(Tone::Info, words.cell_leader.to_owned())
    } else {
        tag(Tone::Quiet, words.cell_follower.to_owned())
    }
}
