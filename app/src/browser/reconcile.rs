//! Decides which of an element's present children become which of its future children. Pure.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What tells one child from another: its node name and, if the page gave one, its key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sign {
    pub name: String,
    pub key: Option<String>,
}

/// For each future child the present one to be patched into it; `None` where a new one is needed.
///
/// Children with a key match the same key only; others match the next one of the same name.
pub fn pair(present: &[Sign], future: &[Sign]) -> Vec<Option<usize>> {
    // Most patches change texts and numbers, not structure.
    if present == future {
        return (0..present.len()).map(Some).collect();
    }
    let mut free: HashMap<&Sign, std::collections::VecDeque<usize>> = HashMap::new();
    for (index, sign) in present.iter().enumerate() {
        match free.entry(sign) {
            Entry::Occupied(mut entry) => entry.get_mut().push_back(index),
            Entry::Vacant(entry) => {
                entry.insert([index].into());
            }
        }
    }
    future.iter().map(|sign| free.get_mut(sign)?.pop_front()).collect()
}

/// Which paired children may stay where they are: the longest run that is already in order.
///
/// Everything else has to move, and moving an element costs it its focus and its scroll position.
pub fn stay(pairs: &[Option<usize>]) -> Vec<bool> {
    // Patience sorting: `tails[n]` ends the best run of length n + 1; `before` links each run backwards.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    let at = |place: usize| pairs.get(place).copied().flatten().unwrap_or(usize::MAX);
    for (place, index) in pairs.iter().enumerate() {
        let Some(index) = *index else { continue };
        let length = tails.partition_point(|&tail| at(tail) < index);
        before[place] = length.checked_sub(1).and_then(|n| tails.get(n).copied());
        match tails.get_mut(length) {
            Some(tail) => *tail = place,
            None => tails.push(place),
        }
    }
    let mut stays = vec![false; pairs.len()];
    let mut next = tails.last().copied();
    while let Some(place) = next {
        stays[place] = true;
        next = before[place];
    }
    stays
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(text: &str) -> Vec<Sign> {
        text.split_whitespace()
            .map(|word| match word.split_once('#') {
                Some((name, key)) => Sign { name: name.into(), key: Some(key.into()) },
                None => Sign { name: word.into(), key: None },
            })
            .collect()
    }

    #[test]
    fn keyed_rows_follow_their_key_through_a_new_order() {
        let pairs = pair(&signs("tr#a tr#b tr#c"), &signs("tr#c tr#a tr#d tr#b"));
        assert_eq!(pairs, [Some(2), Some(0), None, Some(1)]);
        assert_eq!(stay(&pairs), [false, true, false, true]);
    }

    #[test]
    fn a_keyed_child_never_becomes_one_without_a_key() {
        assert_eq!(pair(&signs("div#a div"), &signs("div div#b")), [Some(1), None]);
    }

    #[test]
    fn children_without_a_key_match_by_name_in_order() {
        let pairs = pair(&signs("h1 p p"), &signs("h1 div p"));
        assert_eq!(pairs, [Some(0), None, Some(1)]);
        assert_eq!(stay(&pairs), [true, false, true]);
    }

    #[test]
    fn a_key_that_occurs_twice_is_used_once_each() {
        assert_eq!(pair(&signs("tr#a tr#a"), &signs("tr#a tr#a tr#a")), [Some(0), Some(1), None]);
    }

    #[test]
    fn what_stays_is_in_order_and_as_long_as_any_order_allows() {
        // Every permutation of six, against a search through all subsets.
        let mut order: Vec<usize> = (0..6).collect();
        permute(&mut order, 0, &mut |order| {
            let pairs: Vec<_> = order.iter().copied().map(Some).collect();
            let stays = stay(&pairs);
            let kept: Vec<_> = order.iter().zip(&stays).filter(|(_, s)| **s).map(|(i, _)| *i).collect();
            assert!(kept.is_sorted(), "{order:?} keeps {kept:?}");
            let best = (0..64_u32)
                .filter(|set| {
                    let chosen: Vec<_> = (0..6).filter(|bit| set & (1 << bit) != 0).map(|bit| order[bit]).collect();
                    chosen.is_sorted()
                })
                .map(u32::count_ones)
                .max();
            assert_eq!(Some(kept.len() as u32), best, "{order:?}");
        });
    }

    fn permute(order: &mut Vec<usize>, from: usize, check: &mut impl FnMut(&[usize])) {
        if from == order.len() {
            return check(order);
        }
        for at in from..order.len() {
            order.swap(from, at);
            permute(order, from + 1, check);
            order.swap(from, at);
        }
    }
}
