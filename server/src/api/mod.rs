//! The JSON API `/api/v1`: every page's content, from the same model types. Described by `/api/v1/openapi.json`.

mod answer;
mod audit;
mod brokers;
mod changes;
mod clusters;
mod configs;
mod groups;
mod topics;

use crate::AppState;
use axum::Json;
use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(info(
    title = "Steward",
    description = "What Steward shows, as JSON. Moments are milliseconds since 1970-01-01T00:00:00Z, sizes bytes, offsets \
                   Kafka's own. A value that is not known is null, never zero; `sources` tells the age and the fault of \
                   everything an answer is made from."
))]
struct Document;

pub fn router() -> Router<AppState> {
    let (routes, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(clusters::list))
        .routes(routes!(clusters::one))
        .routes(routes!(clusters::reassignments))
        .routes(routes!(brokers::list))
        .routes(routes!(brokers::one))
        .routes(routes!(configs::of_broker))
        .routes(routes!(topics::list))
        .routes(routes!(topics::one))
        .routes(routes!(configs::of_topic))
        .routes(routes!(topics::partition))
        .routes(routes!(topics::groups))
        .routes(routes!(groups::list))
        .routes(routes!(groups::one))
        .routes(routes!(changes::submit))
        .routes(routes!(changes::one))
        .routes(routes!(audit::list))
        .split_for_parts();
    routes
        .route("/clusters/{cluster}/topics.csv", get(topics::csv))
        .route("/clusters/{cluster}/topics/{topic}/partitions.csv", get(topics::partitions_csv))
        .route("/clusters/{cluster}/brokers.csv", get(brokers::csv))
        .route("/clusters/{cluster}/groups.csv", get(groups::csv))
        .route("/clusters/{cluster}/groups/{group}/partitions.csv", get(groups::partitions_csv))
        .route("/audit.csv", get(audit::all_csv))
        .route("/api/v1/openapi.json", get(move || std::future::ready(Json(document.clone()))))
        .route("/api/{*rest}", get(answer::no_such_address))
}
