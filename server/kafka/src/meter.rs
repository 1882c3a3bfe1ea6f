//! What the conversation with one cluster costs: requests and bytes, by kind of request.

use kacrab_protocol::generated::ApiKey;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Running totals since the start of the process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    pub requests: u64,
    /// Requests without a usable answer: broken connections and time-outs; an error code is an answer.
    pub failures: u64,
    pub bytes_out: u64,
    pub bytes_in: u64,
    /// Sum of the times from sending to the whole answer.
    pub waited: Duration,
}

#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<BTreeMap<i16, (ApiKey, Traffic)>>);

impl Meter {
    pub fn record(&self, key: ApiKey, bytes_out: usize, bytes_in: usize, waited: Duration, answered: bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, traffic) = all.entry(key as i16).or_insert((key, Traffic::default()));
        traffic.requests += 1;
        traffic.failures += u64::from(!answered);
        traffic.bytes_out += bytes_out as u64;
        traffic.bytes_in += bytes_in as u64;
        traffic.waited += waited;
    }

    /// Totals by Kafka's name of the request.
    pub fn read(&self) -> BTreeMap<String, Traffic> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().map(|(key, traffic)| (format!("{key:?}"), *traffic)).collect()
    }
}
