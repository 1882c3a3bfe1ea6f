//! Changes: the forms in which they are prepared, the review before them, what became of them.
//!
//! A form page is a function of its address: its fields are what [`model::change::form`] reads, so every rendering shows what
//! the change would do, with or without a script in the browser. Nothing is applied but through [`apply`].

pub mod apply;
mod control;
pub mod create;
mod draft;
pub mod edit;
pub mod elections;
pub mod grow;
pub mod outcome;
mod prepared;
pub mod records;
pub mod review;
mod says;

pub use draft::bootstrap;
pub use says::says;

use crate::address;
use crate::components::field::hidden;
use crate::components::head::crumbs;
use crate::components::mark::{Tone, glyph};
use crate::components::panel::panel;
use crate::components::placement;
use crate::components::weigh;
use crate::visit::Visit;
use draft::Draft;
use leptos::prelude::*;
use model::change::{Kind, Warning};
use model::{ClusterName, Snapshot};

/// The frame of a form: heading, fields, what will happen, and the ways out.
struct Sheet {
    title: String,
    /// After the heading.
    note: AnyView,
    steps: Vec<(String, String)>,
    /// The form's own address, and where giving up leads.
    path: String,
    cancel: String,
    kind: Kind,
    /// Before all else: what forbids it.
    notice: Option<AnyView>,
    fields: AnyView,
    preview: AnyView,
}

impl Sheet {
    fn view(self, visit: &Visit, cluster: &ClusterName) -> AnyView {
        let text = &visit.text.form;
        let review = address::review(cluster);
        let steps = [(cluster.to_string(), address::cluster(cluster))].into_iter().chain(self.steps).collect();
        view! {
            {crumbs(visit.text, steps)}
            <form class="change" method="get" action=self.path data-filter="" data-whole="">
                // The first button is the one that Enter presses: it only looks again.
                <button class="sr" tabindex="-1" aria-hidden="true">{text.check}</button>
                {hidden("kind", self.kind.name())}
                <div class="head">
                    <h1>{self.title}</h1>
                    <div class="tags">{self.note}</div>
                    <div class="actions">
                        <a class="btn" href=self.cancel>{text.cancel}</a>
                        <button class="btn apply">{text.check}</button>
                        <button class="btn primary" formaction=review.clone()>{text.review}</button>
                    </div>
                </div>
                {self.notice}
                <div class="cols change">
                    <div>{self.fields}</div>
                    <div class="ahead">
                        {self.preview}
                        <div class="last"><button class="btn primary" formaction=review>{text.review}</button></div>
                    </div>
                </div>
            </form>
        }
        .into_any()
    }
}

/// What a draft would do: whether it can be reviewed, what speaks against it, and the pictures.
fn ahead(
    visit: &Visit,
    snapshot: &Snapshot,
    draft: &Draft,
    said: Vec<String>,
    is_ready: bool,
    shows_diff: bool,
) -> AnyView {
    let text = &visit.text.form;
    let count = draft.refusals.len() as u64;
    let sentence = draft.preview.as_ref().filter(|_| is_ready).map(|preview| says(visit.text, &preview.change));
    let denied = draft.preview.as_ref().and_then(|preview| visit.console.may_change(&preview.change, snapshot).err());
    let state = if let Some(denial) = denied {
        let why = (visit.text.objection.denial)(&denial);
        view! { <p class="state">{glyph(Tone::Bad)}<span><b>{text.not_allowed}</b><br /><span class="muted">{why}</span></span></p> }
            .into_any()
    } else if is_ready {
        // What is possible and still a mistake gets no tick.
        let grave = |warning: &Warning| matches!(warning, Warning::MinIsrUnreachable { .. });
        let is_grave = draft.preview.as_ref().is_some_and(|preview| preview.warnings.iter().any(grave));
        view! {
            <p class="state">{glyph(if is_grave { Tone::Warn } else { Tone::Ok })}<span><b>{sentence.unwrap_or_default()}</b><br /><span class="muted">{text.fine_hint}</span></span></p>
        }
        .into_any()
    } else if count > 0 {
        let at_fields = said.is_empty().then(|| view! { " "<span class="muted">{text.at_fields}</span> });
        let said = said
            .into_iter()
            .map(|words| view! { <li class="bad">{glyph(Tone::Bad)}<span>{words}</span></li> })
            .collect::<Vec<_>>();
        let said = (!said.is_empty()).then(|| view! { <ul class="weigh">{said}</ul> });
        view! { <p class="state">{glyph(Tone::Bad)}<span><b>{(text.problems)(count)}</b>{at_fields}</span></p>{said} }
            .into_any()
    } else {
        view! { <p class="state muted">{text.no_preview_hint}</p> }.into_any()
    };
    let Some(preview) = &draft.preview else {
        return panel(text.preview, (), state).into_any();
    };
    let warnings = weigh::warnings(visit.text, &preview.warnings);
    let diff = (shows_diff && !preview.diff.is_empty())
        .then(|| panel(visit.text.change.reviewing.diff, (), weigh::differences(visit.text, &preview.diff, false)));
    let impact = (!preview.diff.is_empty()
        && (!preview.impact.groups.is_empty() || preview.impact.records_lost.is_some()))
    .then(|| {
        panel(
            visit.text.change.reviewing.impact,
            (),
            weigh::impact(visit, &snapshot.cluster, preview.change.kind(), &preview.impact),
        )
    });
    view! {
        {panel(text.preview, (), view! { {state}{warnings} })} {diff} {placement::maps(visit, snapshot, &preview.placements)}
        {placement::load(visit, snapshot, &preview.placements)} {impact}
    }
    .into_any()
}

/// Three ways to place new replicas.
fn placement_fields(visit: &Visit, draft: &Draft, said: &[String], assignment: &str, is_single: bool) -> AnyView {
    use crate::components::field::{choice, escaped, field};
    let text = &visit.text.form;
    let chosen = draft.value("placement");
    let manual = (chosen == "manual").then(|| {
        let rows = assignment.lines().count().clamp(3, 16).to_string();
        field("assignment", text.placing.assignment.into_any(), text.placing.assignment_hint.into_any(), said, |slot| {
            view! {
                <textarea class="field mono" id=slot.id.clone() name="assignment" rows=rows spellcheck="false" aria-invalid=slot.invalid
                    aria-describedby=slot.described.clone()>{escaped(assignment)}</textarea>
            }
            .into_any()
        })
    });
    let by_hand = is_single
        .then(|| choice("placement", "manual", chosen == "manual", text.placing.manual, text.placing.manual_hint));
    let beside = (chosen != "manual").then(|| crate::components::field::wrong("f-assignment-said", said));
    let body = view! {
        <fieldset class="options">
            <legend class="sr">{text.placing.placement}</legend>
            {choice("placement", "balanced", chosen == "balanced", text.placing.balanced, text.placing.balanced_hint)}
            {choice("placement", "kafka", chosen == "kafka", text.placing.kafka, text.placing.kafka_hint)} {by_hand}
        </fieldset>
        {beside} {manual}
    };
    panel(text.placing.placement, (), view! { <div class="prompts">{body}</div> }).into_any()
}

/// The replica lists of a placement as the form has them.
fn as_lines(lists: &[Vec<model::BrokerId>]) -> String {
    let line = |ids: &Vec<model::BrokerId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    lists.iter().map(line).collect::<Vec<_>>().join("\n")
}
