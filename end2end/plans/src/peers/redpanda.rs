//! Redpanda Console's wizard: takes all replicas off, then puts them back one by one, topic by topic, each onto the broker that comes first by: not
//! holding the partition yet, fewest replicas of the topic in its rack, fewest replicas of the topic, fewest replicas, holding it
//! now, being in a rack that held it, least data. Then up to ten rounds that hand leadership from brokers with more than their share to replicas with less.

use super::topics;
use crate::one::Lists;
use crate::score::Cast;
use model::BrokerId;

#[derive(Clone, Default)]
struct Load {
    replicas: usize,
    of_topic: usize,
    leaders: usize,
    bytes: u64,
}

pub fn generate(cast: &Cast<'_>, _seed: u64) -> Lists {
    let ids: Vec<BrokerId> = cast.open.iter().copied().collect();
    let racks: Vec<usize> = ids.iter().map(|id| cast.rack(*id)).collect();
    let rack_count = racks.iter().max().map_or(0, |most| most + 1);
    let mut loads = vec![Load::default(); ids.len()];
    let mut lists: Vec<Vec<usize>> = Vec::new();
    for topic in topics(cast) {
        loads.iter_mut().for_each(|load| load.of_topic = 0);
        let mut topic_in_rack = vec![0usize; rack_count];
        for partition in topic {
            let held_racks: Vec<usize> = partition.replicas.iter().map(|id| cast.rack(*id)).collect();
            let mut list: Vec<usize> = Vec::new();
            for _ in &partition.replicas {
                let key = |at: &usize| {
                    let (rack, load) = (racks.get(*at).copied().unwrap_or_default(), &loads[*at]);
                    let is_host = partition.replicas.contains(&ids[*at]);
                    let of_rack = topic_in_rack.get(rack).copied().unwrap_or_default();
                    (
                        list.contains(at),
                        of_rack,
                        load.of_topic,
                        load.replicas,
                        !is_host,
                        !held_racks.contains(&rack),
                        load.bytes,
                    )
                };
                let Some(best) = (0..ids.len()).min_by_key(key) else { break };
                let load = &mut loads[best];
                (load.replicas, load.of_topic) = (load.replicas + 1, load.of_topic + 1);
                load.bytes += partition.size_bytes.unwrap_or_default();
                load.leaders += usize::from(list.is_empty());
                topic_in_rack[racks[best]] += 1;
                list.push(best);
            }
            lists.push(list);
        }
    }
    lead(&mut lists, &mut loads);
    lists.into_iter().map(|list| list.into_iter().map(|at| ids[at]).collect()).collect()
}

fn lead(lists: &mut [Vec<usize>], loads: &mut [Load]) {
    for _ in 0..10 {
        let mut is_better = false;
        for list in lists.iter_mut() {
            let fewest = (0..list.len()).min_by_key(|at| loads[list[*at]].leaders);
            if let Some(at) = fewest
                && loads[list[at]].leaders + 1 < loads[list[0]].leaders
            {
                loads[list[0]].leaders -= 1;
                loads[list[at]].leaders += 1;
                list.swap(0, at);
                is_better = true;
            }
        }
        if !is_better {
            return;
        }
    }
}
