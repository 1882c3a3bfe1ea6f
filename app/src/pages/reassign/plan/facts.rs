//! The plan in numbers: now and after, what it costs, and how near it is to the least that is possible.

use crate::components::mark::{Tone, tag};
use crate::components::panel;
use crate::pages::reassign::pace::duration_words;
use crate::pages::reassign::{rate_words, size};
use crate::visit::Visit;
use leptos::prelude::*;
use model::draft::Draft;
use model::plan::{Forecast, Plan, Range};
use model::{Snapshot, format};

pub fn panel(visit: &Visit, snapshot: &Snapshot, draft: &Draft, plan: &Plan) -> AnyView {
    let text = &visit.text.plan;
    let metrics = &plan.metrics;
    let number = |n: u32| format::count(n.into());
    let range = |range: Range| {
        if range.min == range.max {
            number(range.min)
        } else {
            format!("{} … {}", number(range.min), number(range.max))
        }
    };
    let row = |label: &'static str, hint: &'static str, now: String, after: String| {
        let class = if now == after { "num same" } else { "num" };
        let hint = (!hint.is_empty()).then_some(hint);
        view! { <tr><th scope="row" title=hint>{label}</th><td class="num muted">{now}</td><td class=class><b>{after}</b></td></tr> }
    };
    let racks = (metrics.rack_violations_before > 0 || metrics.rack_violations > 0).then(|| {
        row(
            text.rack_violations,
            text.rack_violations_hint,
            number(metrics.rack_violations_before),
            number(metrics.rack_violations),
        )
    });
    let table = view! {
        <table class="then">
            <thead><tr><th scope="col"><span class="sr">{visit.text.change.reviewing.what}</span></th><th scope="col" class="num">{text.now}</th><th scope="col" class="num">{text.after}</th></tr></thead>
            <tbody>
                {row(text.largest, text.largest_hint, skew(metrics.bytes_skew_before), skew(metrics.bytes_skew))}
                {row(text.replicas_per, "", range(metrics.replicas_before), range(metrics.replicas))}
                {row(text.leaders_per, "", range(metrics.leaders_before), range(metrics.leaders))}
                {racks}
            </tbody>
        </table>
    };
    let minimum = |is_least: bool, value: String| {
        let chip = tag(if is_least { Tone::Ok } else { Tone::Quiet }, (text.minimum)(&value));
        view! { <span title=text.minimum_hint>{chip}</span> }
    };
    let fact = |label: String, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let exact = |bytes: u64| format!("{} B", format::count(i64::try_from(bytes).unwrap_or(i64::MAX)));
    let moves = (metrics.moves > 0).then(|| {
        let minimum = minimum(metrics.moves == metrics.moves_min, number(metrics.moves_min));
        fact(text.moves.to_owned(), view! { <b>{number(metrics.moves)}</b>{minimum} }.into_any())
    });
    let bytes = view! {
        <b title=exact(metrics.bytes)>{size(metrics.bytes)}</b>{minimum(size(metrics.bytes) == size(metrics.bytes_min), size(metrics.bytes_min))}
    };
    let cross = (metrics.cross_rack_bytes > 0).then(|| {
        fact(
            text.cross_rack.to_owned(),
            view! { <b title=exact(metrics.cross_rack_bytes)>{size(metrics.cross_rack_bytes)}</b> }.into_any(),
        )
    });
    // Nothing is copied, so no disk gets fuller.
    let peak = metrics.peak_disk.filter(|_| metrics.bytes > 0).map(|peak| {
        let words = (text.peak_of)(&peak.broker.to_string(), &format::percent(peak.percent));
        fact(text.peak.to_owned(), view! { <b>{words}</b> }.into_any())
    });
    let gone = plan.moves.iter().map(|one| one.removing().count() as u32).sum::<u32>();
    // Elsewhere as many go as come.
    let removed = (gone > metrics.moves)
        .then(|| fact(text.removed.to_owned(), view! { <b>{number(gone - metrics.moves)}</b> }.into_any()));
    let leaders = (metrics.leader_changes > 0)
        .then(|| fact(text.leader_changes.to_owned(), view! { <b>{number(metrics.leader_changes)}</b> }.into_any()));
    let takes = duration_words(visit, &Forecast::of(snapshot, plan, &draft.pace)).map(|takes| {
        let label = draft
            .pace
            .throttle
            .map_or_else(|| text.duration_free.to_owned(), |rate| (text.duration)(&rate_words(visit.text, rate)));
        fact(label, view! { <b>{takes}</b> }.into_any())
    });
    let unknown = (metrics.unknown_sizes > 0)
        .then(|| view! { <p class="foot">{(text.unknown_sizes)(metrics.unknown_sizes.into())}</p> });
    let stuck = (metrics.without_source > 0).then(|| {
        let words = (text.without_source)(metrics.without_source.into());
        view! { <p class="foot warn"><span>"▲ "{words}</span></p> }
    });
    let costs = (!plan.moves.is_empty()).then(|| {
        view! {
            <dl class="costs">
                {moves} {removed} {fact(text.bytes.to_owned(), bytes.into_any())} {cross} {peak} {leaders} {takes}
            </dl>
        }
    });
    let checks = draft.planned.as_ref().map_or(0, |planned| planned.checks);
    let verified = view! { <span title=text.verified_hint>{tag(Tone::Ok, (text.verified)(checks.into()))}</span> };
    panel::panel(text.the_plan, verified, view! { {table}{costs}{stuck}{unknown} }).into_any()
}

/// `+26 %`: the fullest over the mean.
pub fn skew(factor: f64) -> String {
    let percent = format::percent((factor - 1.0) * 100.0);
    if percent == "0" { "0 %".to_owned() } else { format!("+{percent} %") }
}
