//! Who leads: the preferred replica again, or any that is left.

use super::{Change, Draft, Preview, Reason, Setting, TopicPartition, Verdict, Warning};
use super::{chosen, command_line, facts};
use crate::{BrokerId, Partition, Snapshot, Topic, TopicName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ElectLeaders {
    #[serde(default)]
    pub election: Election,
    #[serde(default)]
    pub scope: Scope,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Election {
    /// The first replica leads again.
    #[default]
    Preferred,
    /// Any living replica leads a partition that has no leader, at the price of what it had not copied.
    Unclean,
}

/// Which partitions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// All that need it.
    #[default]
    All,
    Topics(Vec<TopicName>),
    Partitions(Vec<TopicPartition>),
    /// Those whose preferred leader this broker is.
    Broker(BrokerId),
}

impl ElectLeaders {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        draft.rely_on(("elect_leaders", self.election == Election::Unclean));
        let is_named = matches!(self.scope, Scope::Partitions(_));
        let mut elected = Vec::new();
        let mut silent = BTreeSet::new();
        let mut behind = 0;
        for (topic, partition) in self.scope.partitions(&mut draft) {
            match leader_after(setting.snapshot, self.election, partition) {
                Ok(leader) => elected.push((topic, partition, leader)),
                Err(Miss::NotNeeded) => {}
                Err(Miss::HasLeader) if !is_named => {}
                Err(miss) if is_named => {
                    let reason = miss.reason();
                    draft.refuse(&at(topic, partition), "partition", reason);
                }
                Err(miss) => {
                    let brokers = miss.silent_brokers(setting.snapshot, partition);
                    behind += u32::from(brokers.is_empty());
                    silent.extend(brokers);
                }
            }
        }
        let hindered = silent.first().copied();
        if !silent.is_empty() {
            draft.warn(Warning::BrokersDown { brokers: silent.into_iter().collect() });
        }
        if behind > 0 {
            let message = match behind {
                1 => "1 partition is left out: its preferred leader is not in sync".to_owned(),
                _ => format!("{behind} partitions are left out: their preferred leaders are not in sync"),
            };
            draft.warn(Warning::Unverified { message });
        }
        self.describe(&mut draft, &elected);
        let mut change = self.clone();
        if elected.is_empty() {
            if !draft.is_refused() {
                let reason = match (self.election, hindered) {
                    (Election::Preferred, Some(leader)) => Reason::PreferredNotInSync { leader },
                    _ => Reason::NothingToDo,
                };
                draft.refuse("", "", reason);
            }
        } else {
            change.scope =
                Scope::Partitions(elected.iter().map(|(topic, partition, _)| at(topic, partition)).collect());
        }
        draft.finish(Change::ElectLeaders(self.clone()), Change::ElectLeaders(change))
    }

    fn describe(&self, draft: &mut Draft<'_>, elected: &[(&Topic, &Partition, BrokerId)]) {
        let most = most(elected.iter().map(|(topic, ..)| &topic.name));
        if elected.len() > most {
            draft.refuse("", "scope", Reason::TooMany { most: most as u32 });
            return;
        }
        let mut last: Option<&TopicName> = None;
        for (topic, partition, leader) in elected {
            draft.rely_on((&topic.name, partition.partition, partition.leader));
            draft.rely_on((&partition.replicas[..], &partition.isr[..]));
            let name = |id: BrokerId| id.to_string();
            draft.differ(&at(topic, partition), "leader", partition.leader.map(name), Some(name(*leader)));
            if self.election == Election::Unclean && !partition.isr.contains(leader) {
                draft.warn(Warning::DataLoss { topic: topic.name.clone(), partition: partition.partition });
            }
            // Handing over a leadership takes its clients a moment; only what may be lost needs to be told by group.
            if self.election == Election::Unclean && last != Some(&topic.name) {
                draft.warn_of_use(topic);
                draft.touch(topic);
            }
            last = Some(&topic.name);
        }
        draft.impact.partitions = elected.len() as u32;
        if elected.is_empty() {
            return;
        }
        if self.election == Election::Unclean {
            draft.warn(Warning::Irreversible);
            draft.consent = Some("lose records".to_owned());
        }
        let partitions: Vec<_> = elected.iter().map(|(topic, partition, _)| at(topic, partition)).collect();
        let command = command_line::elect_leaders(draft.setting, self.election, &partitions);
        draft.commands.push(command);
    }

    pub(super) fn verify(&self, snapshot: &Snapshot) -> Vec<(String, Verdict)> {
        let Scope::Partitions(partitions) = &self.scope else { return Vec::new() };
        let verdict = |at: &TopicPartition| {
            let topic = snapshot.topic(at.topic.as_str());
            let is_done = topic.and_then(|topic| topic.partition(at.partition)).map(|partition| match self.election {
                Election::Preferred => partition.is_preferred_led(),
                Election::Unclean => !partition.is_offline(),
            });
            match is_done {
                None => Verdict::CannotTell,
                Some(true) => Verdict::Done,
                Some(false) => Verdict::NotDone,
            }
        };
        partitions.iter().map(|at| (at.to_string(), verdict(at))).collect()
    }
}

/// Partitions of one election at most, and how long their list may get as JSON in a form field: a form of more than 1 MiB is not read.
const MAX_ELECTED: usize = 5_000;
const MAX_FORM: usize = 900_000;
/// Of one partition in that list, beside the topic's name.
const FORM_ENTRY: usize = 80;

/// How many of the partitions whose topics these are one election can have.
fn most<'a>(topics: impl Iterator<Item = &'a TopicName>) -> usize {
    let mut bytes = 0;
    let fits = |name: &&TopicName| {
        bytes += name.as_str().len() + FORM_ENTRY;
        bytes <= MAX_FORM
    };
    topics.take(MAX_ELECTED + 1).take_while(fits).count().min(MAX_ELECTED)
}

fn at(topic: &Topic, partition: &Partition) -> TopicPartition {
    TopicPartition { topic: topic.name.clone(), partition: partition.partition }
}

impl Scope {
    /// The partitions looked at, in order of topic and number; what does not exist is refused.
    fn partitions<'a>(&self, draft: &mut Draft<'a>) -> Vec<(&'a Topic, &'a Partition)> {
        let snapshot = draft.snapshot();
        let of = |topic: &'a Topic| topic.partitions.iter().map(move |partition| (topic, partition));
        match self {
            Self::All => snapshot.topics.iter().flat_map(|topic| of(topic)).collect(),
            Self::Topics(names) => {
                let names = chosen::names(None, names);
                let topics = chosen::topics(draft, &names);
                topics.into_iter().flat_map(|topic| of(topic)).collect()
            }
            Self::Broker(id) => {
                if snapshot.broker(*id).is_none() {
                    draft.refuse(&format!("broker {id}"), "broker", Reason::NoSuchBroker);
                }
                let all = snapshot.topics.iter().flat_map(|topic| of(topic));
                all.filter(|(_, partition)| partition.preferred_leader() == Some(*id)).collect()
            }
            Self::Partitions(partitions) => {
                let most = most(partitions.iter().map(|at| &at.topic));
                if partitions.len() > most {
                    draft.refuse("", "partition", Reason::TooMany { most: most as u32 });
                    return Vec::new();
                }
                let wanted: BTreeSet<&TopicPartition> = partitions.iter().collect();
                if wanted.is_empty() {
                    draft.refuse("", "partition", Reason::NothingChosen);
                }
                let mut found = Vec::new();
                for at in wanted {
                    let topic = snapshot.topic(at.topic.as_str());
                    match topic.and_then(|topic| Some((&**topic, topic.partition(at.partition)?))) {
                        Some(one) => found.push(one),
                        None if topic.is_none() => draft.refuse(at, "partition", Reason::NoSuchTopic),
                        None => draft.refuse(at, "partition", Reason::NoSuchPartition),
                    }
                }
                found
            }
        }
    }
}

/// Why a partition gets no new leader.
enum Miss {
    NotNeeded,
    HasLeader,
    NotInSync(BrokerId),
    NoneAlive,
}

impl Miss {
    fn reason(&self) -> Reason {
        match self {
            Self::NotNeeded => Reason::NothingToDo,
            Self::HasLeader => Reason::HasLeader,
            Self::NotInSync(leader) => Reason::PreferredNotInSync { leader: *leader },
            Self::NoneAlive => Reason::Unreachable { message: "none of its replicas answers".to_owned() },
        }
    }

    /// Brokers whose silence is the cause.
    fn silent_brokers(&self, snapshot: &Snapshot, partition: &Partition) -> Vec<BrokerId> {
        let silent = |id: &BrokerId| !facts::is_up(snapshot, *id);
        match self {
            Self::NotInSync(leader) => [*leader].into_iter().filter(silent).collect(),
            Self::NoneAlive => partition.replicas.iter().copied().filter(silent).collect(),
            Self::NotNeeded | Self::HasLeader => Vec::new(),
        }
    }
}

/// Who will lead. An unclean election takes the first living replica, one that is in sync before all others (Kafka's
/// `PartitionChangeBuilder.electAnyLeader`).
fn leader_after(snapshot: &Snapshot, election: Election, partition: &Partition) -> Result<BrokerId, Miss> {
    let mut living = partition.replicas.iter().copied().filter(|id| facts::is_up(snapshot, *id));
    match (election, partition.preferred_leader()) {
        (Election::Unclean, _) if !partition.is_offline() => Err(Miss::HasLeader),
        (Election::Unclean, _) => {
            let in_sync = living.clone().find(|id| partition.isr.contains(id));
            in_sync.or_else(|| living.next()).ok_or(Miss::NoneAlive)
        }
        (Election::Preferred, None) => Err(Miss::NotNeeded),
        (Election::Preferred, Some(_)) if partition.is_preferred_led() => Err(Miss::NotNeeded),
        (Election::Preferred, Some(id)) if partition.isr.contains(&id) && facts::is_up(snapshot, id) => Ok(id),
        (Election::Preferred, Some(id)) => Err(Miss::NotInSync(id)),
    }
}
