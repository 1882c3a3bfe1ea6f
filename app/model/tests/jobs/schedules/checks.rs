//! What must hold at each step, after the end, and when everybody is back.

use super::{LAG_MS, Schedule, throttles};
use crate::world::{START, ids};
use model::job::simulated::Who;
use model::job::{Job, JobMove, MoveState, Phase, ThrottleResource, engine};
use model::{BrokerId, Timestamp, TopicName};
use std::collections::BTreeSet;

impl Schedule {
    /// Touched by somebody else and given up for that: even what looks like the job's afterwards is theirs.
    fn is_left_to_them(&self, topic: &TopicName, partition: i32) -> bool {
        let is_it = |moved: &&JobMove| (&moved.topic, moved.partition) == (topic, partition);
        let is_skipped = |moved: &JobMove| moved.state == MoveState::Skipped;
        self.touched.contains_key(&(topic.clone(), partition))
            && self.world.job.moves.iter().find(is_it).is_some_and(is_skipped)
    }

    /// Whether it is not of the job any more.
    fn is_theirs(&self, moved: &JobMove) -> bool {
        self.deleted.contains_key(&moved.topic) || self.touched.contains_key(&(moved.topic.clone(), moved.partition))
    }

    /// What a single step may do: a move ends only where it should, and owes an election until that has been seen to have happened.
    pub(super) fn watch(&mut self, seed: u64, before: &Job) {
        let (now, seen) = (self.world.cluster.now, &self.world.seen);
        for (old, new) in before.moves.iter().zip(&self.world.job.moves) {
            if self.is_theirs(new) {
                continue;
            }
            let key = (new.topic.clone(), new.partition);
            let name = format!("schedule {seed}, {}-{}", new.topic, new.partition);
            let found = seen.partition(&new.topic, new.partition);
            if !old.is_final() && new.is_final() && new.attempts > 0 {
                let Some(found) = found else {
                    // What waits and has certainly not left need not be seen to be called off; `check_places` looks where it lies.
                    assert!(old.state == MoveState::Pending && new.state == MoveState::Reverted, "{name}: {new:#?}");
                    continue;
                };
                if new.state == MoveState::Skipped && new.memory.is_forced {
                    // Nothing was waited for, not even its leader: asked for twice.
                    assert!(!found.is_moving(), "{name} is left on the move: {found:#?}");
                    continue;
                }
                let is_at = |list: &[BrokerId]| found.replicas == list && !found.is_moving();
                let is_in_place = match new.state {
                    MoveState::Done => is_at(&new.target),
                    MoveState::Reverted => is_at(&new.original),
                    _ => is_at(&new.original) || is_at(&new.target),
                };
                assert!(is_in_place, "{name} ended elsewhere: {found:#?}\n{new:#?}");
                let lacks = |id: &&BrokerId| seen.live.contains(id) && !found.isr.contains(id);
                let lacking = found.replicas.iter().find(lacks).filter(|_| new.state == MoveState::Done);
                // Waited for long enough, or asked not to wait; and then it is said.
                let is_long = old.memory.ill_since.is_some_and(|since| now.since(since) >= engine::GIVE_UP_MS);
                let is_told = new.why.as_ref().is_some_and(|why| why.to_string().contains("is not in sync"));
                let is_excused = is_told && (is_long || new.memory.is_forced);
                assert!(lacking.is_none() || is_excused, "{name} is done without {lacking:?} in sync: {found:#?}");
                let did_lead = new.memory.leader_before == new.original.first().copied();
                if did_lead || is_at(&new.target) && new.target.first() != new.original.first() {
                    let is_led = found.leader == found.replicas.first().copied();
                    assert!(new.memory.is_election_owed || is_led, "{name} owes no election: {new:#?}");
                    self.led_at.insert(key.clone(), now);
                }
            }
            if old.memory.is_election_owed && !new.memory.is_election_owed {
                let found = found.unwrap();
                let preferred = found.replicas.first().copied().unwrap();
                let is_possible = seen.live.contains(&preferred) && found.isr.contains(&preferred);
                let is_long = old.memory.owed_since.is_some_and(|since| now.since(since) >= engine::GIVE_UP_MS);
                if found.leader == Some(preferred) {
                    self.led_at.insert(key, now);
                } else {
                    let is_excused = is_long && (!is_possible || self.is_forbidden);
                    assert!(is_excused, "{name} is led by {:?}, and no election is owed: {new:#?}", found.leader);
                    self.given_up.insert(key);
                }
            }
        }
    }

    pub(super) fn check(&self, seed: u64) {
        self.check_places(seed);
        let (job, cluster) = (&self.world.job, &self.world.cluster);
        let is_among = |list: &[(BrokerId, Timestamp)], broker: BrokerId, since: Option<Timestamp>| {
            let since = since.map_or(START.0, |at| at.0 - LAG_MS);
            list.iter().any(|(id, at)| *id == broker && at.0 >= since)
        };
        let has_died = |broker, since| is_among(&self.deaths_of_brokers, broker, since);
        let is_behind =
            |broker: BrokerId| cluster.brokers[&broker].is_frozen || is_among(&self.falls, broker, job.finished_at);
        for moved in job.moves.iter().filter(|moved| !self.is_theirs(moved)) {
            let name = format!("schedule {seed}, {}-{}", moved.topic, moved.partition);
            let part = cluster.partition(&moved.topic, moved.partition).unwrap();
            let key = (moved.topic.clone(), moved.partition);
            if let Some(at) = self.led_at.get(&key).filter(|_| !self.given_up.contains(&key)) {
                let preferred = *part.replicas.first().unwrap();
                let is_led = part.leader == Some(preferred) || has_died(preferred, Some(*at));
                assert!(is_led, "{name} leader\n{job:#?}\n{part:#?}");
            }
            if matches!(job.phase, Phase::Done | Phase::Failed) && moved.state == MoveState::Done {
                let is_missing = |id: &&BrokerId| {
                    let has_fallen = has_died(**id, job.finished_at) || is_behind(**id);
                    let is_told = moved.why.as_ref().is_some_and(|why| why.to_string().contains("is not in sync"));
                    cluster.is_live(**id) && !part.isr.contains(id) && !has_fallen && !is_told
                };
                assert_eq!(part.replicas.iter().find(is_missing), None, "{name} ISR\n{job:#?}\n{part:#?}");
            }
        }
        if job.phase == Phase::Done {
            assert!(job.moves.iter().all(|moved| moved.is_final() && moved.state != MoveState::Failed));
        }
    }

    /// Where everything is, and what is set; true at any time after the end.
    fn check_places(&self, seed: u64) {
        let (job, cluster) = (&self.world.job, &self.world.cluster);
        assert!(cluster.violations.is_empty(), "schedule {seed}: {:#?}\n{job:#?}", cluster.violations);
        let mut expected = self.theirs.clone();
        expected.sort_unstable();
        expected.retain(|(resource, ..)| match resource {
            // With a topic go its configs.
            ThrottleResource::Topic(name) => !self.deleted.contains_key(name),
            ThrottleResource::Broker(_) => true,
        });
        assert_eq!(throttles(cluster), expected, "schedule {seed}: throttles\n{job:#?}");
        for moved in &job.moves {
            let name = format!("schedule {seed}, {}-{}", moved.topic, moved.partition);
            let key = (moved.topic.clone(), moved.partition);
            let Some(part) = cluster.partition(&moved.topic, moved.partition) else {
                assert!(self.deleted.contains_key(&moved.topic), "{name}");
                continue;
            };
            let target = part.replicas.iter().copied().filter(|id| !part.removing.contains(id)).collect::<Vec<_>>();
            let is_at = |list: &Vec<BrokerId>| target == *list;
            let is_theirs = self.touched.get(&key).is_some_and(|lists| lists.iter().any(is_at));
            let is_where_it_should_be = match self.deleted.get(&moved.topic) {
                // A request on its way when the topic was made anew is carried out on that: it goes by the name.
                Some(is_owing) => {
                    is_theirs
                        || target == ids(&[0, 1, 2])
                        || *is_owing == Some(true) && (is_at(&moved.target) || is_at(&moved.original))
                }
                // One of ours that meets theirs on its way has our order, and still loses what they remove.
                None if self.touched.contains_key(&key) => {
                    let is_theirs_in_our_order = self.touched.get(&key).is_some_and(|lists| {
                        let sorted = |list: &[BrokerId]| list.iter().copied().collect::<BTreeSet<_>>();
                        lists.iter().any(|list| sorted(list) == sorted(&target))
                    });
                    is_theirs || is_theirs_in_our_order || is_at(&moved.target) || is_at(&moved.original)
                }
                // Nothing was waited for: asked for twice.
                None if moved.memory.is_forced && moved.state == MoveState::Skipped => true,
                None => {
                    assert!(!part.is_moving(), "{name} is still moving\n{job:#?}");
                    match moved.state {
                        MoveState::Done => is_at(&moved.target),
                        MoveState::Reverted => is_at(&moved.original),
                        _ if self.left_between.contains(&key) => moved.memory.base.as_ref().is_some_and(is_at),
                        // Left out: of the way there, or of the way back.
                        _ if moved.memory.base.as_ref() == Some(&moved.target) => is_at(&moved.target),
                        _ => is_at(&moved.original),
                    }
                }
            };
            assert!(is_where_it_should_be, "{name}\n{moved:#?}\n{part:#?}\n{:?}", self.touched.get(&key));
        }
    }

    /// All brokers are back, and time passes: every replica is in sync.
    pub(super) fn check_in_the_end(&mut self, seed: u64) {
        (0..60).for_each(|_| self.world.cluster.pass(60_000, true));
        self.check_places(seed);
        for (name, topic) in &self.world.cluster.topics {
            for (number, part) in &topic.partitions {
                // Kafka does not end a move that another one has overridden in some ways.
                let is_crossed = part.adding.iter().any(|id| part.removing.contains(id));
                let is_stuck = is_crossed && (part.mover == Some(Who::Others) || self.is_left_to_them(name, *number));
                let is_whole =
                    is_stuck || !part.is_moving() && part.isr.len() == part.replicas.len() && part.leader.is_some();
                assert!(is_whole, "schedule {seed}, {name}-{number}: {part:#?}\n{:#?}", self.world.job);
            }
        }
    }
}
