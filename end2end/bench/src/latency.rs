//! How long pages take while brokers are well, dead or frozen.

use crate::Fallible;
use crate::client::{Client, percentile};
use std::thread;
use std::time::{Duration, Instant};

/// Asks the pages in turn, a hundred times a second, for so long.
pub fn during(client: &Client, pages: &[String], span: Duration) -> Fallible<Vec<Duration>> {
    let clock = Instant::now();
    let mut times = Vec::new();
    for page in pages.iter().cycle() {
        if clock.elapsed() > span {
            break;
        }
        let took = client.get(page)?.took;
        times.push(took);
        thread::sleep(Duration::from_millis(10).saturating_sub(took));
    }
    Ok(times)
}

/// (p50, p99) in milliseconds.
pub fn both(times: &[Duration]) -> (f64, f64) {
    (percentile(times, 50), percentile(times, 99))
}
