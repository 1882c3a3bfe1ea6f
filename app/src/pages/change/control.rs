//! Reviews of what is done to a reassignment under way: which one it is, and what becomes of its partitions.

use crate::address;
use crate::components::mark::{Tone, glyph};
use crate::components::panel::panel;
use crate::pages::reassign::job::title_of;
use crate::pages::reassign::size;
use crate::text::Count;
use crate::visit::Visit;
use leptos::prelude::*;
use model::ClusterName;
use model::change::Change;
use model::job::{Control, Job, JobMove, MoveState};
use std::sync::Arc;

/// A control and the reassignment it is for.
pub struct Controlled {
    control: Control,
    job: Arc<Job>,
}

impl Controlled {
    /// `None` for any other change, and if there is no such reassignment.
    pub async fn of(visit: &Visit, cluster: &ClusterName, change: &Change) -> Option<Self> {
        let Change::ControlReassignment(change) = change else { return None };
        let (job, _) = visit.console.job(cluster.as_str(), &change.job).await.ok().flatten()?;
        Some(Self { control: change.control.clone(), job })
    }

    /// Its page, as the last step to here.
    pub fn step(&self, visit: &Visit, cluster: &ClusterName) -> (String, String) {
        (title_of(visit, &self.job), address::reassignment(cluster, &self.job.id))
    }

    pub fn title(&self, visit: &Visit) -> &'static str {
        (visit.text.moves.control_title)(&self.control)
    }

    /// What will happen to how many partitions, and of what; nothing where the pace alone changes.
    pub fn outlook(&self, visit: &Visit) -> Option<(AnyView, String)> {
        let text = &visit.text.moves;
        let count = |is: fn(&JobMove) -> bool| self.job.moves.iter().filter(|one| is(one)).count() as u64;
        let under_way = count(JobMove::is_under_way);
        let waiting = count(|one| one.state == MoveState::Pending);
        let done = count(|one| one.state == MoveState::Done);
        let facts: Vec<(u64, Count, Tone)> = match &self.control {
            Control::Pause => vec![(under_way, text.goes_on, Tone::Ok), (waiting, text.is_held, Tone::Ok)],
            Control::Resume => vec![(under_way, text.goes_on, Tone::Ok), (waiting, text.begins, Tone::Ok)],
            Control::Cancel => vec![
                (under_way, text.is_taken_back, Tone::Warn),
                (waiting, text.is_dropped, Tone::Ok),
                (done, text.stays, Tone::Ok),
            ],
            Control::Rollback => vec![
                (under_way, text.is_taken_back, Tone::Warn),
                (waiting, text.is_dropped, Tone::Ok),
                (done, text.is_moved_back, Tone::Warn),
            ],
            Control::RetryFailed => vec![
                (count(|one| one.state == MoveState::Failed), text.is_tried_again, Tone::Ok),
                (done, text.is_untouched, Tone::Ok),
            ],
            Control::Skip { .. } | Control::Retry { .. } | Control::Pace(_) => Vec::new(),
        };
        let mut rows: Vec<AnyView> = facts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, words, tone)| {
                view! { <li class=tone.class()>{glyph(tone)}<span>{words(count)}</span></li> }.into_any()
            })
            .collect();
        if self.control == Control::Rollback && done > 0 {
            let moved = self.job.moves.iter().filter(|one| one.state == MoveState::Done);
            let bytes = moved.map(|one| one.size_bytes * one.returning().count() as u64).sum();
            let words = (text.copies_back)(&size(bytes));
            rows.push(view! { <li class="warn">{glyph(Tone::Warn)}<span>{words}</span></li> }.into_any());
        }
        if rows.is_empty() {
            return None;
        }
        let panel = panel(text.outlook, (), view! { <ul class="weigh">{rows}</ul> });
        Some((panel.into_any(), title_of(visit, &self.job)))
    }
}
