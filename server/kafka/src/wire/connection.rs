//! One established connection, one request at a time: a broker works on one request per connection anyway.

use super::frame::{self, CAP_BROKER, CAP_STRANGER, FrameError};
use super::request::{self, Request};
use crate::fault;
use crate::meter::Meter;
use bytes::{Bytes, BytesMut};
use kacrab_protocol::generated::{ApiKey, ApiVersionsRequestData, ApiVersionsResponseData};
use kacrab_protocol::{KafkaString, ProtocolError};
use model::observation::BrokerApis;
use model::{Fault, FaultKind};
use std::sync::Arc;
use std::time::Instant;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// An error leaves it out of step with the broker: drop it then.
pub(crate) struct Connection {
    stream: Box<dyn Stream>,
    /// `host:port`, for faults.
    pub peer: String,
    pub apis: Arc<BrokerApis>,
    /// Version of `ApiVersions` the broker answered.
    apis_version: i16,
    correlation: i32,
    cap: usize,
    /// A little before the broker ends the SASL session (KIP-368).
    pub expires_at: Option<Instant>,
    /// Requests answered since the connection was ready for use.
    pub answered: u64,
    meter: Arc<Meter>,
}

/// A request ready to be sent.
pub(crate) struct Prepared {
    key: ApiKey,
    version: i16,
    bytes: BytesMut,
}

/// `ApiVersions` first asked: 4 also names features whose lowest level is 0.
const API_VERSIONS_WANTED: i16 = 4;

impl Connection {
    pub fn new(stream: Box<dyn Stream>, peer: String, meter: Arc<Meter>) -> Self {
        Self {
            stream,
            peer,
            apis: Arc::default(),
            apis_version: API_VERSIONS_WANTED,
            correlation: 0,
            cap: CAP_STRANGER,
            expires_at: None,
            answered: 0,
            meter,
        }
    }

    /// From now on it is a broker we talk to: long answers are believed.
    pub fn trust(&mut self) {
        self.cap = CAP_BROKER;
        self.answered = 0;
    }

    pub fn is_expired(&self, now: Instant) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// Sends `request` and waits for its answer; the body still has to be decoded.
    pub async fn ask<R: Request>(&mut self, version: i16, request: &R) -> Result<Bytes, Fault> {
        self.exchange(R::KEY, version, |to| request.write(to, version)).await
    }

    /// Sends and decodes in one go, for small answers.
    pub async fn ask_small<R: Request>(&mut self, version: i16, request: &R) -> Result<R::Response, Fault> {
        let mut body = self.ask(version, request).await?;
        R::read(&mut body, version).map_err(|error| self.garbled(R::KEY, &error))
    }

    /// Asks what the broker can do. An old broker refuses the version with code 35 and a version 0 answer that names
    /// the versions it has; it is then asked again.
    pub async fn ask_apis(&mut self) -> Result<Arc<BrokerApis>, Fault> {
        let request = ApiVersionsRequestData {
            client_software_name: KafkaString::from_static(frame::CLIENT_ID),
            client_software_version: KafkaString::from_static(env!("CARGO_PKG_VERSION")),
            _unknown_tagged_fields: Vec::new(),
        };
        loop {
            let version = self.apis_version;
            let body = self.exchange(ApiKey::ApiVersions, version, |to| request.write(to, version)).await?;
            let refused = frame::leading_code(&body) == Some(35);
            let readable_as = if refused { 0 } else { version };
            let answer = ApiVersionsResponseData::read(&mut body.clone(), readable_as)
                .map_err(|error| self.garbled(ApiKey::ApiVersions, &error))?;
            let apis = to_apis(&answer);
            if refused {
                let highest = request::offered(&apis, ApiKey::ApiVersions).map_or(0, |(_, highest)| highest);
                self.apis_version = highest.clamp(0, version - 1);
                if version == 0 {
                    return Err(fault::from_code(35, None, "ApiVersions", ""));
                }
                continue;
            }
            fault::check(answer.error_code, None, "ApiVersions", "")?;
            if self.apis.as_ref() != &apis {
                self.apis = Arc::new(apis);
            }
            return Ok(Arc::clone(&self.apis));
        }
    }

    /// For a peer that did not answer: protocols made of lines (HTTP, SMTP, Redis) answer an empty line, a broker does
    /// not. Waits for bytes that cannot be a broker's; leaves the connection useless.
    pub async fn nudge(&mut self) -> Fault {
        if self.stream.write_all(b"\r\n\r\n").await.is_ok() && self.stream.flush().await.is_ok() {
            match frame::read(&mut self.stream, self.cap).await {
                Err(FrameError::Length(prefix)) => return self.bad_prefix(prefix),
                Ok(_) | Err(FrameError::Io(_)) => {}
            }
        }
        Fault::new(FaultKind::Timeout, format!("{}: no answer in time to ApiVersions", self.peer))
    }

    async fn exchange(
        &mut self,
        key: ApiKey,
        version: i16,
        body: impl FnOnce(&mut BytesMut) -> Result<(), ProtocolError>,
    ) -> Result<Bytes, Fault> {
        let prepared = self.frame(key, version, body)?;
        self.deliver(&prepared).await
    }

    /// Writes `request` down without sending anything.
    pub fn prepare<R: Request>(&mut self, version: i16, request: &R) -> Result<Prepared, Fault> {
        self.frame(R::KEY, version, |to| request.write(to, version))
    }

    fn frame(
        &mut self,
        key: ApiKey,
        version: i16,
        body: impl FnOnce(&mut BytesMut) -> Result<(), ProtocolError>,
    ) -> Result<Prepared, Fault> {
        self.correlation = self.correlation.wrapping_add(1) & i32::MAX;
        let bytes = frame::encode(key, version, self.correlation, body).map_err(|error| {
            Fault::new(FaultKind::Other, format!("{} version {version} cannot be written: {error}", request::name(key)))
        })?;
        Ok(Prepared { key, version, bytes })
    }

    /// Sends what was prepared last and waits for the answer. After an error some or all of it may have been sent.
    pub async fn deliver(&mut self, prepared: &Prepared) -> Result<Bytes, Fault> {
        let Prepared { key, version, bytes } = prepared;
        let started = Instant::now();
        let answer = self.transfer(*key, bytes).await;
        let received = answer.as_ref().map_or(0, |answer| answer.len() + 4);
        self.meter.record(*key, bytes.len(), received, started.elapsed(), answer.is_ok());
        let (correlation, body) = frame::decode(*key, *version, answer?).map_err(|error| self.garbled(*key, &error))?;
        if correlation != self.correlation {
            return Err(self.not_kafka("answers with the id of another request"));
        }
        self.answered += 1;
        Ok(body)
    }

    async fn transfer(&mut self, key: ApiKey, frame: &[u8]) -> Result<Bytes, Fault> {
        let doing = || format!("waiting for the answer to {}", request::name(key));
        let sent = async {
            self.stream.write_all(frame).await?;
            self.stream.flush().await
        };
        if let Err(error) = sent.await {
            return Err(fault::from_io(&error, &self.peer, &doing()));
        }
        match frame::read(&mut self.stream, self.cap).await {
            Ok(answer) => Ok(answer),
            Err(FrameError::Io(error)) => Err(fault::from_io(&error, &self.peer, &doing())),
            Err(FrameError::Length(prefix)) => Err(self.bad_prefix(prefix)),
        }
    }

    fn bad_prefix(&self, prefix: [u8; 4]) -> Fault {
        match prefix {
            // A TLS alert or handshake record.
            [0x15 | 0x16, 3, _, _] => {
                Fault::new(FaultKind::Tls, format!("{}: it speaks TLS at this port; `tls` must be set", self.peer))
            }
            _ => self.not_kafka(&format!("its answer begins with \"{}\"", prefix.escape_ascii())),
        }
    }

    fn garbled(&self, key: ApiKey, error: &ProtocolError) -> Fault {
        self.not_kafka(&format!("its answer to {} cannot be read: {error}", request::name(key)))
    }

    fn not_kafka(&self, words: &str) -> Fault {
        Fault::new(FaultKind::NotKafka, format!("{}: this is not how a Kafka broker answers: {words}", self.peer))
    }
}

fn to_apis(answer: &ApiVersionsResponseData) -> BrokerApis {
    let mut apis: Vec<_> = answer.api_keys.iter().map(|api| (api.api_key, api.min_version, api.max_version)).collect();
    apis.sort_unstable();
    BrokerApis {
        apis,
        supported: answer
            .supported_features
            .iter()
            .map(|feature| (feature.name.to_string(), (feature.min_version, feature.max_version)))
            .collect(),
        finalized: answer
            .finalized_features
            .iter()
            .map(|feature| (feature.name.to_string(), feature.max_version_level))
            .collect(),
    }
}
