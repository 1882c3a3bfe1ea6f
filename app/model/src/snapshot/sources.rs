//! Age and status of the sources, several brokers' answers taken together.

use super::Sources;
use crate::observation::Offsets;
use crate::observed::SourceState;
use crate::{BrokerId, Observations, Observed};
use std::collections::BTreeMap;

impl Sources {
    /// `members` are the brokers in the metadata and those that hold replicas, in order of id.
    pub(super) fn of(facts: &Observations, members: &[BrokerId]) -> Self {
        Self {
            metadata: facts.metadata.state(),
            quorum: facts.quorum.state(),
            reassignments: facts.reassignments.state(),
            latest_offsets: of_leaders(facts, &facts.latest),
            earliest_offsets: of_leaders(facts, &facts.earliest),
            log_dirs: together(there(facts, members, &facts.log_dirs)),
            topic_configs: facts.topic_configs.state(),
            broker_configs: together(there(facts, members, &facts.broker_configs)),
            groups: facts.groups.state(),
        }
    }

    /// Every source with the name the API gives it.
    pub fn named(&self) -> [(&'static str, &SourceState); 9] {
        [
            ("metadata", &self.metadata),
            ("quorum", &self.quorum),
            ("reassignments", &self.reassignments),
            ("latest_offsets", &self.latest_offsets),
            ("earliest_offsets", &self.earliest_offsets),
            ("log_dirs", &self.log_dirs),
            ("topic_configs", &self.topic_configs),
            ("broker_configs", &self.broker_configs),
            ("groups", &self.groups),
        ]
    }
}

/// The source's own state, with the fault of the first leader that gave nothing if the source itself has none.
fn of_leaders(facts: &Observations, offsets: &Observed<Offsets>) -> SourceState {
    let mut state = offsets.state();
    let silent = offsets.get().and_then(|offsets| offsets.faults.first_key_value());
    if let (None, Some((leader, fault))) = (&state.fault, silent) {
        state.fault = Some(fault.clone());
        // Silent to the heartbeat since then; at least since this answer.
        state.failing_since =
            facts.apis.get(leader).and_then(|heartbeat| heartbeat.failing_since).or(state.observed_at);
    }
    state
}

/// The answers of all brokers but those that left for good: gone from the metadata, and nothing on them.
fn there<'a, T>(
    facts: &'a Observations,
    members: &'a [BrokerId],
    answers: &'a BTreeMap<BrokerId, Observed<T>>,
) -> impl Iterator<Item = &'a Observed<T>> {
    let has_left = |id: &BrokerId| facts.missing_brokers.contains_key(id) && members.binary_search(id).is_err();
    answers.iter().filter(move |(id, _)| !has_left(id)).map(|(_, answer)| answer)
}

/// The oldest answer, the first fault with the moment it began, the slowest attempt.
fn together<'a, T: 'a>(answers: impl Iterator<Item = &'a Observed<T>>) -> SourceState {
    let mut all = SourceState::default();
    for answer in answers {
        all.observed_at = match (all.observed_at, answer.observed_at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if all.fault.is_none() && answer.fault.is_some() {
            all.fault = answer.fault.clone();
            all.failing_since = answer.failing_since;
        }
        all.took_ms = all.took_ms.max(answer.took_ms);
    }
    all
}
