//! Consumer groups.

use super::answer::{self, Answer, Problem, known, no_group};
use crate::desk::Desk;
use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use model::Group;
use model::query::{GroupPartitionQuery, GroupQuery, Page};

/// Groups without their partitions and members: those are for [`one`].
fn row(group: &Group) -> Group {
    Group { topics: Vec::new(), members: Vec::new(), ..group.clone() }
}

/// Groups of a cluster; without `sort` those furthest behind come first. Lag moves between two requests: to read page after page, say `sort=id`.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/groups", params(("cluster" = String, Path),
    ("q" = Option<String>, Query, description = "words that the id must contain"), ("sort" = Option<String>, Query),
    ("dir" = Option<String>, Query, description = "asc or desc; without it `asc`, but `desc` for lag"),
    ("show" = Option<String>, Query, description = "the list's chips, separated by commas"), ("page" = Option<u32>, Query),
    ("per" = Option<u32>, Query, description = "rows a page, 1 to 500")),
    responses((status = 200, body = Answer<Page<Group>>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn list(
    desk: Desk,
    Path(cluster): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Answer<Page<Group>>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let page = GroupQuery::parse(query.as_deref().unwrap_or_default()).apply(&snapshot);
    Ok(Answer::new(page.map(|group| row(&group)), &snapshot))
}

/// One group: members, and committed offset, end, lag and owner of every partition.
#[utoipa::path(get, path = "/api/v1/clusters/{cluster}/groups/{group}", params(("cluster" = String, Path), ("group" = String, Path)),
    responses((status = 200, body = Answer<Group>), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn one(desk: Desk, Path((cluster, id)): Path<(String, String)>) -> Result<Json<Answer<Group>>, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let group = snapshot.group(&id).ok_or_else(|| no_group(&snapshot, &id))?;
    Ok(Answer::new(group.as_ref().clone(), &snapshot))
}

/// The group list with the same filters as CSV, all pages.
pub async fn csv(
    desk: Desk,
    Path(cluster): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let query = GroupQuery::parse(query.as_deref().unwrap_or_default());
    Ok(answer::csv(&[&cluster, "groups"], model::csv::groups(&query.all(&snapshot))))
}

/// The partitions a group reads with the same filters as CSV, all pages.
pub async fn partitions_csv(
    desk: Desk,
    Path((cluster, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    let snapshot = known(&desk, &cluster)?;
    let group = snapshot.group(&id).ok_or_else(|| no_group(&snapshot, &id))?;
    let query = GroupPartitionQuery::parse(query.as_deref().unwrap_or_default());
    Ok(answer::csv(&[&cluster, &id, "partitions"], model::csv::group_partitions(&query.all(group))))
}
