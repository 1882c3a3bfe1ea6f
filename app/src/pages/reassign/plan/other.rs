//! The plan step when there is no plan to show: not looked for yet, not possible, not needed.

use super::{Step, bars, facts};
use crate::address;
use crate::components::field::hidden;
use crate::components::mark::{Tone, glyph};
use crate::components::panel::panel;
use crate::pages::reassign::goal_title;
use crate::visit::Visit;
use leptos::prelude::*;
use model::draft::Draft;
use model::plan::{Goal, Impossible, Plan};
use model::{ClusterName, Snapshot};

/// A button that has the plan found anew.
pub fn replan(visit: &Visit, cluster: &ClusterName, draft: &Draft, class: &'static str) -> AnyView {
    let text = &visit.text.plan;
    let label = if draft.planned.is_some() { text.replan } else { text.find };
    view! {
        <form class="inline" method="post" action="/do/draft-replan">
            {hidden("cluster", cluster.as_str())} {hidden("draft", draft.id.as_str())} <button class=class>{label}</button>
        </form>
    }
    .into_any()
}

pub fn unplanned(visit: &Visit, cluster: &ClusterName, draft: &Draft) -> AnyView {
    let (title, hint) = visit.text.plan.unplanned;
    view! {
        <section class="panel empty-plan"><div class="empty"><b>{title}</b><p>{hint}</p>{replan(visit, cluster, draft, "btn primary")}</div></section>
    }
    .into_any()
}

/// The certificates, each with what could be done about it.
pub fn impossible(visit: &Visit, cluster: &ClusterName, draft: &Draft, reasons: &[Impossible]) -> AnyView {
    let text = &visit.text.plan;
    let rows = reasons.iter().map(|why| {
        view! {
            <li class="bad">{glyph(Tone::Bad)}<span><b>{(text.why_not)(why)}</b><br /><span class="muted">{(text.what_then)(why)}</span></span></li>
        }
    });
    let to = |step: Step| address::reassignment_draft(cluster, &draft.id, step.name());
    view! {
        <section class="panel bad narrow">
            <header><h2>{text.impossible.0}</h2></header>
            <p class="pad muted">{text.impossible.1}</p>
            <ul class="weigh">{rows.collect_view()}</ul>
            <div class="foot">
                <span class="decision"><a class="btn primary" href=to(Step::Scope)>{text.change_scope}</a><a class="btn" href=to(Step::Goal)>{text.change_goal}</a></span>
                {replan(visit, cluster, draft, "btn")}
            </div>
        </section>
    }
    .into_any()
}

/// Good news: an empty plan.
pub fn good(visit: &Visit, snapshot: &Snapshot, draft: &Draft, plan: &Plan) -> AnyView {
    let text = &visit.text.plan;
    let cluster = &snapshot.cluster;
    let goal = address::reassignment_draft(cluster, &draft.id, Step::Goal.name());
    // What is empty already can go.
    let gone = match &draft.wish.goal {
        Goal::Drain(_) => Some(view! { <p class="pad muted">{visit.text.job.drained_hint}</p> }),
        _ => None,
    };
    let body = view! {
        <p class="state good-news">{glyph(Tone::Ok)}<span><b>{text.good.0}</b><br /><span class="muted">{text.good.1}</span></span></p>
        {gone}
        <div class="foot"><a class="btn" href=goal>{text.good_more}</a>{replan(visit, cluster, draft, "btn")}</div>
    };
    view! {
        {panel(goal_title(visit.text, &draft.wish.goal), (), body)}
        <div class="cols wizard"><div>{bars(visit, snapshot, draft, plan)}</div><div>{facts::panel(visit, snapshot, draft, plan)}</div></div>
    }
    .into_any()
}
