//! Balance bars: what each broker holds, against the line of its fair share.

use crate::address;
use crate::visit::Visit;
use leptos::prelude::*;
use model::balance::{Balance, BalanceBar, Measure};
use model::finding::OVER_SHARE_PERCENT;
use model::{ClusterName, format};

/// The switch between what is weighed: links, so it has an address.
pub fn measures(visit: &Visit, current: Measure) -> impl IntoView + use<> {
    let text = &visit.text.cluster;
    let choice = |measure: Measure, label: &'static str, name: &'static str| {
        let is_current = (measure == current).then_some("true");
        view! { <li><a href=visit.with(&[("balance", name)]) aria-current=is_current>{label}</a></li> }
    };
    view! {
        <ul class="chips" aria-label=text.balance>
            {choice(Measure::Bytes, text.by_bytes, "")} {choice(Measure::Replicas, text.by_replicas, "replicas")}
            {choice(Measure::Leaders, text.by_leaders, "leaders")}
        </ul>
    }
}

/// What the address asks for: `balance=replicas`.
pub fn measure(visit: &Visit) -> Measure {
    match visit.query("balance") {
        Some("replicas") => Measure::Replicas,
        Some("leaders") => Measure::Leaders,
        _ => Measure::Bytes,
    }
}

pub fn balance_bars(visit: &Visit, cluster: &ClusterName, balance: &Balance) -> impl IntoView + use<> {
    let text = &visit.text.cluster;
    let bars = balance.bars.iter().map(|bar| row(visit, cluster, balance, bar)).collect_view();
    let fair = match balance.measure {
        Measure::Bytes => format::bytes_fine(balance.fair as i64),
        _ => format::count(balance.fair.round() as i64),
    };
    let racks = balance.bars.iter().any(|bar| bar.rack.is_some()).then(|| view! { <span>{text.rack_is_small}</span> });
    view! { <ul class="bars">{bars}</ul><div class="legend"><span>{(text.fair_share)(&fair)}</span>{racks}</div> }
}

fn row(visit: &Visit, cluster: &ClusterName, balance: &Balance, bar: &BalanceBar) -> impl IntoView + use<> {
    let text = &visit.text.cluster;
    let (value, exact) = match balance.measure {
        Measure::Bytes => (format::bytes_fine(bar.value), format!("{} B", format::count(bar.value))),
        _ => (format::count(bar.value), String::new()),
    };
    let over = match format::percent(bar.over_percent) {
        even if even == "0" => "0 %".to_owned(),
        over => format!("{} %", if bar.over_percent > 0.0 { format!("+{over}") } else { over.replace('-', "−") }),
    };
    let is_hot = bar.over_percent > OVER_SHARE_PERCENT;
    let class = if is_hot { "over warn" } else { "over faint" };
    let down = (!bar.is_up).then(|| view! { <span class="bad">" ● "{text.down}</span> });
    view! {
        <li data-key=bar.broker.to_string()>
            <span><a href=address::broker(cluster, bar.broker)>{(text.broker)(&bar.broker.to_string())}</a>" "<small class="faint">{bar.rack.clone()}</small>{down}</span>
            {bar_picture(bar.fill_percent, balance.fair_percent, is_hot)} <span class="num" title=exact>{value}</span>
            <span class=class>{is_hot.then_some("▲ ")}{over}</span>
        </li>
    }
}

/// A bar of `fill` percent with the line of the fair share; widths are attributes, as styles are not allowed.
fn bar_picture(fill: f64, fair: f64, is_hot: bool) -> impl IntoView {
    let class = if is_hot { "fill hot" } else { "fill" };
    let line = format!("M{fair:.1} 0V14");
    view! {
        <svg class="bar" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
            <rect class="rest" width="100" height="14" />
            <rect class=class width=format!("{fill:.1}") height="14" />
            <path d=line />
        </svg>
    }
}
