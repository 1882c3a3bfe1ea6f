//! The steps of a wizard: each a page of its own, what was decided in it below its name.

use leptos::prelude::*;

/// How far the reader is with a step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Done,
    Current,
    Ahead,
}

pub struct Step {
    pub label: &'static str,
    /// What was decided, or what it is about.
    pub note: String,
    /// `None` while it cannot be gone to.
    pub address: Option<String>,
    pub stage: Stage,
}

pub fn stepper(label: &'static str, done: &'static str, steps: Vec<Step>) -> impl IntoView {
    let steps = steps
        .into_iter()
        .map(|step| {
            let tick = (step.stage == Stage::Done).then(|| {
                view! { <span class="g ok" aria-hidden="true">"✓"</span><span class="sr">{done}" "</span> }
            });
            let inside = view! { <b>{tick}{step.label}</b><small>{step.note}</small> };
            let current = (step.stage == Stage::Current).then_some("step");
            let inside = match step.address {
                Some(address) => view! { <a href=address aria-current=current>{inside}</a> }.into_any(),
                None => view! { <span aria-current=current>{inside}</span> }.into_any(),
            };
            view! { <li>{inside}</li> }
        })
        .collect_view();
    view! { <nav class="stepper" aria-label=label><ol>{steps}</ol></nav> }
}
