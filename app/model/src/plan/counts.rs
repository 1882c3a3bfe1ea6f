//! Replicas per broker as even as racks allow, by shortest augmenting paths of a min-cost flow with convex costs.
//!
//! The flow of partitions through racks and brokers (both families of limits nested, so whole numbers come by themselves) is kept
//! in its contracted form: its nodes are the brokers, and there is an arc from one to another for every replica that may go there.
//! An arc costs one if it means a copy more, nothing if a replica that is copied anyway only lands elsewhere, minus one if it
//! returns. Taking a replica off a broker and putting one on another that has at least two fewer makes the sum of squares
//! smaller; where no path leads from any broker to one with two fewer, it is the least there can be.

use super::ground::Ground;
use super::layout::Layout;
use std::collections::VecDeque;

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

/// How many of the emptiest brokers of each rack are tried before a path is searched.
const NEAREST: u32 = 3;

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

    /// From each broker with `level` one replica straight to one with at least two fewer, where that is easily found.
    fn direct(&self, layout: &mut Layout, level: u32) -> bool {
        let mut is_any = false;
        for from in 0..layout.counts.len() as u32 {
            if layout.counts[from as usize] != level || !self.ground.brokers[from as usize].may_get {
                continue;
            }
            let ends = self.nearest(layout, level);
            if let Some((part, to)) = ends.into_iter().find_map(|to| Some((self.straight(layout, from, to)?, to))) {
                layout.shift(self.ground, part, from, to);
                is_any = true;
            }
        }
        is_any
    }

    /// The emptiest brokers with at least two fewer than `level`, some of each rack.
    fn nearest(&self, layout: &Layout, level: u32) -> Vec<u32> {
        let is_end = |at: &u32| self.receives[*at as usize] && layout.counts[*at as usize] + 2 <= level;
        let mut ends: Vec<u32> = (0..layout.counts.len() as u32).filter(is_end).collect();
        ends.sort_unstable_by_key(|at| (layout.counts[*at as usize], layout.bytes[*at as usize], *at));
        let mut of_rack = vec![0; self.ground.racks.len()];
        ends.retain(|at| {
            let count = &mut of_rack[self.ground.brokers[*at as usize].rack as usize];
            *count += 1;
            *count <= NEAREST
        });
        ends
    }

    /// What may go straight from one to the other: neither its largest nor its smallest, if there is a choice.
    fn straight(&self, layout: &Layout, from: u32, to: u32) -> Option<u32> {
        let fits = |part: &&u32| {
            let it = &self.ground.parts[**part as usize];
            let (was_from, was_to) = (it.replicas.contains(&from), it.replicas.contains(&to));
            it.is_due
                && (!was_from || self.arcs == Arcs::All && !was_to)
                && layout.may_shift(self.ground, **part, from, to)
        };
        let on = &layout.on[from as usize];
        let (small, large) = on.split_at(on.len() / 2);
        large.iter().find(fits).or_else(|| small.iter().rev().find(fits)).copied()
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
        while search.has_next() && ends.first().is_none_or(|first| search.cost <= search.costs[*first as usize]) {
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

/// In layers of equal cost: all that can be reached at no more cost, then one copy more. Brokers take turns, each reaches one at a time:
/// so paths begin and end at as many as can be, and more than one of them can be gone.
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
    /// What is followed reaches brokers at this cost.
    cost: u32,
    turns: VecDeque<Turn>,
    /// Those that come when `cost` is one more.
    later: VecDeque<Turn>,
}

/// A broker whose arcs are followed, free ones or paid ones, and how many of its replicas have been looked at.
#[derive(Clone, Copy)]
struct Turn {
    broker: u32,
    is_paid: bool,
    at: usize,
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
        let turns = from.iter().map(|broker| Turn { broker: *broker, is_paid: false, at: 0 }).collect();
        Self { paths, layout, banned, seen, came, costs, open, cost: 0, turns, later: VecDeque::new() }
    }

    /// Whether there is anything to follow; goes on to the next cost if there is no more at this.
    fn has_next(&mut self) -> bool {
        if self.turns.is_empty() {
            std::mem::swap(&mut self.turns, &mut self.later);
            self.cost += 1;
        }
        !self.turns.is_empty()
    }

    /// Follows one broker's arcs until it reaches another; told if that is an end.
    fn step(&mut self, is_end: &dyn Fn(u32) -> bool) -> Option<u32> {
        let mut turn = self.turns.pop_front()?;
        let reached = self.follow(&mut turn);
        if turn.at < self.layout.on[turn.broker as usize].len() {
            self.turns.push_back(turn);
        } else if !turn.is_paid && self.paths.arcs == Arcs::All {
            self.later.push_back(Turn { is_paid: true, at: 0, ..turn });
        }
        reached.filter(|broker| is_end(*broker))
    }

    /// The next broker reached.
    fn follow(&mut self, turn: &mut Turn) -> Option<u32> {
        let (ground, layout) = (self.paths.ground, self.layout);
        let Turn { broker, is_paid, .. } = *turn;
        while let Some(part) = layout.on[broker as usize].get(turn.at).copied() {
            let it = &ground.parts[part as usize];
            let was_there = it.replicas.contains(&broker);
            let found = if self.banned[part as usize] {
                None
            } else {
                // A copy lands elsewhere, or a replica is copied that was not; or it goes back to where one was.
                let new = if was_there == is_paid { self.onto_new(broker, part) } else { None };
                new.or_else(|| if is_paid { None } else { self.back_onto(broker, part, was_there) })
            };
            if let Some(to) = found {
                self.reach(broker, to, part);
                return found;
            }
            turn.at += 1;
        }
        None
    }

    /// A broker that never held it.
    fn onto_new(&self, from: u32, part: u32) -> Option<u32> {
        let ground = self.paths.ground;
        let it = &ground.parts[part as usize];
        if !it.is_due {
            return None;
        }
        let rack = ground.brokers[from as usize].rack;
        let lands = |to: &&u32| {
            (self.paths.receives[**to as usize] || self.paths.arcs == Arcs::Free)
                && !it.replicas.contains(to)
                && !self.layout.holds(part, **to)
                && self.layout.may_land(ground, part, **to)
        };
        let racks = (0_u32..)
            .zip(&self.open)
            .filter(|(to_rack, open)| !open.is_empty() && self.layout.keeps_spread(ground, part, rack, *to_rack));
        racks.into_iter().find_map(|(_, open)| open.iter().find(lands)).copied()
    }

    /// One that held it at first. Between replicas that both were there at first only among equals: none in sync, or that shall go on
    /// leading, makes way for one that is not.
    fn back_onto(&self, from: u32, part: u32, was_there: bool) -> Option<u32> {
        let ground = self.paths.ground;
        let may_return = |to: &u32| {
            !self.seen[*to as usize]
                && (!was_there || ground.worth_keeping(part, from) == ground.worth_keeping(part, *to))
                && self.layout.may_shift(ground, part, from, *to)
        };
        ground.parts[part as usize].replicas.iter().copied().find(may_return)
    }

    fn reach(&mut self, from: u32, to: u32, part: u32) {
        self.costs[to as usize] = self.cost;
        self.seen[to as usize] = true;
        self.came[to as usize] = Some((from, part));
        let rack = self.paths.ground.brokers[to as usize].rack as usize;
        self.open[rack].retain(|broker| *broker != to);
        self.turns.push_back(Turn { broker: to, is_paid: false, at: 0 });
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
