//! Looks a plan over before anybody sees it, with code of its own: nothing here is shared with what makes plans, so that an error
//! there does not excuse itself.
//!
//! What is not told by the state is taken like this: a broker that partitions name and the state does not list is offline; brokers
//! without a rack are racks of their own; a partition whose size is not known is as large as the median of its topic; an empty ISR
//! is one that is not known.

mod leaders;
mod ledger;
mod measure;
mod waves;

pub use waves::check_waves;

use super::{Goal, Move, Plan, State, Wish};
use crate::BrokerId;
use ledger::{Entry, Ledger};

/// What was looked at, and what was found. A plan is good if nothing was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    pub checks: Vec<Check>,
}

impl Verification {
    pub fn is_ok(&self) -> bool {
        self.checks.iter().all(|check| check.problems.is_empty())
    }

    /// All of them, each with the name of its check.
    pub fn problems(&self) -> impl Iterator<Item = String> + '_ {
        self.checks
            .iter()
            .flat_map(|check| check.problems.iter().map(move |problem| format!("{}: {problem}", check.name)))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// E.g. `rack spread`.
    pub name: &'static str,
    /// English, at most [`MAX_TOLD`] of them. Empty: it holds.
    pub problems: Vec<String>,
}

/// A broken plan is broken everywhere; nobody reads more.
pub const MAX_TOLD: usize = 20;

impl Check {
    fn new(name: &'static str) -> Self {
        Self { name, problems: Vec::new() }
    }

    fn tell(&mut self, problem: impl FnOnce() -> String) {
        if self.problems.len() < MAX_TOLD {
            self.problems.push(problem());
        }
    }

    fn expect(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        if !holds {
            self.tell(problem);
        }
    }
}

/// Everything that can be said of a plan by itself. Takes a second for 200,000 partitions.
pub fn verify(state: &State, wish: &Wish, plan: &Plan) -> Verification {
    let mut listed = Check::new("partitions");
    let ledger = Ledger::new(state, wish, plan, &mut listed);
    let mut checks = vec![listed];
    let each: [(&'static str, Look); 9] = [
        ("replicas", replicas),
        ("allowed brokers", allowed_brokers),
        ("rack spread", rack_spread),
        ("in-sync replicas", in_sync),
        ("disks", disks),
        ("limits", limits),
        ("goal", goal),
        ("balance", balance),
        ("leaders", leaders::check),
    ];
    let desk = Desk { wish, plan, ledger };
    for (name, look) in each {
        let mut check = Check::new(name);
        look(&desk, &mut check);
        checks.push(check);
    }
    let mut check = Check::new("figures");
    measure::check(&desk, &mut check);
    checks.push(check);
    let mut check = Check::new("lower bounds");
    let metrics = &plan.metrics;
    check.expect(metrics.moves >= metrics.moves_min, || {
        format!("{} moves, at least {}", metrics.moves, metrics.moves_min)
    });
    check.expect(metrics.bytes >= metrics.bytes_min, || {
        format!("{} bytes, at least {}", metrics.bytes, metrics.bytes_min)
    });
    checks.push(check);
    Verification { checks }
}

type Look = fn(&Desk<'_>, &mut Check);

struct Desk<'a> {
    wish: &'a Wish,
    plan: &'a Plan,
    ledger: Ledger<'a>,
}

impl<'a> Desk<'a> {
    fn changed(&self) -> impl Iterator<Item = (&Entry<'a>, &'a Move)> {
        self.ledger.entries.iter().filter_map(|entry| Some((entry, entry.change?)))
    }

    fn is_manual(&self) -> bool {
        matches!(self.wish.goal, Goal::Manual(_))
    }
}

/// Each list is one Kafka takes, and as long as it should be.
fn replicas(desk: &Desk<'_>, check: &mut Check) {
    for (entry, change) in desk.changed() {
        let wanted = desk.ledger.wanted_factor(entry, desk.wish);
        let is_kept =
            change.to.len() == change.from.len() && !matches!(desk.wish.goal, Goal::ChangeReplicationFactor(_));
        check.expect(desk.is_manual() || is_kept || change.to.len() == wanted, || {
            format!("{entry} gets {} replicas instead of {wanted}", change.to.len())
        });
        let has_twice = change.to.iter().enumerate().any(|(at, broker)| change.to.iter().take(at).any(|b| b == broker));
        check.expect(!change.to.is_empty() && !has_twice, || format!("{entry} gets {:?}", change.to));
        check.expect(change.to != change.from, || format!("{entry} is listed and does not change"));
        check.expect(change.from == entry.before, || format!("{entry} is not at {:?}", change.from));
    }
}

/// Copies go to brokers that may get some; nobody who is down or leaving is kept in a list that changes anything.
fn allowed_brokers(desk: &Desk<'_>, check: &mut Check) {
    for (entry, change) in desk.changed() {
        let is_reorder = is_same_set(&change.from, &change.to);
        for broker in &change.to {
            let seat = desk.ledger.seat(*broker);
            let is_new = !entry.before.contains(broker);
            check.expect(!is_new || seat.is_some_and(|seat| seat.gets), || format!("{entry}: {broker} may not get it"));
            let may_stay = is_reorder || seat.is_some_and(|seat| seat.keeps);
            check.expect(is_new || may_stay || (desk.is_manual() && seat.is_some_and(|seat| seat.lives)), || {
                format!("{entry}: {broker} should not keep it")
            });
        }
    }
}

/// What copies anything spreads as well as can be, and nothing is spread worse than before.
fn rack_spread(desk: &Desk<'_>, check: &mut Check) {
    for (entry, change) in desk.changed() {
        let (before, after) =
            (desk.ledger.rack_excess(entry, entry.before), desk.ledger.rack_excess(entry, entry.after));
        let must_be_even = !desk.is_manual() && !is_same_set(&change.from, &change.to);
        check.expect(after <= before.max(0) || desk.is_manual(), || format!("{entry} is spread worse than before"));
        check.expect(!must_be_even || after <= 0, || {
            format!("{entry} is not spread as well as could be: {:?}", change.to)
        });
    }
    let fixes_all = match desk.wish.goal {
        Goal::Repair => true,
        Goal::Rebalance => desk.wish.max_bytes.is_none(),
        _ => false,
    };
    for entry in desk.ledger.entries.iter().filter(|entry| fixes_all && entry.is_due) {
        check.expect(desk.ledger.rack_excess(entry, entry.after) <= 0, || format!("{entry} is left unevenly spread"));
    }
}

/// There is somebody to copy from, and enough in-sync replicas are left at the end.
fn in_sync(desk: &Desk<'_>, check: &mut Check) {
    for (entry, change) in desk.changed() {
        let lives = |broker: &&BrokerId| desk.ledger.seat(**broker).is_some_and(|seat| seat.lives);
        let synced: Vec<&BrokerId> =
            entry.in_sync().filter(|broker| entry.before.contains(broker)).filter(lives).collect();
        let added = change.to.iter().filter(|broker| !entry.before.contains(broker)).count();
        let kept = synced.iter().filter(|broker| change.to.contains(broker)).count();
        check.expect(added == 0 || !synced.is_empty(), || format!("{entry} has nothing to copy from"));
        let needed = entry.partition.min_isr.unwrap_or(1).max(1) as usize;
        let needed = needed.min(synced.len()).min(change.to.len());
        check.expect(added + kept >= needed, || format!("{entry} keeps {kept} in-sync replicas of {}", synced.len()));
    }
}

/// With all copies there and nothing freed yet no disk is fuller than agreed.
fn disks(desk: &Desk<'_>, check: &mut Check) {
    for seat in desk.ledger.seats() {
        let (Some(used), Some(usable)) = (seat.broker.used_bytes, seat.broker.usable_bytes) else { continue };
        let open = 100u128.saturating_sub(u128::from(desk.wish.headroom_percent));
        let limit = (u128::from(used) + u128::from(usable)) * open / 100;
        let peak = u128::from(used) + u128::from(seat.bytes_in);
        check.expect(seat.bytes_in == 0 || peak <= limit, || {
            format!("broker {} needs {peak} bytes on the way and has {limit}", seat.broker.id)
        });
    }
}

/// The wish's own: budget, replicas of one broker, leaders that stay.
fn limits(desk: &Desk<'_>, check: &mut Check) {
    let bytes = desk.ledger.seats().map(|seat| seat.bytes_in).sum::<u64>();
    let budget = desk.wish.max_bytes.unwrap_or(u64::MAX);
    check.expect(bytes <= budget, || format!("it copies {bytes} bytes of at most {budget}"));
    let most = desk.wish.max_replicas.unwrap_or(u32::MAX);
    for seat in desk.ledger.seats() {
        check.expect(seat.replicas <= most.max(seat.replicas_before), || {
            format!("broker {} holds {} replicas of at most {most}", seat.broker.id, seat.replicas)
        });
    }
    for (entry, change) in desk.changed().filter(|_| desk.wish.keep_leaders && !desk.is_manual()) {
        let leader = change.from.first();
        let stays = leader.is_some_and(|leader| change.to.contains(leader));
        check.expect(!stays || change.to.first() == leader, || format!("{entry} changes its preferred leader"));
    }
}

/// What was asked for is done, and nothing that was not.
fn goal(desk: &Desk<'_>, check: &mut Check) {
    for entry in desk.ledger.entries.iter().filter(|entry| entry.is_due) {
        let held = |broker: &BrokerId| entry.after.contains(broker);
        let is_copied = entry.after.iter().any(|broker| !entry.before.contains(broker));
        match &desk.wish.goal {
            Goal::Rebalance => {}
            Goal::AddBrokers(new) => {
                let needs = desk.ledger.has_gone(entry, entry.before)
                    || desk.ledger.rack_excess(entry, entry.before) > 0
                    || entry.before.len() < desk.ledger.wanted_factor(entry, desk.wish);
                let is_elsewhere = |broker: &&BrokerId| !entry.before.contains(broker) && !new.contains(broker);
                let elsewhere = entry.after.iter().find(is_elsewhere);
                check.expect(needs || elsewhere.is_none(), || {
                    format!("{entry} is copied onto a broker that is not new")
                });
            }
            Goal::Drain(gone) => {
                check.expect(!gone.iter().any(held), || format!("{entry} stays on a broker to be emptied"));
                let needs = entry.before.iter().any(|broker| gone.contains(broker))
                    || desk.ledger.has_gone(entry, entry.before)
                    || desk.ledger.rack_excess(entry, entry.before) > 0
                    || entry.before.len() < desk.ledger.wanted_factor(entry, desk.wish);
                check.expect(needs || !is_copied, || format!("{entry} is copied although it is on none of them"));
            }
            Goal::Repair => {
                check.expect(!desk.ledger.has_gone(entry, entry.after), || format!("{entry} stays on a lost broker"));
                let wanted = desk.ledger.wanted_factor(entry, desk.wish);
                check.expect(entry.after.len() >= wanted, || format!("{entry} stays short of replicas"));
                let needs = desk.ledger.has_gone(entry, entry.before)
                    || desk.ledger.rack_excess(entry, entry.before) > 0
                    || entry.before.len() < wanted;
                check.expect(needs || !is_copied, || format!("{entry} is copied although nothing is wrong with it"));
            }
            Goal::ChangeReplicationFactor(factor) => {
                check.expect(entry.after.len() == *factor as usize, || {
                    format!("{entry} has {} replicas", entry.after.len())
                });
            }
            Goal::Leaders => {
                check.expect(is_same_set(entry.before, entry.after), || format!("{entry} moves for leaders' sake"));
            }
            Goal::Manual(_) => {}
        }
    }
    let Goal::Manual(targets) = &desk.wish.goal else { return };
    let mut differing: Vec<_> = targets.iter().filter(|target| !desk.ledger.lies_at(target)).collect();
    differing.sort_unstable();
    let planned = desk.plan.moves.iter().map(|each| (&each.topic, each.partition, &each.to));
    let wanted = differing.iter().map(|target| (&target.topic, target.partition, &target.replicas));
    check.expect(planned.eq(wanted), || "it is not what was placed by hand".to_owned());
}

/// What evens out leaves replicas no less even than they were, unless something else forces it.
fn balance(desk: &Desk<'_>, check: &mut Check) {
    if !matches!(desk.wish.goal, Goal::Rebalance | Goal::AddBrokers(_)) {
        return;
    }
    let is_forced = desk.ledger.entries.iter().filter(|entry| entry.is_open).any(|entry| {
        desk.ledger.has_gone(entry, entry.before)
            || desk.ledger.rack_excess(entry, entry.before) > 0
            || entry.before.len() < desk.ledger.wanted_factor(entry, desk.wish)
    });
    let squares = |count: fn(&ledger::Seat<'_>) -> u32| {
        desk.ledger.seats().filter(|seat| seat.keeps).map(|seat| u64::from(count(seat)).pow(2)).sum::<u64>()
    };
    let (before, after) = (squares(|seat| seat.replicas_before), squares(|seat| seat.replicas));
    check.expect(is_forced || after <= before, || format!("replicas are less even: {after} instead of {before}"));
}

fn is_same_set(a: &[BrokerId], b: &[BrokerId]) -> bool {
    a.len() == b.len() && a.iter().all(|broker| b.contains(broker))
}
