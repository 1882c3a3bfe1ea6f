//! What each broker holds before and after a plan, against its fair share.

use crate::address;
use crate::visit::Visit;
use leptos::prelude::*;
use model::balance::Measure;
use model::plan::BrokerLoad;
use model::{ClusterName, format};

/// Bars before the rest is only counted: nobody compares more by eye.
const SHOWN: usize = 60;

fn of(load: &BrokerLoad, measure: Measure) -> (u64, u64) {
    match measure {
        Measure::Bytes => (load.bytes_before, load.bytes),
        Measure::Replicas => (load.replicas_before.into(), load.replicas.into()),
        Measure::Leaders => (load.leaders_before.into(), load.leaders.into()),
    }
}

/// `fair` counts only those in `shares`, the brokers that may hold data afterwards.
pub fn load_bars(
    visit: &Visit,
    cluster: &ClusterName,
    loads: &[BrokerLoad],
    measure: Measure,
    shares: impl Fn(&BrokerLoad) -> bool,
) -> AnyView {
    let text = &visit.text.plan;
    let told = |value: u64| match measure {
        Measure::Bytes => format::bytes_fine(i64::try_from(value).unwrap_or(i64::MAX)),
        _ => format::count(i64::try_from(value).unwrap_or(i64::MAX)),
    };
    let total: u64 = loads.iter().filter(|load| shares(load)).map(|load| of(load, measure).1).sum();
    let count = loads.iter().filter(|load| shares(load)).count().max(1);
    let fair = total as f64 / count as f64;
    let most = loads.iter().map(|load| of(load, measure)).map(|(before, after)| before.max(after)).max().unwrap_or(0);
    // Room to the right of the longest bar.
    let scale = 100.0 / ((most as f64).max(fair).max(1.0) * 1.08);
    let line = format!("M{:.1} 0V14", fair * scale);
    // With many brokers those that change most are the ones to look at.
    let mut shown: Vec<&BrokerLoad> = loads.iter().collect();
    if shown.len() > SHOWN {
        shown.sort_by_key(|load| std::cmp::Reverse(of(load, measure).0.abs_diff(of(load, measure).1)));
        shown.truncate(SHOWN);
        shown.sort_by_key(|load| load.broker);
    }
    let bars = shown
        .iter()
        .map(|load| {
            let (before, after) = of(load, measure);
            let id = load.broker.to_string();
            let width = |value: u64| format!("{:.1}", value as f64 * scale);
            let title = (text.from_to)(&told(before), &told(after));
            let class = if before == after { "num muted" } else { "num" };
            // Where nothing changes one bar says it all.
            let outline = (before != after).then(|| {
                let width = width(before);
                view! {
                    <rect class="halo" x="0" y=".5" width=width.clone() height="13" />
                    <rect class="before" x="0" y=".5" width=width height="13" />
                }
            });
            view! {
                <li data-key=id.clone()>
                    <span><a href=address::broker(cluster, load.broker)>{(visit.text.cluster.broker)(&id)}</a>" "<small class="faint">{load.rack.clone()}</small></span>
                    <svg class="bar" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="rest" width="100" height="14" />
                        <rect class="fill" width=width(after) height="14" />
                        {outline}
                        <path d=line.clone() />
                    </svg>
                    <span class=class title=title.clone()><span class="sr">{title.clone()}</span><span aria-hidden="true">{told(after)}</span></span>
                </li>
            }
        })
        .collect_view();
    let rest = loads.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <span>{(text.more_brokers)(rest as u64)}</span> });
    let is_still = loads.iter().all(|load| of(load, measure).0 == of(load, measure).1);
    let fair = match measure {
        Measure::Bytes => format::bytes_fine(fair as i64),
        _ => format::count(fair.round() as i64),
    };
    view! { <ul class="bars load">{bars}</ul><div class="legend"><span>{if is_still { (text.bars_fair)(&fair) } else { (text.bars_hint)(&fair) }}</span>{rest}</div> }
        .into_any()
}
