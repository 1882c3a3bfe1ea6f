//! The last step: all of it once more, and the button that begins it.

use super::{Step, size, top};
use crate::address;
use crate::components::mark::{Tone, glyph};
use crate::components::panel::panel;
use crate::components::table::plain_head;
use crate::components::weigh;
use crate::pages::change::review;
use crate::text::title::goal_title;
use crate::visit::Visit;
use leptos::prelude::*;
use model::change::{Kind, Preview};
use model::draft::Draft;
use model::plan::{Forecast, Plan};
use model::{BrokerId, Snapshot, format};

/// Partitions in sight; the plan step has them all.
const SHOWN: usize = 50;

pub fn page() -> AnyView {
    super::on_draft(Step::Review, |visit, snapshot, draft| async move {
        let plan_page = address::reassignment_draft(&snapshot.cluster, &draft.id, Step::Plan.name());
        let title = goal_title(crate::text::Lang::En.text(), &draft.wish.goal);
        let plan = draft.planned.as_ref().and_then(|planned| planned.result.as_ref().ok());
        let (Some(change), Some(plan)) = (draft.change(&title), plan) else {
            // There is nothing to review: the plan step says why.
            (visit.redirect)(&plan_page);
            return ().into_any();
        };
        let back = address::reassignment_draft(&snapshot.cluster, &draft.id, Step::Pace.name());
        let actions = view! { <a class="btn" href=back.clone()>{visit.text.reassign.back}</a> };
        let head = top(&visit, &snapshot.cluster, Step::Review, Some(&draft), actions.into_any());
        let body = match visit.console.review(snapshot.cluster.as_str(), change).await {
            Some(preview) => weighed(&visit, &snapshot, &draft, plan, &preview, back),
            None => ().into_any(),
        };
        view! { <div data-still="">{head}{review::said(&visit)}<p class="lead muted">{visit.text.plan.review_lead}</p>{body}</div> }.into_any()
    })
}

fn weighed(visit: &Visit, snapshot: &Snapshot, draft: &Draft, plan: &Plan, preview: &Preview, back: String) -> AnyView {
    let text = visit.text;
    let warnings = weigh::warnings(text, &preview.warnings).map(|list| panel(text.change.reviewing.warnings, (), list));
    let decision = if preview.is_possible() {
        let confirm = review::confirm(visit, snapshot, Kind::Reassign, preview, back, text.reassign.back);
        view! { {warnings} {confirm} {assurances(visit)} }.into_any()
    } else {
        let refused = review::refusals(
            visit,
            &preview.refusals,
            address::reassignment_draft(&snapshot.cluster, &draft.id, Step::Plan.name()),
        );
        view! { {refused} {warnings} }.into_any()
    };
    view! {
        <div class="cols review">
            <div>{costs(visit, snapshot, draft, plan)} {diff(visit, snapshot, plan)} {weigh::commands(text, &preview.commands)} {files(visit, snapshot, draft)}</div>
            <div class="decide">{decision}</div>
        </div>
    }
    .into_any()
}

/// That it can be stopped and undone.
fn assurances(visit: &Visit) -> AnyView {
    let text = &visit.text.plan;
    let all = [text.stays_open, text.rollback_first]
        .map(|(what, hint)| view! { <li class="ok">{glyph(Tone::Ok)}<span><b>{what}</b><br /><span class="muted">{hint}</span></span></li> });
    view! { <section class="panel"><ul class="weigh">{all.into_iter().collect_view()}</ul></section> }.into_any()
}

fn costs(visit: &Visit, snapshot: &Snapshot, draft: &Draft, plan: &Plan) -> AnyView {
    let text = &visit.text.plan;
    let metrics = &plan.metrics;
    let fact = |label: String, value: String| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let forecast = Forecast::of(snapshot, plan, &draft.pace);
    let rate = draft
        .pace
        .throttle
        .map_or_else(|| visit.text.pace.no_throttle.to_owned(), |rate| super::rate_words(visit.text, rate));
    let takes =
        super::pace::duration_words(visit, &forecast).map(|takes| fact(visit.text.pace.predicted.to_owned(), takes));
    // Nothing is copied, so no disk gets fuller.
    let peak = metrics.peak_disk.filter(|_| metrics.bytes > 0).map(|peak| {
        fact(text.peak.to_owned(), (text.peak_of)(&peak.broker.to_string(), &format::percent(peak.percent)))
    });
    let body = view! {
        <dl class="weights">
            {fact(visit.text.scope.partitions.to_owned(), format::count(plan.moves.len() as i64))} {fact(text.moves.to_owned(), format::count(metrics.moves.into()))}
            {fact(text.bytes.to_owned(), size(metrics.bytes))} {fact(visit.text.pace.throttle.to_owned(), rate)} {takes} {peak}
        </dl>
    };
    panel(text.costs, (), body).into_any()
}

fn diff(visit: &Visit, snapshot: &Snapshot, plan: &Plan) -> AnyView {
    let text = &visit.text.plan;
    let heads = [(text.topic, ""), (text.from, ""), (text.to, ""), (text.copies, "num")];
    let rows = plan.moves.iter().take(SHOWN).map(|one| {
        let name = format!("{}-{}", one.topic, one.partition);
        let ids = |ids: &[BrokerId], other: &[BrokerId], class: &'static str| {
            ids.iter()
                .enumerate()
                .map(|(at, id)| {
                    let comma = (at > 0).then_some(", ");
                    let class = if other.contains(id) { "" } else { class };
                    view! { {comma}<span class=class>{id.0}</span> }
                })
                .collect_view()
        };
        view! {
            <tr data-key=name.clone()>
                <td class="name" title=name.clone()><a href=address::partition(&snapshot.cluster, &one.topic, one.partition)>{name.clone()}</a></td>
                <td class="tab-num was">{ids(&one.from, &one.to, "gone")}</td> <td class="tab-num will">{ids(&one.to, &one.from, "come")}</td>
                <td class="num">{size(one.bytes())}</td>
            </tr>
        }
    });
    let rest = plan.moves.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <p class="foot">{(text.and_more)(rest as u64)}</p> });
    let body = view! { <div class="scroll" tabindex="0"><table class="diff">{plain_head(&heads)}<tbody>{rows.collect_view()}</tbody></table></div>{rest} };
    panel(visit.text.change.reviewing.diff, (), body).into_any()
}

fn files(visit: &Visit, snapshot: &Snapshot, draft: &Draft) -> AnyView {
    super::plan::file_list(visit, |name| address::reassignment_draft(&snapshot.cluster, &draft.id, name))
}
