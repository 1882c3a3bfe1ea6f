//! Rounds of moves, each carried out after the one before it.

use super::Check;
use crate::BrokerId;
use crate::job::Pace;
use crate::plan::Move;
use std::collections::BTreeMap;

/// Together the waves are the plan, no more and no less, and each keeps to the pace. Senders are preferred leaders, as nobody
/// knows yet who will lead.
pub fn check_waves(moves: &[Move], waves: &[Vec<Move>], pace: &Pace) -> Check {
    let mut check = Check::new("waves");
    let mut all: Vec<&Move> = waves.iter().flatten().collect();
    all.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
    check.expect(all.iter().copied().eq(moves), || "together they are not the plan".to_owned());
    for (at, wave) in waves.iter().enumerate() {
        check.expect(wave.len() <= pace.at_once.max(1) as usize, || format!("wave {at} has {} partitions", wave.len()));
        let (mut inbound, mut outbound) = (BTreeMap::<BrokerId, u32>::new(), BTreeMap::<BrokerId, u32>::new());
        for each in wave {
            let added: Vec<BrokerId> = each.to.iter().filter(|broker| !each.from.contains(broker)).copied().collect();
            for broker in &added {
                *inbound.entry(*broker).or_default() += 1;
            }
            if let (Some(sender), false) = (each.from.first(), added.is_empty()) {
                *outbound.entry(*sender).or_default() += 1;
            }
        }
        for (limit, counts, verb) in [(pace.inbound, inbound, "gets"), (pace.outbound, outbound, "sends")] {
            for (broker, count) in counts.into_iter().filter(|(_, count)| *count > limit.max(1)) {
                check.tell(|| format!("in wave {at} broker {broker} {verb} {count} partitions of at most {limit}"));
            }
        }
    }
    check
}
