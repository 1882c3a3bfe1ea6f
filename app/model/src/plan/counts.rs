//! Replicas per broker as even as racks allow, by shortest augmenting paths of a min-cost flow with convex costs.
//!
//! The flow of partitions through racks and brokers (both families of limits nested, so whole numbers come by themselves) is kept
//! in its contracted form: its nodes are the brokers, and there is an arc from one to another for every replica that may go there.
//! An arc costs one if it means a copy more, nothing if a replica that is copied anyway only lands elsewhere, minus one if it
//! returns. Taking a replica off a broker and putting one on another that has at least two fewer makes the sum of squares
//! smaller; where no path leads from any broker to one with two fewer, it is the least there can be.

use super::ground::Ground;
use super::layout::Layout;

/// Which arcs may be used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Arcs {
    /// Those that copy nothing more.
    Free,
    All,
}

pub(super) struct Paths<'a> {
    ground: &'a Ground<'a>,
    arcs: Arcs,
    /// Brokers replicas may be brought to with a copy more; the others only take what costs nothing.
    receives: &'a [bool],
}

/// How many of the emptiest brokers are tried before a path is searched.
const NEAREST: usize = 6;

/// How a broker was reached: from which, with a replica of what.
type Came = Option<(u32, u32)>;

impl<'a> Paths<'a> {
    pub fn new(ground: &'a Ground<'a>, arcs: Arcs, receives: &'a [bool]) -> Self {
        Self { ground, arcs, receives }
    }

    /// Evens out until no path is left that would.
    pub fn even_out(&self, layout: &mut Layout) {
        let Some(mut level) = layout.counts.iter().copied().max() else { return };
        // A path that trips over itself is given up; each partition at most so often.
        let mut banned = vec![false; self.ground.parts.len()];
        while level >= 2 {
            if self.direct(layout, level) {
                continue;
            }
            let paths = self.paths(layout, level, &banned);
            if paths.is_empty() {
                level -= 1;
            }
            for path in paths {
                // An earlier one may have emptied its beginning or filled its end.
                let (begin, end) = match (path.last(), path.first()) {
                    (Some((begin, ..)), Some((_, end, _))) => (*begin as usize, *end as usize),
                    _ => continue,
                };
                if layout.counts[begin] == level
                    && layout.counts[end] + 2 <= level
                    && !self.apply(layout, &path)
                    && let Some((_, _, part)) = path.iter().find(|(_, _, part)| !banned[*part as usize])
                {
                    banned[*part as usize] = true;
                }
            }
        }
    }

    /// One replica straight from a broker with `level` to one with at least two fewer, if that is easily found.
    fn direct(&self, layout: &mut Layout, level: u32) -> bool {
        let ground = self.ground;
        let brokers = || 0..layout.counts.len() as u32;
        let mut ends: Vec<u32> =
            brokers().filter(|at| self.receives[*at as usize] && layout.counts[*at as usize] + 2 <= level).collect();
        ends.sort_by_key(|at| (layout.counts[*at as usize], layout.bytes[*at as usize], *at));
        ends.truncate(NEAREST);
        let mut found = None;
        for from in brokers().filter(|at| layout.counts[*at as usize] == level && ground.brokers[*at as usize].may_get)
        {
            for to in ends.iter().copied() {
                let fits = |part: &&u32| {
                    let it = &ground.parts[**part as usize];
                    let is_paid = it.replicas.contains(&from) && !it.replicas.contains(&to);
                    let is_own = it.replicas.contains(&from) == it.replicas.contains(&to);
                    it.is_due
                        && (!is_own || !it.replicas.contains(&from))
                        && (self.arcs == Arcs::All || !is_paid)
                        && layout.may_shift(ground, **part, from, to)
                };
                // Neither its largest nor its smallest, if there is a choice.
                let on = &layout.on[from as usize];
                let (small, large) = on.split_at(on.len() / 2);
                if let Some(part) = large.iter().find(fits).or_else(|| small.iter().rev().find(fits)) {
                    found = Some((*part, from, to));
                    break;
                }
            }
            if found.is_some() {
                break;
            }
        }
        let Some((part, from, to)) = found else { return false };
        layout.shift(ground, part, from, to);
        true
    }

    /// Paths from brokers with `level` replicas to such with at least two fewer: the cheapest, and others that cost as much.
    fn paths(&self, layout: &Layout, level: u32, banned: &[bool]) -> Vec<Vec<(u32, u32, u32)>> {
        let gives = |at: u32| layout.counts[at as usize] == level && self.ground.brokers[at as usize].may_get;
        let from: Vec<u32> = (0..layout.counts.len() as u32).filter(|at| gives(*at)).collect();
        if from.is_empty() || !layout.counts.iter().any(|count| count + 2 <= level) {
            return Vec::new();
        }
        let mut search = Search::new(self, layout, &from, banned);
        let is_end = |broker: u32| layout.counts[broker as usize] + 2 <= level;
        let mut ends: Vec<u32> = Vec::new();
        while !search.is_done() && ends.first().is_none_or(|first| search.next_cost() <= search.costs[*first as usize])
        {
            ends.extend(search.step(&is_end));
        }
        ends.into_iter().map(|end| search.back(end)).collect()
    }

    /// From its end, so that no broker is over its limits in between. Undone if a step no longer holds.
    fn apply(&self, layout: &mut Layout, path: &[(u32, u32, u32)]) -> bool {
        for (done, (from, to, part)) in path.iter().enumerate() {
            if !layout.holds(*part, *from) || !layout.may_shift(self.ground, *part, *from, *to) {
                for (from, to, part) in path.iter().take(done).rev() {
                    layout.shift(self.ground, *part, *to, *from);
                }
                return false;
            }
            layout.shift(self.ground, *part, *from, *to);
        }
        true
    }
}

/// Breadth first in layers of equal cost: all that can be reached at no more cost, then one copy more.
struct Search<'a> {
    paths: &'a Paths<'a>,
    layout: &'a Layout,
    banned: &'a [bool],
    seen: Vec<bool>,
    came: Vec<Came>,
    /// Copies more on the way there.
    costs: Vec<u32>,
    /// Not yet reached, by rack.
    open: Vec<Vec<u32>>,
    /// Reached at this cost; those before `at` are followed by free arcs.
    layer: Vec<u32>,
    at: usize,
    /// Those before this are followed by paid arcs too.
    paid_at: usize,
}

impl<'a> Search<'a> {
    fn new(paths: &'a Paths<'a>, layout: &'a Layout, from: &[u32], banned: &'a [bool]) -> Self {
        let ground = paths.ground;
        let mut seen = vec![false; ground.brokers.len()];
        for broker in from {
            seen[*broker as usize] = true;
        }
        let is_open = |broker: &u32| !seen[*broker as usize];
        let open =
            ground.racks.members.iter().map(|members| members.iter().copied().filter(is_open).collect()).collect();
        let came = vec![None; ground.brokers.len()];
        let costs = vec![0; ground.brokers.len()];
        Self { paths, layout, banned, seen, came, costs, open, layer: from.to_vec(), at: 0, paid_at: 0 }
    }

    fn is_done(&self) -> bool {
        self.at >= self.layer.len() && (self.paths.arcs == Arcs::Free || self.paid_at >= self.layer.len())
    }

    /// What the next step leads to.
    fn next_cost(&self) -> u32 {
        match (self.layer.get(self.at), self.layer.get(self.paid_at)) {
            (Some(broker), _) => self.costs[*broker as usize],
            (None, Some(broker)) if self.paths.arcs == Arcs::All => self.costs[*broker as usize] + 1,
            _ => u32::MAX,
        }
    }

    /// Follows one broker's arcs; an end if one is reached.
    fn step(&mut self, is_end: &dyn Fn(u32) -> bool) -> Option<u32> {
        if let Some(broker) = self.layer.get(self.at).copied() {
            self.at += 1;
            return self.follow(broker, false, is_end);
        }
        let broker = self.layer.get(self.paid_at).copied()?;
        self.paid_at += 1;
        self.follow(broker, true, is_end)
    }

    fn follow(&mut self, broker: u32, is_paid: bool, is_end: &dyn Fn(u32) -> bool) -> Option<u32> {
        let ground = self.paths.ground;
        let on = &self.layout.on[broker as usize];
        for part in on {
            if self.banned.get(*part as usize).copied().unwrap_or(false) {
                continue;
            }
            let it = &ground.parts[*part as usize];
            let was_there = it.replicas.contains(&broker);
            if was_there == is_paid {
                // A copy lands elsewhere, or a replica is copied that was not.
                if let Some(end) = self.onto_new(broker, *part, is_paid, is_end) {
                    return Some(end);
                }
            }
            if !is_paid {
                let back = it.replicas.iter().copied().filter(|to| !self.layout.holds(*part, *to));
                for to in back {
                    if self.may_return(*part, broker, to, was_there) && self.reached(broker, to, *part, false, is_end) {
                        return Some(to);
                    }
                }
            }
        }
        None
    }

    /// To brokers that never held it.
    fn onto_new(&mut self, from: u32, part: u32, is_paid: bool, is_end: &dyn Fn(u32) -> bool) -> Option<u32> {
        let ground = self.paths.ground;
        let it = &ground.parts[part as usize];
        if !it.is_due {
            return None;
        }
        let rack = ground.brokers[from as usize].rack;
        for to_rack in 0..self.open.len() as u32 {
            if self.open[to_rack as usize].is_empty() || !self.layout.keeps_spread(ground, part, rack, to_rack) {
                continue;
            }
            let mut at = 0;
            while let Some(to) = self.open[to_rack as usize].get(at).copied() {
                let lands = (self.paths.receives[to as usize] || self.paths.arcs == Arcs::Free)
                    && !it.replicas.contains(&to)
                    && !self.layout.holds(part, to)
                    && self.layout.may_land(ground, part, to);
                if !lands {
                    at += 1;
                } else if self.reached(from, to, part, is_paid, is_end) {
                    return Some(to);
                }
            }
        }
        None
    }

    /// Whether the replica on `from` may go to `to`, which held one at first. Between replicas that both were there at first only
    /// among equals: none in sync, or that shall go on leading, makes way for one that is not.
    fn may_return(&self, part: u32, from: u32, to: u32, was_there: bool) -> bool {
        let ground = self.paths.ground;
        !self.seen[to as usize]
            && (!was_there || ground.worth_keeping(part, from) == ground.worth_keeping(part, to))
            && self.layout.may_shift(ground, part, from, to)
    }

    fn reached(&mut self, from: u32, to: u32, part: u32, is_paid: bool, is_end: &dyn Fn(u32) -> bool) -> bool {
        if !self.seen[to as usize] {
            self.costs[to as usize] = self.costs[from as usize] + u32::from(is_paid);
            self.seen[to as usize] = true;
            self.came[to as usize] = Some((from, part));
            let rack = self.paths.ground.brokers[to as usize].rack as usize;
            self.open[rack].retain(|broker| *broker != to);
            self.layer.push(to);
        }
        is_end(to)
    }

    /// The steps to `end`, last first.
    fn back(&self, end: u32) -> Vec<(u32, u32, u32)> {
        let mut path = Vec::new();
        let mut at = end;
        while let Some((from, part)) = self.came[at as usize] {
            path.push((from, at, part));
            at = from;
        }
        path
    }
}
