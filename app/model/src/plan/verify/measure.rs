//! Every figure a plan claims, counted from nothing.

use super::ledger::Seat;
use super::{Check, Desk};
use crate::plan::Range;

pub(super) fn check(desk: &Desk<'_>, check: &mut Check) {
    let claimed = &desk.plan.metrics;
    let (mut moves, mut bytes, mut cross, mut leader_changes) = (0u32, 0u64, 0u64, 0u32);
    let has_racks = !desk.wish.ignore_racks && desk.ledger.seats().any(|seat| seat.broker.rack.is_some());
    for (entry, change) in desk.changed() {
        leader_changes += u32::from(change.from.first() != change.to.first());
        for seat in change.to.iter().filter(|broker| !change.from.contains(broker)).filter_map(|b| desk.ledger.seat(*b))
        {
            moves += 1;
            bytes += entry.size;
            let mut sources = change.from.iter().filter_map(|b| desk.ledger.seat(*b)).filter(|source| source.lives);
            let is_far = has_racks && sources.all(|source| source.rack != seat.rack);
            cross += if is_far { entry.size } else { 0 };
        }
    }
    let uneven = |after: bool| {
        let replicas =
            |entry: &super::Entry<'_>| desk.ledger.rack_excess(entry, if after { entry.after } else { entry.before });
        desk.ledger.entries.iter().filter(|entry| replicas(entry) > 0).count() as u32
    };
    let unknown = desk.ledger.entries.iter().filter(|entry| entry.partition.size_bytes.is_none()).count() as u32;
    let figures = [
        ("partitions", u64::from(claimed.partitions), desk.plan.moves.len() as u64),
        ("moves", u64::from(claimed.moves), u64::from(moves)),
        ("bytes", claimed.bytes, bytes),
        ("bytes between racks", claimed.cross_rack_bytes, cross),
        ("rack violations before", u64::from(claimed.rack_violations_before), u64::from(uneven(false))),
        ("rack violations", u64::from(claimed.rack_violations), u64::from(uneven(true))),
        ("leader changes", u64::from(claimed.leader_changes), u64::from(leader_changes)),
        ("unknown sizes", u64::from(claimed.unknown_sizes), u64::from(unknown)),
    ];
    for (what, claimed, counted) in figures {
        check.expect(claimed == counted, || format!("{what}: {claimed} are {counted}"));
    }
    ranges(desk, check);
    skews(desk, check);
    brokers(desk, check);
}

fn ranges(desk: &Desk<'_>, check: &mut Check) {
    let claimed = &desk.plan.metrics;
    let range = |count: fn(&Seat<'_>) -> u32| {
        let counts = || desk.ledger.seats().filter(|seat| seat.keeps).map(count);
        Range { min: counts().min().unwrap_or_default(), max: counts().max().unwrap_or_default() }
    };
    let figures = [
        ("replicas before", claimed.replicas_before, range(|seat| seat.replicas_before)),
        ("replicas", claimed.replicas, range(|seat| seat.replicas)),
        ("leaders before", claimed.leaders_before, range(|seat| seat.leaders_before)),
        ("leaders", claimed.leaders, range(|seat| seat.leaders)),
    ];
    for (what, claimed, counted) in figures {
        check.expect(claimed == counted, || format!("{what}: {claimed:?} is {counted:?}"));
    }
    let (least, most) = (claimed.leaders_max_min, claimed.leaders.max);
    check.expect(least <= most, || format!("the least maximum of leaders is {least} and the maximum {most}"));
}

fn skews(desk: &Desk<'_>, check: &mut Check) {
    let claimed = &desk.plan.metrics;
    let skew = |bytes: fn(&Seat<'_>) -> u64| {
        let all: Vec<u64> = desk.ledger.seats().filter(|seat| seat.keeps).map(bytes).collect();
        let mean = all.iter().sum::<u64>() as f64 / all.len().max(1) as f64;
        if mean > 0.0 { all.iter().max().map_or(1.0, |most| *most as f64 / mean) } else { 1.0 }
    };
    for (what, claimed, counted) in [
        ("skew before", claimed.bytes_skew_before, skew(|seat| seat.bytes_before)),
        ("skew", claimed.bytes_skew, skew(|seat| seat.bytes)),
    ] {
        check.expect((claimed - counted).abs() < 1e-6 * counted, || format!("{what}: {claimed} is {counted}"));
    }
    let (least, skew) = (claimed.bytes_skew_min, claimed.bytes_skew);
    check.expect(least <= skew * (1.0 + 1e-9), || format!("the least skew is {least} and the skew {skew}"));
}

fn brokers(desk: &Desk<'_>, check: &mut Check) {
    let claimed = &desk.plan.metrics;
    let mut peak: Option<f64> = None;
    check.expect(claimed.brokers.len() == desk.ledger.seats().count(), || "not every broker is listed once".to_owned());
    for (load, seat) in claimed.brokers.iter().zip(desk.ledger.seats()) {
        let told = (load.replicas_before, load.replicas, load.leaders_before, load.leaders);
        let counted = (seat.replicas_before, seat.replicas, seat.leaders_before, seat.leaders);
        let (id, name) = (seat.broker.id, load.broker);
        check
            .expect(id == name && told == counted, || format!("broker {name}: {told:?} is {counted:?} of broker {id}"));
        let told = (load.bytes_before, load.bytes, load.bytes_in);
        let counted = (seat.bytes_before, seat.bytes, seat.bytes_in);
        check.expect(told == counted && load.rack == seat.broker.rack, || {
            format!("broker {name}: {told:?} bytes are {counted:?}")
        });
        let percent = seat.broker.used_bytes.zip(seat.broker.usable_bytes).and_then(|(used, usable)| {
            let total = used as f64 + usable as f64;
            (total > 0.0).then(|| (used as f64 + seat.bytes_in as f64) / total * 100.0)
        });
        let is_near = match (load.peak_percent, percent) {
            (Some(told), Some(counted)) => (f64::from(told) - counted.min(255.0)).abs() <= 1.0,
            (told, counted) => told.is_none() && counted.is_none(),
        };
        check.expect(is_near, || format!("broker {name}: {:?} % at most is {percent:?} %", load.peak_percent));
        peak = peak.into_iter().chain(percent).reduce(f64::max);
    }
    let is_near = match (claimed.peak_disk, peak) {
        (Some(told), Some(counted)) => (told.percent - counted).abs() < 1e-6 * counted.max(1.0),
        (told, counted) => told.is_none() && counted.is_none(),
    };
    check.expect(is_near, || format!("{:?} is the fullest disk, counted are {peak:?} %", claimed.peak_disk));
}
