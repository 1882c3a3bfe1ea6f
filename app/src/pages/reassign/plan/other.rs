//! The plan step when there is no plan to show: not looked for yet, being found, not possible, not needed.

use super::{Step, bars, facts};
use crate::address;
use crate::components::age::age_text;
use crate::components::field::hidden;
use crate::components::mark::{Tone, glyph};
use crate::components::notice::notice;
use crate::text::title::id_list;
use crate::visit::Visit;
use leptos::prelude::*;
use model::change::MAX_REASSIGNED;
use model::draft::Draft;
use model::plan::{Goal, Impossible, Occasion, Plan};
use model::{BrokerId, ClusterName, Snapshot, Timestamp, format};

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

/// While the plan is being found: the page looks again by itself, and where nothing can, a link does.
pub fn searching(visit: &Visit, since: Timestamp) -> AnyView {
    let text = &visit.text.plan;
    let (title, hint) = text.searching;
    view! {
        <section class="panel empty-plan" data-unfinished="">
            <div class="empty" role="status">
                <b>{title}</b>
                <p>{hint}</p>
                <p class="muted">{(text.searching_since)(&age_text(visit, since))}</p>
                <a class="btn" href=visit.here()>{text.look_again}</a>
            </div>
        </section>
    }
    .into_any()
}

/// The certificates, each with what could be done about it.
pub fn impossible(visit: &Visit, snapshot: &Snapshot, draft: &Draft, reasons: &[Impossible]) -> AnyView {
    let text = &visit.text.impossible;
    let cluster = &snapshot.cluster;
    let is_short = |why: &Impossible| {
        matches!(why, Impossible::TooFewBrokers { .. } | Impossible::NoBrokerLeft { .. } | Impossible::NoSource { .. })
    };
    let down = down(snapshot).filter(|_| reasons.iter().any(is_short)).map(|down| {
        view! {
            <li class="warn">{glyph(Tone::Warn)}<span><b>{(text.down)(&named(visit, &down))}</b><br /><span class="muted">{text.down_hint}</span></span></li>
        }
    });
    let rows = reasons.iter().map(|why| {
        view! {
            <li class="bad">{glyph(Tone::Bad)}<span><b>{(text.why_not)(why)}</b><br /><span class="muted">{(text.what_then)(why)}</span></span></li>
        }
    });
    let way = |step: Step, label: &'static str, class: &'static str| {
        let to = address::reassignment_draft(cluster, &draft.id, step.name());
        view! { <a class=class href=to>{label}</a> }
    };
    // The likelier way out first.
    let ways = if reasons.iter().any(|why| is_of_goal(why, &draft.wish.goal)) {
        [way(Step::Goal, text.change_goal, "btn primary"), way(Step::Scope, text.change_scope, "btn")]
    } else {
        [way(Step::Scope, text.change_scope, "btn primary"), way(Step::Goal, text.change_goal, "btn")]
    };
    view! {
        <section class="panel bad narrow">
            <header><h2>{text.impossible.0}</h2></header>
            <p class="pad muted">{text.impossible.1}</p>
            <ul class="weigh">{rows.collect_view()} {down}</ul>
            <div class="foot">
                <span class="decision">{ways}</span>
                {replan(visit, cluster, draft, "btn")}
            </div>
        </section>
    }
    .into_any()
}

/// Brokers that do not answer, if there are any.
fn down(snapshot: &Snapshot) -> Option<Vec<BrokerId>> {
    let down: Vec<BrokerId> = snapshot.brokers.iter().filter(|one| !one.is_up()).map(|one| one.id).collect();
    (!down.is_empty()).then_some(down)
}

fn named(visit: &Visit, brokers: &[BrokerId]) -> String {
    (visit.text.plan.brokers_named)(brokers.len() as u64, &id_list(brokers))
}

/// What a plan made while brokers are down is worth.
pub fn without(visit: &Visit, snapshot: &Snapshot, draft: &Draft) -> Option<AnyView> {
    let text = &visit.text.plan;
    let mut down = down(snapshot)?;
    let hint = match &draft.wish.goal {
        Goal::Repair => text.down_repair,
        // They are to go anyway.
        Goal::Drain(leaving) => {
            down.retain(|id| !leaving.contains(id));
            text.down_other
        }
        _ => text.down_other,
    };
    (!down.is_empty()).then(|| notice(Tone::Warn, (text.down)(&named(visit, &down)), hint).into_any())
}

/// A plan of more than one reassignment may change: what can be done instead.
pub fn too_much(visit: &Visit, cluster: &ClusterName, draft: &Draft, plan: &Plan) -> AnyView {
    let text = &visit.text.plan;
    let (found, most) = (format::count(plan.moves.len() as i64), format::count(MAX_REASSIGNED as i64));
    let scope = address::reassignment_draft(cluster, &draft.id, Step::Scope.name());
    let way = |(what, hint): (&'static str, &'static str), field: &str| {
        let to = format!("{scope}#{field}");
        view! { <li><a class="start" href=to><b>{what}</b><small>{hint}</small></a></li> }
    };
    // Only what is evened out can be had for less.
    let is_elastic = matches!(draft.wish.goal, Goal::Rebalance | Goal::AddBrokers(_));
    let fewer_bytes = is_elastic.then(|| way(text.fewer_bytes, "f-budget"));
    view! {
        <section class="panel bad">
            <header><h2>{(text.too_many)(&found)}</h2></header>
            <p class="pad muted">{(text.too_many_hint)(&most)}</p>
            <ul class="starts">{way(text.fewer_topics, "f-topics")} {fewer_bytes} {way(text.in_parts, "f-topics")}</ul>
        </section>
    }
    .into_any()
}

/// Whether it was asked for in the first step, not limited in the second.
fn is_of_goal(why: &Impossible, goal: &Goal) -> bool {
    match why {
        Impossible::TooFewBrokers { .. } => matches!(goal, Goal::ChangeReplicationFactor(_) | Goal::Drain(_)),
        Impossible::NoSuchBroker { .. } | Impossible::NoSuchPartition { .. } | Impossible::BadTarget { .. } => true,
        _ => false,
    }
}

/// Good news: an empty plan.
pub fn good(visit: &Visit, snapshot: &Snapshot, draft: &Draft, plan: &Plan) -> AnyView {
    let text = &visit.text.plan;
    let cluster = &snapshot.cluster;
    let goal = address::reassignment_draft(cluster, &draft.id, Step::Goal.name());
    let hint = if matches!(draft.wish.goal, Goal::Leaders) { text.good_leaders } else { text.good.1 };
    // What is empty already can go.
    let gone = match &draft.wish.goal {
        Goal::Drain(_) => Some(view! { <p class="pad muted">{visit.text.job.drained_hint}</p> }),
        _ => None,
    };
    let not_led = Occasion::of(snapshot).not_led;
    let elect = (not_led > 0 && matches!(draft.wish.goal, Goal::Leaders)).then(|| {
        let words = (visit.text.goal.not_led)(not_led.into());
        view! { <p class="pad">{glyph(Tone::Warn)}<a href=address::elections(cluster)>{words}</a></p> }
    });
    let body = view! {
        <p class="state good-news">{glyph(Tone::Ok)}<span><b>{text.good.0}</b><br /><span class="muted">{hint}</span></span></p>
        {gone} {elect}
        <div class="foot"><a class="btn" href=goal>{text.good_more}</a>{replan(visit, cluster, draft, "btn")}</div>
    };
    view! {
        <section class="panel" aria-label=text.good.0>{body}</section>
        <div class="cols wizard"><div>{bars(visit, snapshot, draft, plan)}</div><div>{facts::panel(visit, snapshot, draft, plan)}</div></div>
    }
    .into_any()
}
