//! Writes the shop's records and knows whether they arrived.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use rdkafka::{ClientConfig, ClientContext};

use crate::cluster::Cluster;
use crate::demo::records::{Record, Stream};
use crate::error::Result;

/// Remembers the first record that did not arrive.
#[derive(Debug, Default)]
pub(crate) struct Deliveries(Mutex<Option<KafkaError>>);

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if let Err((error, _)) = result {
            let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert_with(|| error.clone());
        }
    }
}

/// The shop's writer.
pub(crate) struct Shop(BaseProducer<Deliveries>);

impl Shop {
    pub(crate) fn new(cluster: &Cluster) -> Result<Self> {
        Self::with(&cluster.client())
    }

    /// With these settings, which win over the shop's own.
    pub(crate) fn with(base: &ClientConfig) -> Result<Self> {
        let mut config = ClientConfig::new();
        config
            .set("client.id", "web-shop")
            .set("enable.idempotence", "true")
            // As Java's clients place keys; without a key each record goes its own way.
            .set("partitioner", "murmur2_random")
            .set("sticky.partitioning.linger.ms", "0")
            .set("linger.ms", "20")
            .set("message.timeout.ms", "30000")
            .set("queue.buffering.max.messages", "20000");
        for (key, value) in base.config_map() {
            config.set(key, value);
        }
        Ok(Self(config.create_with_context(Deliveries::default())?))
    }

    /// Queues a record; `false` if there is no room until others have gone.
    pub(crate) fn offer(&self, stream: Stream, record: &Record, at: u64) -> KafkaResult<bool> {
        let mut base: BaseRecord<'_, [u8], [u8]> =
            BaseRecord::to(stream.topic()).timestamp(i64::try_from(at).unwrap_or(i64::MAX));
        if let Some(key) = &record.key {
            base = base.key(key);
        }
        if let Some(value) = &record.value {
            base = base.payload(value);
        }
        if !record.headers.is_empty() {
            let empty = OwnedHeaders::new_with_capacity(record.headers.len());
            base = base.headers(
                record
                    .headers
                    .iter()
                    .fold(empty, |all, (key, value)| all.insert(Header { key, value: value.as_ref() })),
            );
        }
        match self.0.send(base) {
            Ok(()) => Ok(true),
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), _)) => Ok(false),
            Err((error, _)) => Err(error),
        }
    }

    /// Serves delivery reports for as long as `limit`. Without any time it serves a single one, not all there are.
    pub(crate) fn poll(&self, limit: Duration) {
        self.0.poll(limit);
    }

    /// Queues a record, waiting for room.
    pub(crate) fn write(&self, stream: Stream, record: &Record, at: u64) -> KafkaResult<()> {
        while !self.offer(stream, record, at)? {
            self.poll(Duration::from_millis(50));
        }
        self.poll(Duration::ZERO);
        Ok(())
    }

    /// Waits until everything has arrived.
    ///
    /// # Errors
    /// Something has not.
    pub(crate) fn finish(&self, limit: Duration) -> Result<()> {
        self.0.flush(limit)?;
        let lost = &self.0.context().0;
        match lost.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(0))
}
