//! Which partitions are not led as they should be, and the elections that help.

use crate::address;
use crate::components::action::{Offer, action, offer};
use crate::components::age::age;
use crate::components::cell;
use crate::components::field::hidden;
use crate::components::head::{crumbs, head};
use crate::components::mark::{Tone, tag};
use crate::components::notice::notice;
use crate::components::panel::{empty, panel};
use crate::components::source::source;
use crate::components::table::plain_head;
use crate::console::{ElectionSchedule, Trouble};
use crate::shell::{Page, Place, in_cluster_later};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::{Broker, BrokerId, ClusterName, Partition, Snapshot, Topic, TopicName, format};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows of each list before the rest is only counted.
const SHOWN: usize = 100;

/// Partitions that an election would hand over, and those of which it would succeed now.
#[derive(Default, Clone, Copy)]
struct Due {
    all: u32,
    ready: u32,
}

pub fn page() -> AnyView {
    in_cluster_later(Place::Elections, |visit, snapshot| async move {
        let schedule = visit.console.election_schedule(snapshot.cluster.as_str()).await;
        let (visit, snapshot) = (&visit, &snapshot);
        let text = &visit.text.form;
        let cluster = &snapshot.cluster;
        let found = Found::of(snapshot);
        let total = found.topics.iter().map(|(_, due)| u64::from(due.all)).sum::<u64>();
        let note = if total > 0 {
            tag(Tone::Warn, (text.electing.not_preferred)(total)).into_any()
        } else {
            tag(Tone::Ok, text.electing.all_preferred.to_owned()).into_any()
        };
        let all = (total > 0).then(|| {
            let address = review(cluster, "preferred", &[("scope", "all")]);
            let is_vain = found.brokers.values().all(|due| due.ready == 0);
            let offer = match offer(visit, snapshot, Permission::ElectLeaders, &[]) {
                Offer::Open if is_vain => Offer::Shut(text.electing.none_ready.to_owned()),
                offer => offer,
            };
            action(offer, "btn primary", text.electing.elect_all, address)
        });
        let offline = (!found.offline.is_empty()).then(|| offline(visit, snapshot, &found.offline));
        let lists = if total > 0 {
            view! { <div class="cols">{by_topic(visit, snapshot, &found)} {by_broker(visit, snapshot, &found)}</div> }
                .into_any()
        } else {
            let aside = source(visit, visit.text.source.metadata, &snapshot.sources.metadata);
            panel(
                text.electing.by_topic,
                aside,
                empty(text.electing.all_preferred, text.electing.all_preferred_hint.into_any()),
            )
            .into_any()
        };
        let body = view! {
            {crumbs(visit.text, vec![(cluster.to_string(), address::cluster(cluster))])} {head(text.electing.elections, note, all)}
            <p class="lead muted">{text.electing.elections_hint}</p>
            {offline} {lists} {clock(visit, snapshot, schedule)}
        };
        Page { title: vec![text.electing.elections.to_owned()], body: body.into_any() }
    })
}

/// Elections by the clock: whether, when, and what came of them.
fn clock(visit: &Visit, snapshot: &Snapshot, schedule: Result<Option<ElectionSchedule>, Trouble>) -> AnyView {
    let text = &visit.text.job;
    let cluster = &snapshot.cluster;
    let schedule = match schedule {
        Ok(schedule) => schedule,
        Err(trouble) => {
            let silent = notice(Tone::Bad, visit.text.people.managing.store_silent, trouble.0);
            return panel(text.schedule, (), silent).into_any();
        }
    };
    let state = match &schedule {
        None => view! { <p class="pad">{text.schedule_off}</p> }.into_any(),
        Some(schedule) => {
            let fact = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
            let last = match schedule.last_at {
                Some(at) => age(visit, at).into_any(),
                None => view! { <span class="none">{text.history_none}</span> }.into_any(),
            };
            let left = schedule.next_at.0.saturating_sub(visit.now.0).max(0);
            let next = (visit.text.age.span)(&format::Span::of_ms(left / 60_000 * 60_000 + 60_000));
            view! {
                <dl class="weights">
                    {fact(text.schedule_state, view! { {tag(Tone::Ok, (text.schedule_on)(schedule.every_minutes.into()))} }.into_any())}
                    {fact(text.schedule_next, next.into_any())} {fact(text.schedule_last, last)}
                </dl>
            }
            .into_any()
        }
    };
    let every = schedule.map_or(30, |schedule| schedule.every_minutes).to_string();
    let stop = address::with_query(address::review(cluster), [("kind", "schedule_elections"), ("every_minutes", "")]);
    let stop = schedule
        .map(|_| action(offer(visit, snapshot, Permission::ElectLeaders, &[]), "btn", text.schedule_stop, stop));
    let form = matches!(offer(visit, snapshot, Permission::ElectLeaders, &[]), Offer::Open).then(|| {
        view! {
            <form class="schedule" method="get" action=address::review(cluster)>
                {hidden("kind", "schedule_elections")} <label for="f-every">{text.schedule_field}</label>
                <input class="field tab-num" type="number" id="f-every" name="every_minutes" min="1" max="1440" required value=every />
                <span>{text.minutes}</span> <button class="btn">{text.schedule_save}</button> {stop}
            </form>
        }
    });
    let may_read = visit.console.may(Permission::ReadAudit, Some(snapshot), &[]).is_ok();
    let history = may_read.then(|| {
        let to = address::with_query("/audit", [("q", "elect_leaders"), ("cluster", cluster.as_str())]);
        view! { <a class="link" href=to>{text.history}</a> }
    });
    let body = view! { <p class="pad muted">{text.schedule_hint}</p>{state}{form} };
    panel(text.schedule, history, body).into_any()
}

/// The review of an election.
pub fn review(cluster: &ClusterName, election: &str, scope: &[(&str, &str)]) -> String {
    let kind = [("kind", "elect_leaders"), ("election", election)];
    address::with_query(address::review(cluster), kind.into_iter().chain(scope.iter().copied()))
}

/// Of one partition: the preferred leader where there is a leader, else whoever is left.
pub fn review_of(cluster: &ClusterName, topic: &TopicName, partition: &Partition) -> String {
    let election = if partition.is_offline() { "unclean" } else { "preferred" };
    let at = format!("{topic}-{}", partition.partition);
    review(cluster, election, &[("scope", "partitions"), ("partition", &at)])
}

struct Found {
    topics: Vec<(Arc<Topic>, Due)>,
    brokers: BTreeMap<BrokerId, Due>,
    offline: Vec<(Arc<Topic>, i32)>,
}

impl Found {
    fn of(snapshot: &Snapshot) -> Self {
        let mut found = Self { topics: Vec::new(), brokers: BTreeMap::new(), offline: Vec::new() };
        let is_up = |id: BrokerId| snapshot.broker(id).is_some_and(Broker::is_up);
        for topic in &snapshot.topics {
            let mut due = Due::default();
            for partition in &topic.partitions {
                if partition.is_offline() {
                    found.offline.push((Arc::clone(topic), partition.partition));
                }
                let Some(preferred) = partition.preferred_leader().filter(|_| !partition.is_preferred_led()) else {
                    continue;
                };
                let ready = u32::from(partition.isr.contains(&preferred) && is_up(preferred));
                let broker = found.brokers.entry(preferred).or_default();
                (broker.all, broker.ready) = (broker.all + 1, broker.ready + ready);
                (due.all, due.ready) = (due.all + 1, due.ready + ready);
            }
            if due.all > 0 {
                found.topics.push((Arc::clone(topic), due));
            }
        }
        found.topics.sort_by_key(|(_, due)| std::cmp::Reverse(due.all));
        found
    }
}

/// All that an election would change is ready, or some of it waits for a replica.
fn ready(due: Due) -> AnyView {
    let class = if due.ready < due.all { "num warn" } else { "num" };
    let sign = (due.ready < due.all).then_some("▲ ");
    view! { <td class=class>{sign}{format::count(due.ready.into())}</td> }.into_any()
}

fn by_topic(visit: &Visit, snapshot: &Snapshot, found: &Found) -> AnyView {
    let text = &visit.text.form;
    let cluster = &snapshot.cluster;
    let offers = matches!(offer(visit, snapshot, Permission::ElectLeaders, &[]), Offer::Open);
    let heads = [
        (visit.text.change.reviewing.topic, ""),
        (text.creating.partitions, "num m1"),
        (text.electing.missing, "num"),
        (text.electing.ready, "num"),
        (visit.text.change.actions, "unsaid"),
    ];
    let rows = found
        .topics
        .iter()
        .take(SHOWN)
        .map(|(topic, due)| {
            let name = topic.name.to_string();
            let tick = offers.then(|| {
                let label = (visit.text.change.select_topic)(&name);
                view! { <input type="checkbox" name="topic" value=name.clone() aria-label=label /> }
            });
            let address = review(cluster, "preferred", &[("scope", "topics"), ("topic", &name)]);
            let act = (due.ready > 0).then(|| {
                let offer = offer(visit, snapshot, Permission::ElectLeaders, &[&name]);
                action(offer, "btn small", named(text.electing.elect, (text.electing.elect_here)(&name)), address)
            });
            view! {
                <tr data-key=name.clone()>
                    <td class="name" title=name.clone()><span class="pickable">{tick}<a href=address::topic(cluster, &topic.name)>{name.clone()}</a></span></td>
                    <td class="num m1">{format::count(topic.partition_count.into())}</td> <td class="num">{format::count(due.all.into())}</td> {ready(*due)} <td class="act">{act}</td>
                </tr>
            }
        })
        .collect_view();
    let rest = found.topics.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <span class="muted">{(text.electing.more_rows)(rest as u64)}</span> });
    let chosen = offers.then(|| view! { <button class="btn">{text.electing.elect_chosen}</button> });
    let foot = (rest.is_some() || chosen.is_some()).then(|| view! { <div class="foot">{chosen}{rest}</div> });
    let body = view! {
        <form method="get" action=address::review(cluster)>
            {hidden("kind", "elect_leaders")} {hidden("election", "preferred")} {hidden("scope", "topics")}
            <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div>
            {foot}
        </form>
    };
    let aside = source(visit, visit.text.source.metadata, &snapshot.sources.metadata);
    panel(text.electing.by_topic, aside, body).into_any()
}

/// Short words with the whole ones for those who hear them out of their row.
fn named(short: &'static str, whole: String) -> AnyView {
    view! { <span aria-hidden="true">{short}</span><span class="sr">{whole}</span> }.into_any()
}

fn by_broker(visit: &Visit, snapshot: &Snapshot, found: &Found) -> AnyView {
    let text = &visit.text.form;
    let cluster = &snapshot.cluster;
    let heads = [
        (visit.text.topic.broker, ""),
        (text.electing.should_lead, "num"),
        (text.electing.leads, "num"),
        (text.electing.missing, "num"),
        (text.electing.ready, "num"),
        (visit.text.change.actions, "unsaid"),
    ];
    let rows = snapshot
        .brokers
        .iter()
        .map(|broker| {
            let due = found.brokers.get(&broker.id).copied().unwrap_or_default();
            let id = broker.id.to_string();
            let down = (!broker.is_up()).then(|| {
                view! { " "<span class="bad" role="img" title=text.electing.broker_down aria-label=text.electing.broker_down>"●"</span> }
            });
            let act = (due.ready > 0).then(|| {
                let address = review(cluster, "preferred", &[("scope", "broker"), ("broker", &id)]);
                action(offer(visit, snapshot, Permission::ElectLeaders, &[]), "btn small", named(text.electing.elect, (visit.text.change.elect_broker)(&id)), address)
            });
            let class = if due.all == 0 { "num faint" } else { "num" };
            view! {
                <tr data-key=id.clone()>
                    <td><a href=address::broker(cluster, broker.id)>{id.clone()}</a>" "<small class="faint">{broker.rack.clone()}</small>{down}</td>
                    <td class="num">{format::count(broker.preferred.into())}</td> <td class="num">{format::count(broker.leaders.into())}</td>
                    <td class=class>{format::count(due.all.into())}</td> {ready(due)} <td class="act">{act}</td>
                </tr>
            }
        })
        .collect_view();
    panel(
        text.electing.by_broker,
        (),
        view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div> },
    )
    .into_any()
}

/// Partitions that nobody leads, with the last resort.
fn offline(visit: &Visit, snapshot: &Snapshot, all: &[(Arc<Topic>, i32)]) -> AnyView {
    let text = &visit.text.form;
    let cluster = &snapshot.cluster;
    let ids = |ids: &[BrokerId]| {
        let one = |id: &BrokerId| {
            let is_up = snapshot.broker(*id).is_some_and(Broker::is_up);
            let class = if is_up { "" } else { "bad" };
            let title = (!is_up).then_some(text.electing.broker_down);
            view! { <a class=class href=address::broker(cluster, *id) title=title>{(!is_up).then_some("●")}{id.0}</a>" " }
        };
        ids.iter().map(one).collect_view()
    };
    let heads = [
        (text.deleting.partition, ""),
        (text.electing.replicas_col, ""),
        (text.electing.in_sync, ""),
        (text.deleting.records, "num"),
        (visit.text.change.actions, "unsaid"),
    ];
    let rows = all
        .iter()
        .take(SHOWN)
        .filter_map(|(topic, number)| {
            let partition = topic.partition(*number)?;
            let name = format!("{}-{number}", topic.name);
            let act = action(
                offer(visit, snapshot, Permission::ElectUncleanLeaders, &[topic.name.as_str()]),
                "btn small danger",
                named(text.electing.unclean, (text.electing.unclean_of)(&name)),
                review_of(cluster, &topic.name, partition),
            );
            let address = address::partition(cluster, &topic.name, *number);
            Some(view! {
                <tr data-key=name.clone()>
                    <td class="name" title=name.clone()><a href=address>{name.clone()}</a></td> <td class="tab-num">{ids(&partition.replicas)}</td>
                    <td class="tab-num">{ids(&partition.isr)}</td> {cell::known("num", partition.record_count(), visit.text.list.unknown)} <td class="act">{act}</td>
                </tr>
            })
        })
        .collect_view();
    let rest = all.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <p class="foot">{(text.electing.more_rows)(rest as u64)}</p> });
    let body = view! {
        <p class="pad muted">{text.electing.offline_hint}</p>
        <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div>
        {rest}
    };
    panel(text.electing.offline, tag(Tone::Bad, format::count(all.len() as i64)), body).into_any()
}
