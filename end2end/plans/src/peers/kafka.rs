//! `kafka-reassign-partitions --generate`: every topic is placed as if it were new, by Kafka's rack-aware placer from a random start, with as many
//! replicas as its first partition. Where the partitions lie does not matter.

use super::{Dice, topics};
use crate::one::Lists;
use crate::score::Cast;
use model::plan::StateBroker;
use model::plan::synthetic::place;

pub fn generate(cast: &Cast<'_>, seed: u64) -> Lists {
    placed(cast, seed, true)
}

pub fn placed(cast: &Cast<'_>, seed: u64, has_racks: bool) -> Lists {
    let open = cast.state.brokers.iter().filter(|broker| cast.open.contains(&broker.id));
    let seats: Vec<StateBroker> =
        open.map(|broker| StateBroker { rack: broker.rack.clone().filter(|_| has_racks), ..broker.clone() }).collect();
    let mut dice = Dice(seed ^ 0x9e37_79b9_7f4a_7c15);
    let lists = topics(cast).flat_map(|topic| {
        let factor = topic.first().map_or(0, |first| first.replicas.len());
        place(&seats, topic.len(), factor, dice.next(), dice.next())
    });
    lists.collect()
}
