//! Every address Steward answers, taken from its own tables: what is added there is asked here.

use crate::support::Steward;
use leptos_axum::generate_route_list;
use model::query::url::segment;

/// What stands in the addresses' parameters.
pub struct Sample<'a> {
    pub cluster: &'a str,
    pub broker: i32,
    pub topic: &'a str,
    pub partition: i32,
    pub group: &'a str,
}

impl Sample<'_> {
    fn value(&self, parameter: &str) -> String {
        match parameter {
            "cluster" => self.cluster.to_owned(),
            "id" | "broker" => self.broker.to_string(),
            "topic" => self.topic.to_owned(),
            "partition" => self.partition.to_string(),
            "group" => segment(self.group),
            other => panic!("a page has the parameter {other}, for which there is no sample"),
        }
    }

    /// `/a/{b}` and `/a/:b` with the parameters filled in.
    fn fill(&self, template: &str) -> String {
        let part = |part: &str| match part.strip_prefix(':').or_else(|| part.strip_prefix('{')?.strip_suffix('}')) {
            Some(parameter) => self.value(parameter),
            None => part.to_owned(),
        };
        template.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    /// Every page of the route table that shows clusters. Those of changes ask the brokers, those of people the records, and there are
    /// no reassignments of Steward's own to show.
    pub fn pages(&self) -> Vec<String> {
        let routes = generate_route_list(app::Routes);
        let asks_more = |path: &str| ["/changes/", "job", "draft"].iter().any(|part| path.contains(part));
        let shows_clusters = |path: &&str| *path == "/" || path.starts_with("/clusters") && !asks_more(path);
        let pages: Vec<String> =
            routes.iter().map(|route| route.path()).filter(shows_clusters).map(|path| self.fill(path)).collect();
        assert!(pages.len() >= 9, "{pages:?}");
        pages
    }

    /// Every API address about clusters, as the OpenAPI document lists them.
    pub fn api(&self, steward: &Steward) -> Vec<String> {
        let document = steward.json("/api/v1/openapi.json");
        let paths = document["paths"].as_object().expect("paths");
        assert!(paths.len() >= 11, "{:?}", paths.keys());
        let asks_more =
            |path: &str| ["/changes", "/plans", "/{job}", "/{draft}"].iter().any(|part| path.contains(part));
        let shows_clusters = |path: &&String| path.contains("/clusters") && !asks_more(path);
        paths.keys().filter(shows_clusters).map(|path| self.fill(path)).collect()
    }

    /// Pages, API and what scripts and load balancers ask.
    pub fn all(&self, steward: &Steward) -> Vec<String> {
        let fixed = ["/health", "/ready", "/metrics", "/clusters/{cluster}/topics.csv"].map(|path| self.fill(path));
        [self.pages(), self.api(steward), fixed.into()].concat()
    }
}
