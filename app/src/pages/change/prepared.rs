//! Reassignments that were prepared: thousands of partitions do not travel in forms, so their draft is named instead.

use crate::visit::Visit;
use model::change::{Change, Reassign};

/// A reassignment that names its draft and no partitions, with those of the draft; all else as it is.
pub async fn prepared(visit: &Visit, cluster: &str, change: Change) -> Change {
    match change {
        Change::Reassign(Reassign { title, draft: Some(id), partitions, .. }) if partitions.is_empty() => {
            let found = visit.console.draft(cluster, &id).await.ok().flatten();
            let full = found.and_then(|draft| draft.change(&title));
            // Without a draft there is nothing to do, which the preview says.
            full.unwrap_or_else(|| {
                Change::Reassign(Reassign {
                    title,
                    draft: Some(id),
                    partitions,
                    pace: Default::default(),
                    expected: Vec::new(),
                    changes_replication_factor: false,
                })
            })
        }
        other => other,
    }
}

/// The same change as a form carries it.
pub fn without_plan(change: &Change) -> Change {
    match change {
        Change::Reassign(reassign) if reassign.draft.is_some() => {
            Change::Reassign(Reassign { partitions: Vec::new(), expected: Vec::new(), ..reassign.clone() })
        }
        other => other.clone(),
    }
}
