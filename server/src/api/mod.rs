//! The JSON API `/api/v1`: every page's content, from the same model types. Described by `/api/v1/openapi.json`.

pub mod answer;
mod audit;
mod brokers;
mod changes;
mod clusters;
mod configs;
mod groups;
pub mod reassignments;
mod topics;

use crate::permissions::Routes;
use axum::Json;
use axum::routing::get;
use model::access::Permission::{ReadAudit, ReassignPartitions, SignedIn, View};
use utoipa::OpenApi;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(info(
    title = "Steward",
    description = "What Steward shows, as JSON. Moments are milliseconds since 1970-01-01T00:00:00Z, sizes bytes, offsets \
                   Kafka's own. A value that is not known is null, never zero; `sources` tells the age and the fault of \
                   everything an answer is made from."
))]
struct Document;

pub fn routes() -> Routes {
    let mut routes = Routes::with_document(Document::openapi())
        .documented(SignedIn, routes!(clusters::list))
        .documented(View, routes!(clusters::one))
        .documented(View, routes!(reassignments::list))
        .documented(View, routes!(reassignments::one))
        // A plan takes a core for seconds: not for everybody who may look.
        .documented(ReassignPartitions, routes!(reassignments::plan))
        .documented(View, routes!(reassignments::throttles))
        .documented(View, routes!(brokers::list))
        .documented(View, routes!(brokers::one))
        .documented(View, routes!(configs::of_broker))
        .documented(View, routes!(topics::list))
        .documented(View, routes!(topics::one))
        .documented(View, routes!(configs::of_topic))
        .documented(View, routes!(topics::partition))
        .documented(View, routes!(topics::groups))
        .documented(View, routes!(groups::list))
        .documented(View, routes!(groups::one))
        .documented(View, routes!(changes::submit))
        .documented(View, routes!(changes::one))
        .documented(ReadAudit, routes!(audit::list));
    let document = routes.document();
    routes
        .route("/clusters/{cluster}/topics.csv", View, get(topics::csv))
        .route("/clusters/{cluster}/topics/{topic}/partitions.csv", View, get(topics::partitions_csv))
        .route("/clusters/{cluster}/brokers.csv", View, get(brokers::csv))
        .route("/clusters/{cluster}/groups.csv", View, get(groups::csv))
        .route("/clusters/{cluster}/groups/{group}/partitions.csv", View, get(groups::partitions_csv))
        .route("/audit.csv", ReadAudit, get(audit::all_csv))
        .route("/api/v1/openapi.json", SignedIn, get(move || std::future::ready(Json(document.clone()))))
        .route("/api/{*rest}", SignedIn, get(answer::no_such_address))
}
