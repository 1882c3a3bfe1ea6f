//! Topics, their partitions and their groups.

use super::answer::{self, Answer, Problem, known, not_found, whole};
use crate::desk::Desk;
use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use model::query::{Page, PartitionQuery, TopicQuery};
use model::topic::Replica;
use model::{Group, Partition, Snapshot, Topic};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A partition with every replica.
#[derive(Serialize, ToSchema)]
pub struct PartitionDetail {
    #[serde(flatten)]
    partition: Partition,
    min_insync_replicas: Option<u32>,
    replica_details: Vec<Replica>,
}

fn topic<'a>(snapshot: &'a Snapshot, name: &str) -> Result<&'a Arc<Topic>, Problem> {
    snapshot.topic(name).ok_or_else(|| not_found("topic", name))
}

/// Topics without their partitions and configs: those are for [`one`].
fn row(topic: &Topic) -> Topic {
    Topic { partitions: Vec::new(), configs: Arc::new([]), ..topic.clone() }
}

/// Topics of a cluster; `sort` takes a column's name, `show` the list's chips (`internal`, `unhealthy`, `empty`, `skewed`).
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/topics", params(("cluster" = String, Path),
    ("q" = Option<String>, Query, description = "words that the name must contain"), ("sort" = Option<String>, Query),
    ("dir" = Option<String>, Query, description = "asc or desc"), ("show" = Option<String>, Query),
    ("page" = Option<u32>, Query), ("per" = Option<u32>, Query, description = "rows a page, 1 to 500")),
    responses((status = 200, body = Answer<Page<Topic>>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn list(
    desk: Desk,
    Path(cluster): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Answer<Page<Topic>>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let page = TopicQuery::parse(query.as_deref().unwrap_or_default()).apply(&snapshot);
    Ok(Answer::new(page.map(|topic| row(&topic)), &snapshot))
}

/// One topic with its partitions and configs.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/topics/{topic}", params(("cluster" = String, Path), ("topic" = String, Path)),
    responses((status = 200, body = Answer<Topic>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn one(desk: Desk, Path((cluster, name)): Path<(String, String)>) -> Result<Json<Answer<Topic>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    Ok(Answer::new(topic(&snapshot, &name)?.as_ref().clone(), &snapshot))
}

/// One partition with all that is known of each replica.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/topics/{topic}/partitions/{partition}",
    params(("cluster" = String, Path), ("topic" = String, Path), ("partition" = i32, Path)),
    responses((status = 200, body = Answer<PartitionDetail>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn partition(
    desk: Desk,
    Path((cluster, name, number)): Path<(String, String, i32)>,
) -> Result<Json<Answer<PartitionDetail>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let topic = topic(&snapshot, &name)?;
    let partition = topic.partitions.iter().find(|partition| partition.partition == number);
    let partition = partition.ok_or_else(|| not_found("partition", number))?;
    let detail = PartitionDetail {
        partition: partition.clone(),
        min_insync_replicas: topic.min_insync_replicas,
        replica_details: snapshot.partition_replicas(topic, number),
    };
    Ok(Answer::new(detail, &snapshot))
}

/// The groups that read a topic.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/topics/{topic}/groups", params(("cluster" = String, Path), ("topic" = String, Path)),
    responses((status = 200, body = Answer<Page<Group>>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn groups(
    desk: Desk,
    Path((cluster, name)): Path<(String, String)>,
) -> Result<Json<Answer<Page<Group>>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let topic = topic(&snapshot, &name)?;
    let items: Vec<Group> = snapshot.groups_of(&topic.name).map(|group| group.as_ref().clone()).collect();
    Ok(Answer::new(whole(items), &snapshot))
}

/// The topic list with the same filters as CSV, all pages.
pub async fn csv(
    desk: Desk,
    Path(cluster): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let query = TopicQuery::parse(query.as_deref().unwrap_or_default());
    Ok(answer::csv(&[&cluster, "topics"], model::csv::topics(&query.all(&snapshot))))
}

/// A topic's partitions with the same filters as CSV, all pages.
pub async fn partitions_csv(
    desk: Desk,
    Path((cluster, name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let query = PartitionQuery::parse(query.as_deref().unwrap_or_default());
    let text = model::csv::partitions(&query.all(topic(&snapshot, &name)?));
    Ok(answer::csv(&[&cluster, &name, "partitions"], text))
}
