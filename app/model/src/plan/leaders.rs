//! Preferred leaders as even as the replica sets allow, by order alone.
//!
//! A flow of partitions to the brokers that may lead them, with convex costs: brokers are the nodes, and a partition led by one is
//! an arc to each other that may lead it. What shortest augmenting paths leave is the least-majorised vector: the least maximum,
//! the greatest minimum and the least squares at once. Every partition starts at its present preferred leader, so few change.

use super::ground::{Ground, Set};
use std::collections::VecDeque;

pub(super) struct Leading {
    /// By partition: its preferred leader.
    pub of: Vec<u32>,
    /// By broker.
    pub counts: Vec<u32>,
}

/// Steps that the search for fewer changes may take; a bound on time that does not depend on a clock.
const RESTORING_STEPS: usize = 20_000_000;

/// `sets`: replicas as they shall be. `is_open`: whether a partition's leader may be chosen although it could stay.
pub(super) fn choose(ground: &Ground, sets: &[Set], is_open: impl Fn(u32) -> bool) -> Leading {
    let able: Vec<Set> = (0..).zip(sets).map(|(part, set)| able(ground, part, set)).collect();
    let mut lots = Lots::start(ground, sets, able, is_open);
    lots.even_out();
    lots.restore();
    Leading {
        counts: lots.led.iter().map(|led| led.len() as u32).zip(&lots.fixed).map(|(led, fixed)| led + fixed).collect(),
        of: lots.of,
    }
}

/// Who may lead: those that live and have or will have all the data.
fn able(ground: &Ground, part: u32, set: &Set) -> Set {
    let it = &ground.parts[part as usize];
    let may = |broker: &u32| {
        ground.brokers[*broker as usize].is_live && (!it.replicas.contains(broker) || ground.is_in_sync(part, *broker))
    };
    set.iter().copied().filter(may).collect()
}

struct Lots {
    of: Vec<u32>,
    /// Who led at first, if it still may.
    was: Vec<Option<u32>>,
    able: Vec<Set>,
    /// Partitions that may change, by leader.
    led: Vec<Vec<u32>>,
    /// How many others each broker leads.
    fixed: Vec<u32>,
}

impl Lots {
    fn start(ground: &Ground, sets: &[Set], able: Vec<Set>, is_open: impl Fn(u32) -> bool) -> Self {
        let brokers = ground.brokers.len();
        let mut lots = Self {
            of: vec![0; sets.len()],
            was: vec![None; sets.len()],
            led: vec![Vec::new(); brokers],
            fixed: vec![0; brokers],
            able,
        };
        let mut orphans = Vec::new();
        for (part, set) in (0_u32..).zip(sets) {
            let at = part as usize;
            let Some(preferred) = ground.parts[at].replicas.first().copied() else { continue };
            let stays = lots.able[at].contains(&preferred);
            lots.was[at] = stays.then_some(preferred);
            if stays && is_open(part) && lots.able[at].len() > 1 {
                lots.of[at] = preferred;
                lots.led[preferred as usize].push(part);
            } else if set.contains(&preferred) && (stays || !is_open(part)) || lots.able[at].is_empty() {
                lots.of[at] =
                    if set.contains(&preferred) { preferred } else { set.first().copied().unwrap_or(preferred) };
                lots.fixed[lots.of[at] as usize] += 1;
            } else {
                orphans.push(part);
            }
        }
        for part in orphans {
            let able = &lots.able[part as usize];
            if let Some(leader) = able.iter().copied().min_by_key(|broker| (lots.count(*broker), *broker)) {
                lots.of[part as usize] = leader;
                lots.led[leader as usize].push(part);
            }
        }
        lots
    }

    fn count(&self, broker: u32) -> usize {
        self.led[broker as usize].len() + self.fixed[broker as usize] as usize
    }

    fn even_out(&mut self) {
        let brokers = 0..self.led.len() as u32;
        let holders = brokers.clone().filter(|broker| self.count(*broker) > 0).count().max(1);
        let total: usize = brokers.clone().map(|broker| self.count(broker)).sum();
        // Most of it at once, then level by level.
        let fair = total.div_ceil(holders);
        for fair in [fair, fair.saturating_sub(1)] {
            while self.augment(fair + 1, fair) {}
        }
        let mut level = brokers.map(|broker| self.count(broker)).max().unwrap_or(0);
        while level >= 2 {
            if !self.augment(level, level - 1) {
                level -= 1;
            }
        }
    }

    /// As many shortest paths as there are side by side, from brokers that lead `from` or more to those that lead fewer than `to`.
    fn augment(&mut self, from: usize, to: usize) -> bool {
        let sources: Vec<u32> = (0..self.led.len() as u32).filter(|broker| self.count(*broker) >= from).collect();
        let Some(mut depth) = self.depths(&sources, to) else { return false };
        let mut next = vec![0; self.led.len()];
        let mut is_any = false;
        for source in sources {
            while self.count(source) >= from && self.descend(source, to, &mut depth, &mut next) {
                is_any = true;
            }
        }
        is_any
    }

    /// How far each broker is from the sources; `None` if no broker below `to` can be reached.
    fn depths(&self, sources: &[u32], to: usize) -> Option<Vec<u32>> {
        let mut depth = vec![u32::MAX; self.led.len()];
        let mut queue = VecDeque::new();
        for source in sources {
            depth[*source as usize] = 0;
            queue.push_back(*source);
        }
        let mut end = None;
        while let Some(broker) = queue.pop_front() {
            let deeper = depth[broker as usize] + 1;
            if end.is_some_and(|end| deeper > end) {
                break;
            }
            for part in &self.led[broker as usize] {
                for other in &self.able[*part as usize] {
                    if depth[*other as usize] == u32::MAX {
                        depth[*other as usize] = deeper;
                        queue.push_back(*other);
                        if self.count(*other) < to {
                            end = Some(deeper);
                        }
                    }
                }
            }
        }
        end.map(|_| depth)
    }

    /// One path from `source` along growing depths; what leads nowhere is not tried again.
    fn descend(&mut self, source: u32, to: usize, depth: &mut [u32], next: &mut [usize]) -> bool {
        let mut path: Vec<(u32, u32)> = Vec::new();
        let mut at = source;
        loop {
            if !path.is_empty() && self.count(at) < to {
                break;
            }
            match self.arc(at, depth, next) {
                Some((part, other)) => {
                    path.push((at, part));
                    at = other;
                }
                None => {
                    depth[at as usize] = u32::MAX;
                    let Some((before, _)) = path.pop() else { return false };
                    at = before;
                }
            }
        }
        let mut receiver = at;
        for (giver, part) in path.into_iter().rev() {
            self.pass(part, giver, receiver);
            receiver = giver;
        }
        true
    }

    /// The next arc one deeper.
    fn arc(&self, broker: u32, depth: &[u32], next: &mut [usize]) -> Option<(u32, u32)> {
        let deeper = depth[broker as usize].checked_add(1)?;
        while let Some(part) = self.led[broker as usize].get(next[broker as usize]) {
            let able = self.able[*part as usize].iter();
            if let Some(other) = able.copied().find(|other| depth[*other as usize] == deeper) {
                return Some((*part, other));
            }
            next[broker as usize] += 1;
        }
        None
    }

    fn pass(&mut self, part: u32, from: u32, to: u32) {
        if let Some(at) = self.led[from as usize].iter().position(|other| *other == part) {
            self.led[from as usize].swap_remove(at);
            self.led[to as usize].push(part);
            self.of[part as usize] = to;
        }
    }

    /// Gives partitions back to who led them at first, where a way round that changes nothing anew keeps the counts.
    fn restore(&mut self) {
        let mut steps = RESTORING_STEPS;
        let changed: Vec<u32> = (0..self.of.len() as u32).filter(|part| self.is_changed(*part)).collect();
        for part in changed {
            let (Some(was), now) = (self.was[part as usize], self.of[part as usize]) else { continue };
            if was == now {
                continue;
            }
            if self.count(now) == self.count(was) + 1 {
                self.pass(part, now, was);
                continue;
            }
            if let Some(path) = self.way_round(was, now, part, &mut steps) {
                self.pass(part, now, was);
                for (giver, part, receiver) in path {
                    self.pass(part, giver, receiver);
                }
            }
        }
    }

    fn is_changed(&self, part: u32) -> bool {
        self.was[part as usize].is_some_and(|was| was != self.of[part as usize])
    }

    /// From `from` to `to` over partitions, but `without`, that have another leader than at first or had none that could stay.
    fn way_round(&self, from: u32, to: u32, without: u32, steps: &mut usize) -> Option<Vec<(u32, u32, u32)>> {
        let mut came: Vec<Option<(u32, u32)>> = vec![None; self.led.len()];
        let mut queue = VecDeque::from([from]);
        while let Some(broker) = queue.pop_front() {
            for part in &self.led[broker as usize] {
                *steps = steps.checked_sub(1)?;
                if *part == without || self.was[*part as usize] == Some(broker) {
                    continue;
                }
                for other in self.able[*part as usize].iter().copied() {
                    if other != from && came[other as usize].is_none() {
                        came[other as usize] = Some((broker, *part));
                        queue.push_back(other);
                    }
                }
            }
            if came[to as usize].is_some() {
                break;
            }
        }
        let mut path = Vec::new();
        let mut at = to;
        while at != from {
            let (before, part) = came[at as usize]?;
            path.push((before, part, at));
            at = before;
        }
        Some(path)
    }
}
