//! Which replica of each partition is the preferred leader.

use std::collections::VecDeque;

/// Turns each list so that its leader stands first. `led` are the partitions each broker leads already; afterwards no two
/// brokers differ by two or more where a chain of exchanges could make up for it.
pub(super) fn even_out(placed: &mut [Vec<usize>], led: &mut [u32]) {
    for slots in placed.iter_mut() {
        let least = (0..slots.len()).min_by_key(|at| (led[slots[*at]], *at));
        if let Some(at) = least {
            led[slots[at]] += 1;
            slots[..=at].rotate_right(1);
        }
    }
    while let Some(chain) = best_chain(placed, led) {
        let first = chain.first().map(|(_, from, _)| *from);
        let last = chain.last().map(|(_, _, to)| *to);
        for (partition, _, to) in chain {
            let slots = &mut placed[partition];
            if let Some(at) = slots.iter().position(|slot| *slot == to) {
                slots[..=at].rotate_right(1);
            }
        }
        if let (Some(first), Some(last)) = (first, last) {
            led[first] -= 1;
            led[last] += 1;
        }
    }
}

/// A partition whose leadership goes from a broker to another.
type Exchange = (usize, usize, usize);

/// Exchanges after which the broker that leads most leads one less, and one that leads at least two less leads one more.
fn best_chain(placed: &[Vec<usize>], led: &[u32]) -> Option<Vec<Exchange>> {
    let mut by_load: Vec<usize> = (0..led.len()).collect();
    by_load.sort_by_key(|slot| (std::cmp::Reverse(led[*slot]), *slot));
    let least = led.iter().min().copied()?;
    by_load.into_iter().take_while(|slot| led[*slot] >= least + 2).find_map(|start| chain_from(start, placed, led))
}

fn chain_from(start: usize, placed: &[Vec<usize>], led: &[u32]) -> Option<Vec<Exchange>> {
    let mut lead_by: Vec<Vec<usize>> = vec![Vec::new(); led.len()];
    for (partition, slots) in placed.iter().enumerate() {
        if let Some(leader) = slots.first() {
            lead_by[*leader].push(partition);
        }
    }
    let mut came: Vec<Option<Exchange>> = vec![None; led.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(from) = queue.pop_front() {
        for partition in &lead_by[from] {
            for to in placed[*partition].iter().copied().skip(1) {
                if to == start || came[to].is_some() {
                    continue;
                }
                came[to] = Some((*partition, from, to));
                if led[to] + 2 <= led[start] {
                    return Some(back(start, to, &came));
                }
                queue.push_back(to);
            }
        }
    }
    None
}

fn back(start: usize, end: usize, came: &[Option<Exchange>]) -> Vec<Exchange> {
    let mut chain = Vec::new();
    let mut at = end;
    while at != start {
        let Some(exchange) = came[at] else { break };
        chain.push(exchange);
        at = exchange.1;
    }
    chain.reverse();
    chain
}
