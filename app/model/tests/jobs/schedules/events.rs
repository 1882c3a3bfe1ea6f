//! What goes wrong, who interferes, and when: by chance.

use super::{Schedule, TROUBLE_MS, pick};
use crate::world::{START, ids};
use model::job::simulated::Permission;
use model::job::throttle::{FOLLOWER_RATE, LEADER_RATE};
use model::job::{Control, Pace};
use model::{BrokerId, TopicName};

#[derive(Debug, Clone)]
pub(super) enum Event {
    Kill(BrokerId),
    Revive(BrokerId),
    Freeze(BrokerId, bool),
    /// Somebody sets a rate.
    Rate(BrokerId, &'static str),
    Others(TopicName, i32, Option<Vec<BrokerId>>),
    Delete(TopicName, bool),
    Forbid(Permission),
    Allow,
    Fill(BrokerId, u64),
    MinIsr(TopicName, u32),
    Balance,
    Control(Control),
}

impl Schedule {
    fn at(&mut self) -> i64 {
        // Most jobs are over within minutes.
        let span = if self.random.below(2) == 0 { TROUBLE_MS / 10 } else { TROUBLE_MS };
        START.0 + self.random.below(span) as i64
    }

    fn partition(&mut self) -> (TopicName, i32) {
        let all: Vec<_> = self
            .world
            .cluster
            .topics
            .iter()
            .flat_map(|(name, topic)| topic.partitions.keys().map(|partition| (name.clone(), *partition)))
            .collect();
        all[self.random.below(all.len() as u64) as usize].clone()
    }

    pub(super) fn invent(&mut self, brokers: i32) {
        let end = START.0 + TROUBLE_MS as i64;
        for _ in 0..self.random.below(6) {
            let at = self.at();
            let broker = BrokerId(self.random.below(brokers as u64) as i32);
            let (name, partition) = self.partition();
            let later = (at + 1_000 + self.random.below(600_000) as i64).min(end);
            match self.random.below(14) {
                0..3 => {
                    self.events.push((at, Event::Kill(broker)));
                    self.events.push((later, Event::Revive(broker)));
                }
                3 => {
                    let count = 1 + self.random.below(3);
                    let replicas = ids(&pick(&mut self.random, brokers, count));
                    self.events.push((at, Event::Others(name, partition, Some(replicas))));
                }
                4 => self.events.push((at, Event::Others(name, partition, None))),
                5 => {
                    let is_made_anew = self.random.below(2) == 0;
                    self.events.push((at, Event::Delete(name, is_made_anew)));
                }
                6 => {
                    let all = [
                        Permission::AlterCluster,
                        Permission::DescribeCluster,
                        Permission::AlterBrokerConfigs,
                        Permission::AlterTopicConfigs,
                    ];
                    self.events.push((at, Event::Forbid(all[self.random.below(4) as usize])));
                    self.events.push((later, Event::Allow));
                }
                7 => {
                    self.events.push((at, Event::Fill(broker, 1 << 40)));
                    self.events.push((later, Event::Fill(broker, 0)));
                }
                8 => {
                    let demanded = 2 + self.random.below(3) as u32;
                    self.events.push((at, Event::MinIsr(name.clone(), demanded)));
                    self.events.push((later, Event::MinIsr(name, 1)));
                }
                9 => self.events.push((at, Event::Balance)),
                11 => {
                    let key = [LEADER_RATE, FOLLOWER_RATE][self.random.below(2) as usize];
                    self.events.push((at, Event::Rate(broker, key)));
                }
                10 => {
                    self.events.push((at, Event::Freeze(broker, true)));
                    self.events.push((later, Event::Freeze(broker, false)));
                }
                _ => {
                    let control = self.invent_control(name, partition);
                    self.events.push((at, Event::Control(control)));
                }
            }
        }
        self.events.push((end, Event::Control(Control::Resume)));
        for broker in 0..brokers {
            self.events.push((end, Event::Freeze(BrokerId(broker), false)));
            self.events.push((end, Event::Revive(BrokerId(broker))));
        }
        self.events.push((end, Event::Allow));
        self.events.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    }

    fn invent_control(&mut self, topic: TopicName, partition: i32) -> Control {
        match self.random.below(8) {
            0 => Control::Pause,
            1 => Control::Resume,
            2 | 3 => Control::Cancel,
            4 => Control::Rollback,
            5 => Control::Skip { topic, partition },
            6 => Control::Retry { topic, partition },
            _ => {
                let throttle = [None, Some(1_000_000)][self.random.below(2) as usize];
                Control::Pace(Pace { throttle, ..self.world.job.pace.clone() })
            }
        }
    }
}
