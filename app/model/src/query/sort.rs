//! Sorting just what one page needs.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Dir {
    #[default]
    Asc,
    Desc,
}

impl Dir {
    pub fn reversed(self) -> Self {
        match self {
            Self::Asc => Self::Desc,
            Self::Desc => Self::Asc,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Asc => "asc",
            Self::Desc => "desc",
        }
    }
}

/// What a row is sorted by. `None` is "unknown" and comes last in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// The rows' own order.
    Natural,
    Number(Option<i64>),
    Text(Option<Text<'a>>),
}

/// A text with its beginning at hand: thousands of comparisons without a look into memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text<'a> {
    /// The first eight bytes, zeros where there are none: in the order of the texts.
    head: u64,
    text: &'a str,
}

impl<'a> Text<'a> {
    fn new(text: &'a str) -> Self {
        let mut head = [0; 8];
        head.iter_mut().zip(text.as_bytes()).for_each(|(to, from)| *to = *from);
        Self { head: u64::from_be_bytes(head), text }
    }
}

impl Ord for Text<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let is_short = |text: &str| text.len() <= 8;
        self.head.cmp(&other.head).then_with(|| match is_short(self.text) && is_short(other.text) {
            // Equal but for zeros at the end.
            true => self.text.len().cmp(&other.text.len()),
            false => self.text.cmp(other.text),
        })
    }
}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> Key<'a> {
    pub(super) fn text(text: Option<&'a str>) -> Self {
        Self::Text(text.map(Text::new))
    }

    pub(super) fn count(value: u32) -> Self {
        Self::Number(Some(i64::from(value)))
    }

    pub(super) fn float(value: Option<f64>) -> Self {
        // The order of a float's bits is the order of its values, once the negative half is turned round.
        Self::Number(value.map(|value| {
            let bits = value.to_bits() as i64;
            bits ^ (((bits >> 63) as u64) >> 1) as i64
        }))
    }

    fn order(self, other: Self, dir: Dir) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => unknown_last(a, b, dir),
            (Self::Text(a), Self::Text(b)) => unknown_last(a, b, dir),
            _ => Ordering::Equal,
        }
    }
}

fn unknown_last<T: Ord>(a: Option<T>, b: Option<T>, dir: Dir) -> Ordering {
    match (a, b, dir) {
        (Some(a), Some(b), Dir::Asc) => a.cmp(&b),
        (Some(a), Some(b), Dir::Desc) => b.cmp(&a),
        (a, b, _) => a.is_none().cmp(&b.is_none()),
    }
}

/// The rows of `window`, sorted by `key`; equal keys stay in the rows' own order, whatever the direction.
/// `rows` are positions in ascending order. Only the window is fully sorted.
pub(super) fn window<'a>(rows: Vec<u32>, key: impl Fn(usize) -> Key<'a>, dir: Dir, window: Range<usize>) -> Vec<u32> {
    let window = window.start.min(rows.len())..window.end.min(rows.len());
    if rows.first().is_none_or(|first| key(*first as usize) == Key::Natural) {
        let (skip, take) = (window.start, window.len());
        return match dir {
            Dir::Asc => rows.into_iter().skip(skip).take(take).collect(),
            Dir::Desc => rows.into_iter().rev().skip(skip).take(take).collect(),
        };
    }
    let mut keyed: Vec<(Key<'a>, u32)> = rows.into_iter().map(|row| (key(row as usize), row)).collect();
    let order = |a: &(Key, u32), b: &(Key, u32)| a.0.order(b.0, dir).then(a.1.cmp(&b.1));
    if window.end < keyed.len() {
        keyed.select_nth_unstable_by(window.end, order);
        keyed.truncate(window.end);
    }
    if window.start > 0 && window.start < keyed.len() {
        keyed.select_nth_unstable_by(window.start, order);
    }
    let Some(wanted) = keyed.get_mut(window) else { return Vec::new() };
    wanted.sort_unstable_by(order);
    wanted.iter().map(|(_, row)| *row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn floats_keep_their_order() {
        let values = [f64::NEG_INFINITY, -2.5, -0.5, 0.0, 1e-9, 0.5, 3.0, 1e300];
        let keys: Vec<_> = values.map(|value| Key::float(Some(value))).into();
        for pair in keys.windows(2) {
            assert_eq!(pair[0].order(pair[1], Dir::Asc), Ordering::Less, "{pair:?}");
        }
    }

    proptest! {
        #[test]
        fn texts_with_their_beginning_keep_their_order(a in "[ab\\x00é]{0,10}", b in "[ab\\x00é]{0,10}") {
            prop_assert_eq!(Text::new(&a).cmp(&Text::new(&b)), a.cmp(&b));
        }

        #[test]
        fn a_window_is_a_slice_of_the_whole_sorted_list(
            values in prop::collection::vec(prop::option::of(-5i64..5), 0..60),
            start in 0usize..70, len in 0usize..30, desc in any::<bool>(),
        ) {
            let dir = if desc { Dir::Desc } else { Dir::Asc };
            let rows: Vec<u32> = (0..values.len() as u32).collect();
            let mut all = rows.clone();
            // Slow and plain: known before unknown, by value, by position.
            all.sort_by_key(|row| {
                let value = values[*row as usize];
                (value.is_none(), value.map(|v| if desc { -v } else { v }), *row)
            });
            let expected: Vec<u32> = all.into_iter().skip(start).take(len).collect();
            let got = window(rows, |row| Key::Number(values[row]), dir, start..start + len);
            prop_assert_eq!(got, expected);
        }
    }
}
