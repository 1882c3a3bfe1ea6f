//! `/metrics` in Prometheus' text format.

use crate::AppState;
use crate::desk::Desk;
use app::console::Console;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kafka::Handle;
use model::cluster::Counts;
use model::{ClusterState, Snapshot, Timestamp};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use std::sync::Arc;

/// Made anew for each request from the same snapshots the pages show, of the clusters the actor may see.
pub async fn text(State(state): State<AppState>, desk: Desk) -> Response {
    let mut registry = Registry::with_prefix("steward");
    let snapshots = desk.clusters();
    let is_seen = |handle: &&Handle| snapshots.iter().any(|snapshot| snapshot.cluster == handle.config().name);
    registry.register_collector(Box::new(Costs(state.collectors.iter().filter(is_seen).cloned().collect())));
    registry.register_collector(Box::new(Clusters { snapshots, now: desk.now() }));
    let mut body = String::new();
    match text::encode(&mut body, &registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], body).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "metrics cannot be encoded");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Debug)]
struct Clusters {
    snapshots: Vec<Arc<Snapshot>>,
    now: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ClusterLabel {
    cluster: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SourceLabel {
    cluster: String,
    source: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BuildLabel {
    version: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabel {
    cluster: String,
    request: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TierLabel {
    cluster: String,
    tier: &'static str,
}

/// A gauge of every cluster: name, help, and its value in a snapshot, absent when unknown.
type ClusterGauge = (&'static str, &'static str, fn(&Snapshot) -> Option<f64>);

const GAUGES: [ClusterGauge; 13] = [
    ("cluster_up", "1 if the cluster answers", |s| Some(f64::from(s.summary.state == ClusterState::Reachable))),
    ("brokers_up", "brokers that answer", |s| counted(s, |c| c.brokers_up)),
    ("brokers_known", "brokers that are known", |s| counted(s, |c| c.brokers_known)),
    ("topics", "topics, internal ones included", |s| counted(s, |c| c.topics)),
    ("partitions", "partitions", |s| counted(s, |c| c.partitions)),
    ("under_replicated_partitions", "partitions with replicas out of sync", |s| counted(s, |c| c.under_replicated)),
    ("under_min_isr_partitions", "partitions below min.insync.replicas", |s| counted(s, |c| c.under_min_isr)),
    ("offline_partitions", "partitions without a leader", |s| counted(s, |c| c.offline)),
    ("reassigning_partitions", "partitions whose replicas are being moved", |s| s.summary.reassigning.map(Into::into)),
    ("groups", "consumer groups", |s| s.summary.groups.map(Into::into)),
    ("disk_bytes", "bytes of all replicas", |s| s.summary.disk_bytes.map(|bytes| bytes as f64)),
    ("records_per_second", "records written per second", |s| s.summary.records_per_second),
    ("findings", "what needs attention", |s| Some(s.findings.len() as f64)),
];

/// `None` for a cluster that was never reached.
fn counted(snapshot: &Snapshot, of: fn(&Counts) -> u32) -> Option<f64> {
    snapshot.summary.counts.as_ref().map(|counts| of(counts).into())
}

impl Collector for Clusters {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let build = ConstGauge::new(1_i64);
        let mut family = encoder.encode_descriptor("build", "the running version", None, build.metric_type())?;
        build.encode(family.encode_family(&BuildLabel { version: env!("CARGO_PKG_VERSION") })?)?;

        for (name, help, value) in GAUGES {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            for snapshot in &self.snapshots {
                if let Some(value) = value(snapshot) {
                    let label = ClusterLabel { cluster: snapshot.cluster.to_string() };
                    ConstGauge::new(value).encode(family.encode_family(&label)?)?;
                }
            }
        }

        let mut family = encoder.encode_descriptor(
            "source_age_seconds",
            "seconds since the source was last read",
            None,
            MetricType::Gauge,
        )?;
        for snapshot in &self.snapshots {
            for (source, state) in snapshot.sources.named() {
                if let Some(at) = state.observed_at {
                    let label = SourceLabel { cluster: snapshot.cluster.to_string(), source };
                    let seconds = self.now.since(at) as f64 / 1000.0;
                    ConstGauge::new(seconds).encode(family.encode_family(&label)?)?;
                }
            }
        }
        Ok(())
    }
}

/// What collecting costs the clusters.
struct Costs(Arc<[Handle]>);

impl std::fmt::Debug for Costs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Costs").field(&self.0.len()).finish()
    }
}

/// A counter of the requests of one kind.
type RequestCounter = (&'static str, &'static str, fn(&kafka::Traffic) -> u64);

const REQUESTS: [RequestCounter; 3] = [
    ("kafka_requests", "requests sent to the brokers", |traffic| traffic.requests),
    ("kafka_sent_bytes", "bytes sent to the brokers", |traffic| traffic.bytes_out),
    ("kafka_received_bytes", "bytes received from the brokers", |traffic| traffic.bytes_in),
];

impl Collector for Costs {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let stats: Vec<_> = self.0.iter().map(|handle| (handle.config().name.to_string(), handle.stats())).collect();
        for (name, help, value) in REQUESTS {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            for (cluster, stats) in &stats {
                for (request, traffic) in &stats.traffic {
                    let label = RequestLabel { cluster: cluster.clone(), request: request.clone() };
                    ConstCounter::new(value(traffic)).encode(family.encode_family(&label)?)?;
                }
            }
        }
        let mut family = encoder.encode_descriptor("refreshes", "rounds of a tier", None, MetricType::Counter)?;
        for (cluster, stats) in &stats {
            for (tier, run) in &stats.tiers {
                let label = TierLabel { cluster: cluster.clone(), tier };
                ConstCounter::new(run.runs).encode(family.encode_family(&label)?)?;
            }
        }
        let help = "how long a tier's last round took";
        let mut family = encoder.encode_descriptor("refresh_seconds", help, None, MetricType::Gauge)?;
        for (cluster, stats) in &stats {
            for (tier, run) in &stats.tiers {
                let label = TierLabel { cluster: cluster.clone(), tier };
                ConstGauge::new(run.last_took.as_secs_f64()).encode(family.encode_family(&label)?)?;
            }
        }
        let help = "how long the last snapshot took to build";
        let mut family = encoder.encode_descriptor("snapshot_build_seconds", help, None, MetricType::Gauge)?;
        for (cluster, stats) in &stats {
            let label = ClusterLabel { cluster: cluster.clone() };
            ConstGauge::new(stats.last_build_took.as_secs_f64()).encode(family.encode_family(&label)?)?;
        }
        Ok(())
    }
}
