//! Copies that share the rates of brokers, played through to the end.

use crate::BrokerId;
use crate::job::Pace;
use smallvec::SmallVec;
use std::collections::{BTreeMap, VecDeque};

/// Waiting copies that are looked at for one that fits.
const LOOK_AHEAD: usize = 200;
/// A copy of which less is left than this part ends with the next one: thousands at once do not end one by one.
const TOGETHER: f64 = 0.001;

/// Small numbers for brokers, in the order they are met.
#[derive(Default)]
pub(super) struct Brokers(BTreeMap<BrokerId, usize>);

impl Brokers {
    pub(super) fn number(&mut self, id: BrokerId) -> usize {
        let next = self.0.len();
        *self.0.entry(id).or_insert(next)
    }
}

/// A partition on its way to new replicas.
#[derive(Clone)]
pub(super) struct Copy {
    /// As [`Brokers`] has them.
    pub(super) leader: usize,
    pub(super) adding: SmallVec<[usize; 2]>,
    /// Bytes still to come to each added replica.
    pub(super) left: f64,
}

/// What brokers send and receive at once.
#[derive(Default)]
pub(super) struct Flows {
    brokers: Vec<Flow>,
}

#[derive(Clone, Copy, Default)]
struct Flow {
    /// Replicas that are fed by it, and those it gets.
    out: u32,
    into: u32,
    /// Partitions it leads that are copied.
    sent: u32,
}

impl Flows {
    pub(super) fn begin(&mut self, copy: &Copy) {
        self.count(copy, |count, by| *count += by);
    }

    pub(super) fn end(&mut self, copy: &Copy) {
        self.count(copy, |count, by| *count = count.saturating_sub(by));
    }

    fn count(&mut self, copy: &Copy, add: fn(&mut u32, u32)) {
        let most = copy.adding.iter().copied().fold(copy.leader, usize::max);
        if most >= self.brokers.len() {
            self.brokers.resize(most + 1, Flow::default());
        }
        if let Some(leader) = self.brokers.get_mut(copy.leader) {
            add(&mut leader.out, copy.adding.len() as u32);
            add(&mut leader.sent, 1);
        }
        for broker in &copy.adding {
            if let Some(receiver) = self.brokers.get_mut(*broker) {
                add(&mut receiver.into, 1);
            }
        }
    }

    fn of(&self, broker: usize) -> Flow {
        self.brokers.get(broker).copied().unwrap_or_default()
    }

    /// Bytes a second to each added replica of a copy that has begun, if a broker sends and receives `cap` bytes a second.
    fn rate(&self, copy: &Copy, cap: f64) -> f64 {
        let into = copy.adding.iter().map(|broker| self.of(*broker).into);
        cap / f64::from(into.fold(self.of(copy.leader).out, u32::max).max(1))
    }

    /// Bytes a second of all these together; they have begun.
    pub(super) fn total<'a>(&self, running: impl Iterator<Item = &'a Copy>, cap: f64) -> f64 {
        running.map(|copy| self.rate(copy, cap) * copy.adding.len() as f64).sum()
    }

    fn fits(&self, copy: &Copy, pace: &Pace) -> bool {
        self.of(copy.leader).sent < pace.outbound.max(1)
            && copy.adding.iter().all(|broker| self.of(*broker).into < pace.inbound.max(1))
    }
}

/// One that is played.
struct Running {
    copy: Copy,
    /// It has ended once there is no more left.
    end: f64,
    rate: f64,
}

/// Seconds until all is copied, and bytes a second at the beginning, if a broker sends and receives `cap` bytes a second.
pub(super) fn play(running: Vec<Copy>, waiting: Vec<Copy>, cap: f64, pace: &Pace) -> (f64, f64) {
    let mut flows = Flows::default();
    let begin = |copy: Copy, flows: &mut Flows| {
        flows.begin(&copy);
        Running { end: (copy.left * TOGETHER).max(1e-6 * cap), copy, rate: 0.0 }
    };
    let mut running: Vec<Running> = running.into_iter().map(|copy| begin(copy, &mut flows)).collect();
    let mut waiting: VecDeque<Copy> = waiting.into();
    let (mut seconds, mut first) = (0.0, None);
    loop {
        let mut index = 0;
        while (running.len() as u32) < pace.at_once.max(1) && index < waiting.len().min(LOOK_AHEAD) {
            if waiting.get(index).is_some_and(|copy| flows.fits(copy, pace)) {
                running.extend(waiting.remove(index).map(|copy| begin(copy, &mut flows)));
            } else {
                index += 1;
            }
        }
        first.get_or_insert_with(|| flows.total(running.iter().map(|one| &one.copy), cap));
        let mut span = f64::INFINITY;
        for one in &mut running {
            one.rate = flows.rate(&one.copy, cap);
            span = span.min(one.copy.left / one.rate);
        }
        if running.is_empty() {
            return (seconds, first.unwrap_or(0.0));
        }
        if !span.is_finite() {
            return (f64::from(u32::MAX), first.unwrap_or(0.0));
        }
        seconds += span;
        running.retain_mut(|one| {
            one.copy.left -= one.rate * span;
            let is_running = one.copy.left > one.end;
            if !is_running {
                flows.end(&one.copy);
            }
            is_running
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::random::SplitMix64;

    fn copies(count: usize, brokers: u64, random: &mut SplitMix64) -> Vec<Copy> {
        let copy = |_| {
            let leader = random.below(brokers);
            let adding = (1..=1 + random.below(2)).map(|at| ((leader + at) % brokers) as usize).collect();
            Copy { leader: leader as usize, adding, left: 1.0 + random.below(1_000) as f64 }
        };
        (0..count).map(copy).collect()
    }

    /// The same without anything kept from one end to the next, and each ending by itself.
    fn plainly(mut running: Vec<Copy>, mut waiting: Vec<Copy>, cap: f64, pace: &Pace) -> f64 {
        let mut seconds = 0.0;
        loop {
            let mut index = 0;
            while (running.len() as u32) < pace.at_once && index < waiting.len().min(LOOK_AHEAD) {
                let copy = &waiting[index];
                let sent = running.iter().filter(|other| other.leader == copy.leader).count() as u32;
                let got = |broker: &usize| running.iter().filter(|other| other.adding.contains(broker)).count() as u32;
                if sent < pace.outbound && copy.adding.iter().all(|broker| got(broker) < pace.inbound) {
                    running.push(waiting.remove(index));
                } else {
                    index += 1;
                }
            }
            if running.is_empty() {
                return seconds;
            }
            let all = running.clone();
            let rate = |copy: &Copy| {
                let out: usize =
                    all.iter().filter(|other| other.leader == copy.leader).map(|other| other.adding.len()).sum();
                let into = |broker: &usize| all.iter().filter(|other| other.adding.contains(broker)).count();
                cap / copy.adding.iter().map(into).fold(out, usize::max) as f64
            };
            let rates: Vec<f64> = all.iter().map(rate).collect();
            let span = all.iter().zip(&rates).map(|(copy, rate)| copy.left / rate).fold(f64::INFINITY, f64::min);
            seconds += span;
            running.iter_mut().zip(&rates).for_each(|(copy, rate)| copy.left -= rate * span);
            running.retain(|copy| copy.left > 1e-6 * cap);
        }
    }

    #[test]
    fn what_is_kept_between_two_ends_changes_nothing() {
        let mut random = SplitMix64::new(3);
        for (brokers, at_once, slots) in [(3, 5, 2), (12, 50, 3), (12, 300, 300), (40, 100, 10)] {
            let pace = Pace { at_once, inbound: slots, outbound: slots, ..Pace::default() };
            let (running, waiting) = (copies(4, brokers, &mut random), copies(300, brokers, &mut random));
            let plain = plainly(running.clone(), waiting.clone(), 7.0, &pace);
            let (seconds, _) = play(running, waiting, 7.0, &pace);
            assert!((seconds - plain).abs() < 0.005 * plain, "{brokers} brokers: {seconds} s, plainly {plain} s");
        }
    }

    #[test]
    fn one_after_the_other_none_is_cut_short() {
        let pace = Pace { at_once: 1, ..Pace::default() };
        let waiting = vec![Copy { leader: 0, adding: SmallVec::from_slice(&[1]), left: 10.0 }; 5_000];
        let (seconds, first) = play(Vec::new(), waiting, 2.0, &pace);
        assert!((seconds - 25_000.0).abs() < 1.0, "{seconds}");
        assert!((first - 2.0).abs() < 1e-9, "{first}");
    }
}
