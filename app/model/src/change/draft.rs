//! A preview while it is being made.

use super::{AffectedGroup, Change, Difference, Impact, PlacedTopic, Preview, Reason, Refusal, Setting, Warning};
use crate::{ClusterState, Snapshot, Topic};
use std::hash::{DefaultHasher, Hash, Hasher};

pub(super) struct Draft<'a> {
    pub(super) setting: &'a Setting<'a>,
    /// Of what the preview relies on. Its keys are fixed, so that equal facts give the same text in every process of one build.
    base: DefaultHasher,
    diff: Vec<Difference>,
    warnings: Vec<Warning>,
    refusals: Vec<Refusal>,
    pub(super) impact: Impact,
    pub(super) placements: Vec<PlacedTopic>,
    pub(super) commands: Vec<String>,
    pub(super) consent: Option<String>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(setting: &'a Setting<'a>) -> Self {
        Self {
            setting,
            base: DefaultHasher::new(),
            diff: Vec::new(),
            warnings: Vec::new(),
            refusals: Vec::new(),
            impact: Impact::default(),
            placements: Vec::new(),
            commands: Vec::new(),
            consent: None,
        }
    }

    pub(super) fn snapshot(&self) -> &'a Snapshot {
        self.setting.snapshot
    }

    /// The preview depends on `fact`.
    pub(super) fn rely_on(&mut self, fact: impl Hash) {
        fact.hash(&mut self.base);
    }

    pub(super) fn refuse(&mut self, item: &(impl ToString + ?Sized), field: impl Into<String>, reason: Reason) {
        self.refusals.push(Refusal { item: item.to_string(), field: field.into(), reason });
    }

    pub(super) fn is_refused(&self) -> bool {
        !self.refusals.is_empty()
    }

    /// Each warning once; of partitions there can be thousands, and each is told once anyway.
    pub(super) fn warn(&mut self, warning: Warning) {
        if matches!(warning, Warning::DataLoss { .. }) || !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    pub(super) fn differ(
        &mut self,
        item: &(impl ToString + ?Sized),
        field: impl Into<String>,
        before: Option<String>,
        after: Option<String>,
    ) {
        self.diff.push(Difference { item: item.to_string(), field: field.into(), before, after });
    }

    /// Counts the topic's readers and its writers in.
    pub(super) fn touch(&mut self, topic: &Topic) {
        let readers = self.snapshot().groups_of(&topic.name).map(|group| AffectedGroup {
            group: group.id.clone(),
            topic: topic.name.clone(),
            members: group.member_count,
            lag: group.topics.iter().find(|read| read.topic == topic.name).and_then(|read| read.total_lag),
        });
        self.impact.groups.extend(readers);
        if let Some(rate) = topic.records_per_second {
            *self.impact.records_per_second.get_or_insert(0.0) += rate;
        }
    }

    /// Warns of members that read the topic and of whoever writes to it, for changes after which they find something gone.
    pub(super) fn warn_of_use(&mut self, topic: &Topic) {
        let groups = self.snapshot().groups_of(&topic.name).filter(|group| group.member_count > 0).count() as u32;
        if groups > 0 {
            self.warn(Warning::ReadNow { topic: topic.name.clone(), groups });
        }
        if let Some(records_per_second) = topic.records_per_second.filter(|rate| *rate > 0.0) {
            self.warn(Warning::WrittenNow { topic: topic.name.clone(), records_per_second });
        }
    }

    /// Of what has been drawn. A change that is refused stays as it was wished, for without what is wrong in it it would be
    /// another one; nor are its commands offered.
    pub(super) fn finish(mut self, wish: Change, normal: Change) -> Preview {
        self.warnings.sort_by_key(Warning::rank);
        let groups = &mut self.impact.groups;
        groups.sort_by(|a, b| {
            let key = |group: &AffectedGroup| (group.members == 0, group.topic.clone(), group.group.clone());
            key(a).cmp(&key(b))
        });
        if let Some(unreachable) = unreachable(self.setting.snapshot) {
            // Of a cluster never seen it cannot be told what is not there.
            self.refusals.truncate(if self.setting.snapshot.is_known() { self.refusals.len() } else { 0 });
            self.refusals.insert(0, unreachable);
        }
        if self.is_refused() {
            self.commands.clear();
        }
        Preview {
            change: if self.is_refused() { wish } else { normal },
            base: format!("{:016x}", self.base.finish()),
            diff: self.diff,
            warnings: self.warnings,
            refusals: self.refusals,
            impact: self.impact,
            placements: self.placements,
            commands: self.commands,
            consent: self.consent,
        }
    }
}

/// What is known of a cluster that does not answer is of the past: nobody should decide on it.
fn unreachable(snapshot: &Snapshot) -> Option<Refusal> {
    let message = match &snapshot.summary.state {
        ClusterState::Reachable => return None,
        ClusterState::Connecting => "it has not been reached yet".to_owned(),
        ClusterState::Unreachable { fault, .. } => fault.message.clone(),
    };
    Some(Refusal { item: String::new(), field: String::new(), reason: Reason::Unreachable { message } })
}
