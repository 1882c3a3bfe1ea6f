//! Every change on real brokers: through the API, through the forms, and by the command line the preview shows.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on says why")]

mod form;
mod records;
mod refusals;
mod rivals;
mod scripts;
mod several;
#[path = "../support/mod.rs"]
mod support;
mod twins;

use axum::http::StatusCode;
use cluster::{Cluster, Listener};
use scripts::Scripts;
use serde_json::Value;
use std::sync::OnceLock;
use support::{Steward, plaintext};

/// What all tests here share; each has topics of its own.
pub struct World {
    pub cluster: Cluster,
    pub steward: Steward,
    pub scripts: Scripts,
}

pub const HOME: &str = "/api/v1/clusters/changes";

pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let cluster = Cluster::builder().name("changes").start().expect("brokers");
        let scripts = Scripts::of(&cluster);
        let config = plaintext("changes", &cluster.bootstrap(Listener::Plaintext));
        World { steward: Steward::with_records([config]), scripts, cluster }
    })
}

impl World {
    /// Applies a change through the API; it must be done.
    pub fn apply(&self, query: &str, change: &Value) -> Value {
        let (status, answer) = self.submit(query, change);
        assert_eq!(status, StatusCode::OK, "{change}: {answer:#}");
        assert_eq!(answer["outcome"], "done", "{change}: {answer:#}");
        answer
    }

    pub fn submit(&self, query: &str, change: &Value) -> (StatusCode, Value) {
        let (status, body) = self.steward.post_json(&format!("{HOME}/changes{query}"), change);
        (status, serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}")))
    }

    pub fn preview(&self, change: &Value) -> Value {
        let (status, preview) = self.submit("?dry_run=true", change);
        assert_eq!(status, StatusCode::OK, "{change}: {preview:#}");
        preview
    }

    /// What one of Kafka's tools prints.
    pub fn tool(&self, tool: &str, args: &[&str]) -> String {
        self.cluster.tool(tool, args).expect("the tool runs").ok(tool).expect("the tool succeeds")
    }

    /// Partitions, replicas and own configs of a topic as Kafka's tools print them, without its name, its id and what moves by
    /// itself (leaders, offsets).
    pub fn described(&self, topic: &str) -> Vec<String> {
        let topics = self.tool("kafka-topics", &["--describe", "--topic", topic]);
        let configs = self.tool("kafka-configs", &["--describe", "--entity-type", "topics", "--entity-name", topic]);
        let mut lines: Vec<String> = topics
            .lines()
            .map(|line| {
                let kept = |part: &&str| {
                    !["TopicId", "Leader", "Isr", "Elr", "LastKnownElr"]
                        .iter()
                        .any(|name| part.trim().starts_with(name))
                };
                line.split('\t').filter(kept).collect::<Vec<_>>().join(" ").replace(topic, "TOPIC")
            })
            .chain(configs.lines().map(|line| line.replace(topic, "TOPIC").trim().to_owned()))
            .collect();
        lines.sort();
        lines
    }
}
