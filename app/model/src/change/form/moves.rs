//! Reads the changes that are about reassignments and the clock.

use super::super::{
    AdoptReassignments, CancelReassignments, ClearThrottles, ControlReassignment, Expected, Reason, Reassign,
    ScheduleElections, ThrottleConfig,
};
use super::read::Form;
use crate::audit::ChangeId;
use crate::job::{Control, Order, Pace, ThrottleResource};
use crate::plan::Target;
use crate::{BrokerId, TopicName};

/// More than any disk or network gives, in bytes a second.
const FASTEST: i64 = 1 << 50;

impl Form<'_> {
    pub(super) fn schedule_elections(&mut self) -> Option<ScheduleElections> {
        let every_minutes = match self.text("every_minutes") {
            "" => None,
            _ => Some(self.number("every_minutes", (1, 1_440))?),
        };
        Some(ScheduleElections { every_minutes })
    }

    /// Of a few partitions `move=topic-partition:1,2,3`; larger ones come from a draft, which the server finds.
    pub(super) fn reassign(&mut self) -> Option<Reassign> {
        let mut partitions = Vec::new();
        for text in self.all("move").collect::<Vec<_>>() {
            let Some(target) = target(text) else {
                let expected = Expected::PartitionWithReplicas;
                return self.refuse("move", Reason::Unreadable { expected });
            };
            partitions.push(target);
        }
        Some(Reassign {
            title: self.text("title").to_owned(),
            partitions,
            pace: self.pace()?,
            expected: Vec::new(),
            changes_replication_factor: self.text("changes_replication_factor") == "true",
            draft: ChangeId::parse(self.text("draft")),
        })
    }

    pub(super) fn control_reassignment(&mut self) -> Option<ControlReassignment> {
        let Some(job) = ChangeId::parse(self.text("job")) else { return self.refuse("job", Reason::NoSuchJob) };
        let control = match self.text("control") {
            "pause" => Control::Pause,
            "resume" => Control::Resume,
            "cancel" => Control::Cancel,
            "rollback" => Control::Rollback,
            "retry_failed" => Control::RetryFailed,
            "pace" => Control::Pace(self.pace()?),
            "skip" | "retry" => {
                let at = self.topic_partitions()?.into_iter().next()?;
                match self.text("control") {
                    "skip" => Control::Skip { topic: at.topic, partition: at.partition },
                    _ => Control::Retry { topic: at.topic, partition: at.partition },
                }
            }
            _ => {
                let expected = Expected::one_of(&[
                    "pause",
                    "resume",
                    "cancel",
                    "rollback",
                    "pace",
                    "skip",
                    "retry",
                    "retry_failed",
                ]);
                return self.refuse("control", Reason::Unreadable { expected });
            }
        };
        Some(ControlReassignment { job, control, topics: Vec::new() })
    }

    pub(super) fn adopt_reassignments(&mut self) -> Option<AdoptReassignments> {
        Some(AdoptReassignments { partitions: self.topic_partitions()?, pace: self.pace()? })
    }

    pub(super) fn cancel_reassignments(&mut self) -> Option<CancelReassignments> {
        Some(CancelReassignments { partitions: self.topic_partitions()? })
    }

    /// `config=broker:2:leader.replication.throttled.rate` or `config=topic:orders:…`.
    pub(super) fn clear_throttles(&mut self) -> Option<ClearThrottles> {
        let mut configs = Vec::new();
        for text in self.all("config").collect::<Vec<_>>() {
            let Some(config) = throttle(text) else {
                let expected = Expected::ConfigOfResource;
                return self.refuse("config", Reason::Unreadable { expected });
            };
            configs.push(config);
        }
        Some(ClearThrottles { configs })
    }

    /// What is left empty is as usual; `throttle` in bytes a second.
    fn pace(&mut self) -> Option<Pace> {
        let mut pace = Pace::default();
        if !self.text("throttle").is_empty() {
            pace.throttle = Some(self.number_64("throttle", (1, FASTEST))?.unsigned_abs());
        }
        for (name, field) in
            [("inbound", &mut pace.inbound), ("outbound", &mut pace.outbound), ("at_once", &mut pace.at_once)]
        {
            if !self.text(name).is_empty() {
                *field = self.number(name, (1, 10_000))?;
            }
        }
        pace.order = match self.text("order") {
            "" | "largest_first" => Order::LargestFirst,
            "smallest_first" => Order::SmallestFirst,
            "by_name" => Order::ByName,
            _ => {
                let expected = Expected::one_of(&["largest_first", "smallest_first", "by_name"]);
                return self.refuse("order", Reason::Unreadable { expected });
            }
        };
        pace.resumes = self.text("resumes") != "false";
        Some(pace)
    }
}

fn target(text: &str) -> Option<Target> {
    let (at, replicas) = text.rsplit_once(':')?;
    let (topic, partition) = at.rsplit_once('-')?;
    let replicas = replicas.split(',').map(|id| id.trim().parse().ok().map(BrokerId)).collect::<Option<_>>()?;
    Some(Target { topic: TopicName::parse(topic).ok()?, partition: partition.parse().ok()?, replicas })
}

fn throttle(text: &str) -> Option<ThrottleConfig> {
    let (kind, rest) = text.split_once(':')?;
    let (name, key) = rest.rsplit_once(':')?;
    let resource = match kind {
        "broker" => ThrottleResource::Broker(BrokerId(name.parse().ok()?)),
        "topic" => ThrottleResource::Topic(TopicName::parse(name).ok()?),
        _ => return None,
    };
    Some(ThrottleConfig { resource, key: key.to_owned(), value: None })
}
