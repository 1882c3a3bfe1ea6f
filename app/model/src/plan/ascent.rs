//! The highest point of a concave function made of flat pieces, whose slope jumps where they meet: the method of Broyden, Fletcher,
//! Goldfarb and Shanno with the inexact line search of Lewis and Overton ("Nonsmooth optimization via quasi-Newton methods", 2013).
//! It learns from the jumps which directions matter, where steps along slopes alone creep.

use crate::synthetic::random::SplitMix64;

/// How far the first step goes.
const FIRST: f64 = 0.01;
/// Begins beside the place named, as many pieces may meet there.
const BESIDE: f64 = 0.1;
/// What a step must gain of what the slope promises, and how much of the slope may be left after it.
const WOLFE: (f64, f64) = (1e-4, 0.9);
/// Points looked at in one direction.
const TRIES: u32 = 25;
/// Slopes and curvatures below are rounding.
const TINY: f64 = 1e-14;

/// The highest value found from `start` on by looking at so many points. `value` gives height and slope. Ends early when it is as high as
/// `known`, which nothing is above.
pub(super) fn ascend(start: Vec<f64>, value: impl Fn(&[f64]) -> (f64, Vec<f64>), known: f64, mut looks: u32) -> f64 {
    let mut chance = SplitMix64::new(1);
    let dimensions = start.len();
    let mut best = value(&start).0;
    let at = start.into_iter().map(|at| at + BESIDE * (chance.below(2001) as f64 / 1000.0 - 1.0)).collect();
    let mut here = Point::of(at, &value);
    best = best.max(here.value);
    let mut curvature = Curvature::round(dimensions, FIRST / length(&here.slope).max(TINY));
    let mut is_fresh = true;
    while looks > 0 && known - best > known * 1e-6 {
        let way = curvature.turn(&here.slope);
        let promise = dot(&way, &here.slope);
        let next = if promise > TINY { step(&here, &way, promise, &value, &mut looks) } else { None };
        let Some(next) = next else {
            // No way up as far as known of the curvature: once more without, from here.
            if is_fresh {
                break;
            }
            curvature = Curvature::round(dimensions, FIRST / 10.0 / length(&here.slope).max(TINY));
            is_fresh = true;
            continue;
        };
        curvature.learn(&here, &next, is_fresh);
        is_fresh = false;
        best = best.max(next.value);
        here = next;
    }
    best
}

struct Point {
    at: Vec<f64>,
    value: f64,
    slope: Vec<f64>,
}

impl Point {
    fn of(at: Vec<f64>, value: &impl Fn(&[f64]) -> (f64, Vec<f64>)) -> Self {
        let (height, slope) = value(&at);
        Self { at, value: height, slope }
    }
}

/// Along `way` far enough that the slope changes, not so far that too little is gained.
fn step(
    from: &Point,
    way: &[f64],
    promise: f64,
    value: &impl Fn(&[f64]) -> (f64, Vec<f64>),
    looks: &mut u32,
) -> Option<Point> {
    let (mut near, mut far, mut length) = (0.0, f64::INFINITY, 1.0);
    let mut found = None;
    for _ in 0..TRIES {
        *looks = looks.checked_sub(1)?;
        let point = Point::of(from.at.iter().zip(way).map(|(at, way)| at + length * way).collect(), value);
        if point.value < from.value + WOLFE.0 * length * promise {
            far = length;
        } else {
            let left = dot(&point.slope, way);
            found = Some(point);
            if left <= WOLFE.1 * promise {
                break;
            }
            near = length;
        }
        length = if far.is_finite() { (near + far) / 2.0 } else { 2.0 * near };
    }
    found
}

/// The inverse of the Hessian, row by row.
struct Curvature {
    rows: Vec<f64>,
    dimensions: usize,
}

impl Curvature {
    fn round(dimensions: usize, scale: f64) -> Self {
        let mut rows = vec![0.0; dimensions * dimensions];
        rows.iter_mut().step_by(dimensions + 1).for_each(|it| *it = scale);
        Self { rows, dimensions }
    }

    fn turn(&self, slope: &[f64]) -> Vec<f64> {
        self.rows.chunks(self.dimensions.max(1)).map(|row| dot(row, slope)).collect()
    }

    fn learn(&mut self, from: &Point, to: &Point, is_first: bool) {
        let way: Vec<f64> = to.at.iter().zip(&from.at).map(|(to, from)| to - from).collect();
        let turn: Vec<f64> = from.slope.iter().zip(&to.slope).map(|(from, to)| from - to).collect();
        let along = dot(&way, &turn);
        if along <= TINY {
            return;
        }
        if is_first {
            *self = Self::round(self.dimensions, along / dot(&turn, &turn));
        }
        let turned = self.turn(&turn);
        let both = (1.0 + dot(&turn, &turned) / along) / along;
        for ((row, way_row), turned_row) in self.rows.chunks_mut(self.dimensions.max(1)).zip(&way).zip(&turned) {
            let (a, b) = (both * way_row - turned_row / along, way_row / along);
            for ((it, way), turned) in row.iter_mut().zip(&way).zip(&turned) {
                *it += a * way - b * turned;
            }
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn length(of: &[f64]) -> f64 {
    dot(of, of).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lowest of planes around (3, -2), one of them a thousand times as steep as another.
    #[test]
    fn the_summit_of_steep_and_gentle_planes_is_found() {
        let value = |at: &[f64]| {
            let (x, y) = (at[0] - 3.0, at[1] + 2.0);
            let planes = [(-x, [-1.0, 0.0]), (x, [1.0, 0.0]), (-1000.0 * y, [0.0, -1000.0]), (900.0 * y, [0.0, 900.0])];
            let lowest = planes.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
            (7.0 + lowest.0, lowest.1.to_vec())
        };
        let found = ascend(vec![0.0; 2], value, 1e9, 300);
        assert!((7.0 - found).abs() < 1e-3, "{found}");
        assert!(ascend(vec![0.0; 2], value, 6.0, 300) >= 6.0 * (1.0 - 1e-6), "as high as known");
    }

    #[test]
    fn nothing_to_climb_is_no_trouble() {
        assert_eq!(ascend(Vec::new(), |_| (5.0, Vec::new()), 9.0, 10), 5.0);
        assert_eq!(ascend(vec![0.0; 3], |_| (5.0, vec![0.0; 3]), 9.0, 10), 5.0);
    }
}
