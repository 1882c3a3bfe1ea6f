//! The shop goes on: writes without end, and the groups that read it live.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};

use crate::cluster::Cluster;
use crate::demo::producer::{Shop, now};
use crate::demo::records::Stream;
use crate::demo::{HOSTILE_CLIENT, HOSTILE_GROUP};
use crate::error::{Result, progress};

const TICK: Duration = Duration::from_millis(100);

/// Runs until it is dropped, also while brokers are away.
#[derive(Debug)]
pub struct Traffic {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Drop for Traffic {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                progress("a traffic thread panicked");
            }
        }
    }
}

/// A live member of a group.
#[derive(Debug, Clone, Copy)]
struct Reader {
    group: &'static str,
    client: &'static str,
    topic: &'static str,
    /// Uses the new group protocol where brokers have it.
    modern: bool,
    /// Records per second at a time since the start; `None` takes all there are.
    pace: fn(Duration) -> Option<u32>,
}

const READERS: [Reader; 6] = [
    reader("billing", "billing-1", "orders"),
    modern("search-indexer-1"),
    modern("search-indexer-2"),
    modern("search-indexer-3"),
    Reader { pace: logstash_pace, ..reader("logstash", "logstash-1", "web-access-log") },
    reader(HOSTILE_GROUP, HOSTILE_CLIENT, "notifications"),
];

const fn reader(group: &'static str, client: &'static str, topic: &'static str) -> Reader {
    Reader { group, client, topic, modern: false, pace: |_| None }
}

const fn modern(client: &'static str) -> Reader {
    Reader { modern: true, ..reader("search-indexer", client, "clickstream") }
}

/// Slower than the log is written for ten minutes, then three minutes quicker: it falls about 15,000 behind, and no further however long
/// the demo runs.
fn logstash_pace(since_start: Duration) -> Option<u32> {
    let slow = since_start.as_secs() % 780 < 600;
    Some(if slow { 35 } else { 250 })
}

/// What a stream writes per second: its rate, 30 % up and down every ten minutes.
fn swing(rate: u32, since_start: Duration) -> f64 {
    let turn = since_start.as_secs_f64() / 600.0 * std::f64::consts::TAU;
    f64::from(rate) * (1.0 + 0.3 * turn.sin())
}

impl Cluster {
    /// Starts writing (at most 250 records a second in all) and the live groups; both end when the answer is dropped.
    ///
    /// # Errors
    /// A client cannot be made. Brokers that are away are no error, now or later.
    pub fn traffic(&self) -> Result<Traffic> {
        let mut traffic = Traffic { stop: Arc::new(AtomicBool::new(false)), threads: Vec::new() };
        let shop = Shop::new(self)?;
        let stop = Arc::clone(&traffic.stop);
        traffic.threads.push(thread::spawn(move || {
            let lost = write(&shop, &stop);
            if lost > 0 {
                progress(format_args!("{lost} records found no room"));
            }
        }));
        for reader in READERS {
            let consumer = self.reader(reader).create()?;
            let stop = Arc::clone(&traffic.stop);
            traffic.threads.push(thread::spawn(move || read(&consumer, reader, &stop)));
        }
        Ok(traffic)
    }

    fn reader(&self, reader: Reader) -> ClientConfig {
        let mut config = self.client();
        config
            .set("group.id", reader.group)
            .set("client.id", reader.client)
            .set("auto.offset.reset", "earliest")
            .set("auto.commit.interval.ms", "1000")
            .set("fetch.wait.max.ms", "1000")
            .set("queued.min.messages", "100")
            .set("queued.max.messages.kbytes", "512");
        if reader.modern && self.spec().version.is_kraft() {
            config.set("group.protocol", "consumer");
        } else {
            config.set("session.timeout.ms", "10000");
        }
        config
    }
}

/// Writes until told to stop; returns how many records found no room.
fn write(shop: &Shop, stop: &AtomicBool) -> u64 {
    let mut last = Instant::now();
    let start = last;
    // Numbers go on where an earlier run cannot have been.
    let mut next = now() / 1000 * 300;
    let mut owed = [0.0_f64; Stream::ALL.len()];
    let mut lost = 0;
    while !stop.load(Ordering::Relaxed) {
        let tick = Instant::now();
        // After a pause (a sleeping machine) nothing is made up for.
        let passed = (tick - last).min(Duration::from_secs(1)).as_secs_f64();
        last = tick;
        for (stream, owed) in Stream::ALL.into_iter().zip(&mut owed) {
            *owed += swing(stream.rate(), start.elapsed()) * passed;
            while *owed >= 1.0 {
                *owed -= 1.0;
                next += 1;
                let at = now();
                match shop.offer(stream, &stream.record(next, at), at) {
                    Ok(true) => {}
                    Ok(false) => {
                        // With brokers away the queue fills; what finds no room is lost, as it would be in a shop.
                        if lost == 0 {
                            progress("the queue is full: records are lost until brokers take them");
                        }
                        lost += 1;
                    }
                    Err(error) => progress(format_args!("writing to {}: {error}", stream.topic())),
                }
            }
        }
        shop.poll(TICK.saturating_sub(tick.elapsed()));
    }
    // Brokers may be away for good: what is still queued is not waited for long.
    let _ = shop.finish(Duration::from_secs(2));
    lost
}

fn read(consumer: &BaseConsumer, reader: Reader, stop: &AtomicBool) {
    if let Err(error) = consumer.subscribe(&[reader.topic]) {
        progress(format_args!("{} cannot read: {error}", reader.group));
        return;
    }
    let start = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        let tick = Instant::now();
        let room = (reader.pace)(start.elapsed()).map_or(u32::MAX, |per_second| per_second / 10);
        for _ in 0..room {
            // Errors are brokers that are away; the client looks for them itself.
            if consumer.poll(Duration::ZERO).is_none() || stop.load(Ordering::Relaxed) {
                break;
            }
        }
        thread::sleep(TICK.saturating_sub(tick.elapsed()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rdkafka::mocking::MockCluster;

    #[test]
    fn what_arrived_makes_room_for_more() {
        let brokers = MockCluster::new(1).expect("mock");
        for stream in Stream::ALL {
            brokers.create_topic(stream.topic(), 24, 1).expect("topic");
        }
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", brokers.bootstrap_servers())
            // Half a second's records: soon full unless every report is served.
            .set("queue.buffering.max.messages", "100");
        let shop = Shop::with(&config).expect("shop");
        let stop = AtomicBool::new(false);
        let lost = thread::scope(|scope| {
            let writer = scope.spawn(|| write(&shop, &stop));
            thread::sleep(Duration::from_secs(4));
            stop.store(true, Ordering::Relaxed);
            writer.join().expect("no panic")
        });
        assert_eq!(lost, 0);
    }

    #[test]
    fn logstash_falls_behind_and_catches_up() {
        let written = Stream::WebAccessLog.rate();
        let mut lag = 0_i64;
        let mut most = 0;
        // A day, by the second.
        for second in 0..86_400 {
            let pace = logstash_pace(Duration::from_secs(second)).expect("it has one");
            lag = (lag + i64::from(written) - i64::from(pace / 10 * 10)).max(0);
            most = most.max(lag);
        }
        assert!((10_000..30_000).contains(&most), "{most}");
    }

    #[test]
    fn the_swing_stays_within_a_third() {
        let all: u32 = Stream::ALL.iter().map(|s| s.rate()).sum();
        for second in 0..600 {
            let now = swing(all, Duration::from_secs(second));
            assert!((100.0..300.0).contains(&now), "{now}");
        }
    }
}
