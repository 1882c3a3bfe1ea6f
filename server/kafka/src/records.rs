//! The record plane: librdkafka handles made from the same [`ClusterConfig`] as the control plane, on demand. No handle
//! exists while nobody reads or writes records: each one costs a thread per broker.

use crate::config::{ClusterConfig, Identity};
use crate::fault::{from_code, most_telling};
use crate::reached::Reached;
use model::{Fault, FaultKind, TopicName};
use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{FutureProducer, FutureRecord};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Longest time for [`RecordPlane::probe`].
const PROBE: Duration = Duration::from_secs(8);
/// How long to wait at a time before looking at what librdkafka complains about.
const GLANCE: Duration = Duration::from_millis(300);
/// Some topic has to be named, or all would be told; handles never create one.
const ANY_TOPIC: &str = "__consumer_offsets";

/// Longest time for [`RecordPlane::produce`], set-up included.
const PRODUCE_MS: u32 = 10_000;

#[derive(Clone)]
struct Writer {
    producer: FutureProducer<Context>,
    context: Context,
}

pub struct RecordPlane {
    config: ClusterConfig,
    /// Made at the first record; a failure ends it.
    producer: tokio::sync::Mutex<Option<Writer>>,
}

impl RecordPlane {
    /// Connects to nothing yet.
    pub fn new(config: &ClusterConfig) -> Self {
        Self { config: config.clone(), producer: tokio::sync::Mutex::new(None) }
    }

    /// Connects, asks who is there and disconnects; within some 9 s.
    pub async fn probe(&self) -> Result<Reached, Fault> {
        let config = self.config.clone();
        // Calls into librdkafka block, and so does dropping a handle.
        let probed = tokio::task::spawn_blocking(move || {
            let consumer: BaseConsumer<Context> = create(&config)?;
            probe(&consumer)
        });
        probed.await.unwrap_or_else(|error| Err(Fault::new(FaultKind::Other, error.to_string())))
    }

    /// Writes one record, which all in-sync replicas have when this succeeds; within some 10 s. Never creates a topic. After an error the record may
    /// or may not be there. The handle this needs is kept for the next record.
    ///
    /// # Errors
    /// No broker took it in time, or it was refused.
    pub async fn produce(&self, topic: &TopicName, key: Option<&[u8]>, value: &[u8]) -> Result<(), Fault> {
        let writer = self.writer().await?;
        let mut record = FutureRecord::<[u8], [u8]>::to(topic.as_str()).payload(value);
        if let Some(key) = key {
            record = record.key(key);
        }
        let sent = match writer.producer.send_result(record) {
            Ok(delivery) => match delivery.await {
                Ok(delivered) => delivered.map(drop).map_err(|(error, _)| error),
                Err(_) => Err(KafkaError::Canceled),
            },
            Err((error, _)) => Err(error),
        };
        let complaints = writer.context.take();
        let outcome = sent.map_err(|error| produce_fault(&error, complaints, topic));
        if outcome.is_err() {
            // Its password may be out of date, for one.
            let spoilt = self.producer.lock().await.take();
            drop(tokio::task::spawn_blocking(move || drop((writer, spoilt))));
        }
        outcome
    }

    async fn writer(&self) -> Result<Writer, Fault> {
        let mut kept = self.producer.lock().await;
        if let Some(writer) = &*kept {
            return Ok(writer.clone());
        }
        let config = self.config.clone();
        let made = tokio::task::spawn_blocking(move || {
            let mut client = client_config(&config)?;
            client
                .set("acks", "all")
                .set("enable.idempotence", "true")
                .set("message.timeout.ms", PRODUCE_MS.to_string())
                .set("topic.metadata.propagation.max.ms", "5000")
                .set("linger.ms", "0");
            let context = Context::default();
            let made = client.create_with_context(context.clone());
            made.map(|producer| Writer { producer, context }).map_err(|error| setup_fault(&error, &config))
        });
        let made = made.await.unwrap_or_else(|error| Err(Fault::new(FaultKind::Other, error.to_string())))?;
        *kept = Some(made.clone());
        Ok(made)
    }
}

impl Drop for RecordPlane {
    fn drop(&mut self) {
        // Ending a handle waits for its threads: not on a thread that others need.
        if let Some(writer) = self.producer.get_mut().take() {
            drop(std::thread::spawn(move || drop(writer)));
        }
    }
}

fn produce_fault(error: &KafkaError, complaints: Complaints, topic: &TopicName) -> Fault {
    let Some(code) = error.rdkafka_error_code() else {
        return Fault::new(FaultKind::Other, format!("writing to {topic}: {error}"));
    };
    match code {
        // That it was late is the consequence; what librdkafka complained about meanwhile is the reason.
        RDKafkaErrorCode::MessageTimedOut if !complaints.faults.is_empty() => most_telling(complaints.faults),
        RDKafkaErrorCode::MessageTimedOut => {
            let words = format!("writing to {topic}: no broker took the record within {} s", PRODUCE_MS / 1000);
            Fault::new(FaultKind::Timeout, words)
        }
        RDKafkaErrorCode::UnknownTopic | RDKafkaErrorCode::UnknownTopicOrPartition => {
            from_code(3, None, topic.as_str(), "")
        }
        code => match i16::try_from(code as i32) {
            Ok(code @ 1..) => from_code(code, None, topic.as_str(), &format!("WRITE on TOPIC {topic}")),
            _ => Fault::new(FaultKind::Other, format!("writing to {topic}: {code}")),
        },
    }
}

fn create(config: &ClusterConfig) -> Result<BaseConsumer<Context>, Fault> {
    let client = client_config(config)?;
    client.create_with_context(Context::default()).map_err(|error| setup_fault(&error, config))
}

fn client_config(config: &ClusterConfig) -> Result<ClientConfig, Fault> {
    let mut client = ClientConfig::new();
    let protocol = match (config.tls.is_some(), config.sasl.is_some()) {
        (false, false) => "plaintext",
        (true, false) => "ssl",
        (false, true) => "sasl_plaintext",
        (true, true) => "sasl_ssl",
    };
    client
        .set("bootstrap.servers", config.bootstrap_text())
        .set("security.protocol", protocol)
        .set("client.id", "steward")
        .set("allow.auto.create.topics", "false")
        .set("enable.auto.commit", "false")
        .set("socket.connection.setup.timeout.ms", "5000")
        .set("socket.timeout.ms", "8000")
        .set("log.connection.close", "false");
    if let Some(tls) = &config.tls {
        client.set("ssl.endpoint.identification.algorithm", if tls.verify_hostname { "https" } else { "none" });
        if let Some(ca) = &tls.ca {
            client.set("ssl.ca.location", ca.to_string_lossy());
        }
        if let Some(Identity { cert, key }) = &tls.identity {
            client
                .set("ssl.certificate.location", cert.to_string_lossy())
                .set("ssl.key.location", key.to_string_lossy());
        }
    }
    if let Some(sasl) = &config.sasl {
        let password = sasl.password.read().map_err(|words| Fault::new(FaultKind::Authentication, words))?;
        client
            .set("sasl.mechanism", sasl.mechanism.name())
            .set("sasl.username", sasl.username.as_str())
            .set("sasl.password", password.expose());
    }
    client.set_log_level(RDKafkaLogLevel::Info);
    Ok(client)
}

/// rdkafka's own message about a bad property contains its value, which may be the password: only the key is told.
fn setup_fault(error: &KafkaError, config: &ClusterConfig) -> Fault {
    let words = match error {
        KafkaError::ClientConfig(_, _, key, _) => format!("librdkafka does not accept the value of {key}"),
        KafkaError::ClientCreation(words) => format!("librdkafka could not be set up: {words}"),
        _ => "librdkafka could not be set up".to_owned(),
    };
    let password = config.sasl.as_ref().and_then(|sasl| sasl.password.read().ok());
    let words = match password {
        Some(password) if !password.expose().is_empty() => words.replace(password.expose(), "[secret]"),
        _ => words,
    };
    let is_tls = words.contains("ssl.");
    Fault::new(if is_tls { FaultKind::Tls } else { FaultKind::Other }, words)
}

fn probe(consumer: &BaseConsumer<Context>) -> Result<Reached, Fault> {
    let deadline = Instant::now() + PROBE;
    loop {
        match consumer.client().fetch_metadata(Some(ANY_TOPIC), GLANCE) {
            Ok(metadata) => {
                return Ok(Reached {
                    cluster_id: consumer.client().fetch_cluster_id(GLANCE),
                    brokers: metadata.brokers().len(),
                });
            }
            Err(error) => {
                // Complaints and log lines are only delivered to those who poll.
                while consumer.poll(Duration::ZERO).is_some() {}
                let complaints = consumer.context().take();
                let is_hopeless = complaints.all_down
                    || complaints.faults.iter().any(|fault| {
                        matches!(fault.kind, FaultKind::Authentication | FaultKind::Tls | FaultKind::NotKafka)
                    });
                if !complaints.faults.is_empty() && (is_hopeless || Instant::now() >= deadline) {
                    return Err(most_telling(complaints.faults));
                }
                if Instant::now() >= deadline {
                    let code = error.rdkafka_error_code();
                    let words = code.map_or_else(|| "no answer".to_owned(), |code| code.to_string());
                    return Err(Fault::new(FaultKind::Timeout, format!("no broker answered librdkafka: {words}")));
                }
                consumer.context().put_back(complaints);
            }
        }
    }
}

/// Takes librdkafka's log lines and complaints.
#[derive(Clone, Default)]
struct Context(Arc<Mutex<Complaints>>);

#[derive(Default)]
struct Complaints {
    faults: Vec<Fault>,
    all_down: bool,
}

impl Context {
    fn take(&self) -> Complaints {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put_back(&self, earlier: Complaints) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        now.all_down |= earlier.all_down;
        now.faults.splice(0..0, earlier.faults);
    }
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        match level {
            RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical | RDKafkaLogLevel::Error => {
                tracing::warn!(target: "librdkafka", facility, "{message}");
            }
            RDKafkaLogLevel::Warning | RDKafkaLogLevel::Notice => {
                tracing::info!(target: "librdkafka", facility, "{message}");
            }
            RDKafkaLogLevel::Info | RDKafkaLogLevel::Debug => {
                tracing::debug!(target: "librdkafka", facility, "{message}");
            }
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::info!(target: "librdkafka", "{reason}");
        let mut complaints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match error.rdkafka_error_code() {
            Some(RDKafkaErrorCode::AllBrokersDown) => complaints.all_down = true,
            code => complaints.faults.push(Fault::new(kind(code, reason), reason)),
        }
    }
}

impl ConsumerContext for Context {}

/// librdkafka has one code for most troubles of a connection; its words tell them apart.
fn kind(code: Option<RDKafkaErrorCode>, reason: &str) -> FaultKind {
    match code {
        Some(RDKafkaErrorCode::Authentication | RDKafkaErrorCode::SaslAuthenticationFailed) => {
            FaultKind::Authentication
        }
        Some(RDKafkaErrorCode::SSL) => FaultKind::Tls,
        Some(RDKafkaErrorCode::Resolve) => FaultKind::Unresolvable,
        Some(RDKafkaErrorCode::BadMessage) => FaultKind::NotKafka,
        Some(RDKafkaErrorCode::OperationTimedOut) => FaultKind::Timeout,
        _ if reason.contains("refused") => FaultKind::Refused,
        _ if reason.contains("Invalid response size") => FaultKind::NotKafka,
        _ if reason.contains("timed out") => FaultKind::Timeout,
        _ if reason.contains("Disconnected") || reason.contains("onnection closed") => FaultKind::Disconnected,
        _ => FaultKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Mechanism, Password, SaslConfig};
    use crate::secret::Secret;
    use model::ClusterName;
    use rdkafka::types::RDKafkaConfRes;

    fn config() -> ClusterConfig {
        let mut config = ClusterConfig::plaintext(ClusterName::parse("c").unwrap(), vec![crate::Address::new("a", 1)]);
        config.sasl = Some(SaslConfig {
            mechanism: Mechanism::Plain,
            username: "u".to_owned(),
            password: Password::Given(Secret::new("hunter2")),
        });
        config
    }

    #[test]
    fn no_handle_creates_topics_or_commits_by_itself() {
        let client = client_config(&config()).unwrap();
        assert_eq!(client.get("allow.auto.create.topics"), Some("false"));
        assert_eq!(client.get("enable.auto.commit"), Some("false"));
        assert_eq!(client.get("security.protocol"), Some("sasl_plaintext"));
    }

    #[test]
    fn setup_faults_do_not_tell_the_password() {
        for error in [
            KafkaError::ClientConfig(
                RDKafkaConfRes::RD_KAFKA_CONF_INVALID,
                "bad hunter2".to_owned(),
                "sasl.password".to_owned(),
                "hunter2".to_owned(),
            ),
            KafkaError::ClientCreation("cannot use hunter2".to_owned()),
        ] {
            let fault = setup_fault(&error, &config());
            assert!(!fault.message.contains("hunter2"), "{}", fault.message);
        }
    }
}
