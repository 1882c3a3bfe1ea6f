//! Brokers with their log dirs and configs.

use super::answer::{self, Answer, Problem, known, not_found};
use crate::desk::Desk;
use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use model::query::{BrokerQuery, Page};
use model::restart::{Impact, if_broker_stops};
use model::{Broker, BrokerId};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Every broker that is known, up or not, without configs: those are for [`one`].
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/brokers", params(("cluster" = String, Path),
    ("q" = Option<String>, Query, description = "words that id, host or rack must contain"), ("sort" = Option<String>, Query),
    ("dir" = Option<String>, Query, description = "asc or desc"),
    ("show" = Option<String>, Query, description = "down, out_of_sync; several separated by commas"),
    ("page" = Option<u32>, Query), ("per" = Option<u32>, Query, description = "rows a page, 1 to 500")),
    responses((status = 200, body = Answer<Page<Broker>>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn list(
    desk: Desk,
    Path(cluster): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Answer<Page<Broker>>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let page = BrokerQuery::parse(query.as_deref().unwrap_or_default()).apply(&snapshot);
    let page = page.map(|broker| Broker { configs: Arc::default(), ..broker });
    Ok(Answer::new(page, &snapshot))
}

/// The broker list with the same filters as CSV, all pages.
pub async fn csv(
    desk: Desk,
    Path(cluster): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let query = BrokerQuery::parse(query.as_deref().unwrap_or_default());
    Ok(answer::csv(&[&cluster, "brokers"], model::csv::brokers(&query.all(&snapshot))))
}

/// A broker and what its stop would do.
#[derive(Serialize, ToSchema)]
pub struct BrokerAnswer {
    #[serde(flatten)]
    broker: Broker,
    if_stopped: Impact,
}

/// One broker, and what its stop would do.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/brokers/{id}", params(("cluster" = String, Path), ("id" = i32, Path)),
    responses((status = 200, body = Answer<BrokerAnswer>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn one(desk: Desk, Path((cluster, id)): Path<(String, i32)>) -> Result<Json<Answer<BrokerAnswer>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let broker = snapshot.broker(BrokerId(id)).ok_or_else(|| not_found("broker", id))?;
    let if_stopped = if_broker_stops(&snapshot, broker.id);
    Ok(Answer::new(BrokerAnswer { broker: broker.clone(), if_stopped }, &snapshot))
}
