//! The configs of a topic or a broker, with what the broker says about each key.

use super::answer::{Answer, Problem, known, not_found, not_known_yet, whole};
use crate::desk::Desk;
use axum::Json;
use axum::extract::Path;
use model::config::ConfigDocs;
use model::doc_text::plain;
use model::query::Page;
use model::{BrokerId, ConfigEntry, Fault};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct ConfigDetail {
    #[serde(flatten)]
    entry: ConfigEntry,
    /// The protocol's type in lower case: `boolean`, `string`, `int`, `short`, `long`, `double`, `list`, `class`, `password`
    /// or `unknown`; `null` before Kafka 2.6 and until it was read.
    r#type: Option<String>,
    /// The broker's English documentation as plain text; `null` before Kafka 2.6 and until it was read.
    documentation: Option<String>,
}

/// No resource is without any config: none means that they could not be read, for `fault` if something was tried.
fn detailed(entries: &[ConfigEntry], docs: &ConfigDocs, fault: Option<&Fault>) -> Result<Page<ConfigDetail>, Problem> {
    if entries.is_empty() {
        return Err(not_known_yet("configs could not be read", fault));
    }
    let detail = |entry: &ConfigEntry| {
        let doc = docs.get(&entry.name);
        ConfigDetail {
            entry: entry.clone(),
            r#type: doc.map(|doc| doc.kind.clone()),
            documentation: doc.map(|doc| plain(&doc.text)),
        }
    };
    Ok(whole(entries.iter().map(detail).collect()))
}

/// The configs of a topic, each with its type and documentation.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/topics/{topic}/config", params(("cluster" = String, Path), ("topic" = String, Path)),
    responses((status = 200, body = Answer<Page<ConfigDetail>>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn of_topic(
    desk: Desk,
    Path((cluster, name)): Path<(String, String)>,
) -> Result<Json<Answer<Page<ConfigDetail>>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let topic = snapshot.topic(&name).ok_or_else(|| not_found("topic", &name))?;
    let fault = topic.configs_fault.as_ref().or(snapshot.sources.topic_configs.fault.as_ref());
    Ok(Answer::new(detailed(&topic.configs, &snapshot.topic_config_docs, fault)?, &snapshot))
}

/// The configs of a broker, each with its type and documentation.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/brokers/{id}/config", params(("cluster" = String, Path), ("id" = i32, Path)),
    responses((status = 200, body = Answer<Page<ConfigDetail>>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn of_broker(
    desk: Desk,
    Path((cluster, id)): Path<(String, i32)>,
) -> Result<Json<Answer<Page<ConfigDetail>>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let broker = snapshot.broker(BrokerId(id)).ok_or_else(|| not_found("broker", id))?;
    let fault = broker.configs_source.fault.as_ref();
    Ok(Answer::new(detailed(&broker.configs, &snapshot.broker_config_docs, fault)?, &snapshot))
}
