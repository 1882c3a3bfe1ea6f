//! What each address needs: the one place that says so.
//!
//! An axum route cannot be added to [`Routes`] without its permission; pages and server functions, which Leptos registers by
//! itself, are in the tables below, and a test finds the one that is missing. [`crate::guard`] asks before anything is answered.

use crate::AppState;
use axum::Router;
use axum::routing::MethodRouter;
use model::access::Permission::{self, ManageUsers, Public, ReadAudit, SignedIn, View};
use std::collections::HashMap;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// Pages, by axum's form of their path. What is in a cluster needs that cluster.
const PAGES: &[(&str, Permission)] = &[
    ("/", SignedIn),
    ("/login", Public),
    ("/denied", SignedIn),
    ("/account", SignedIn),
    ("/users", ManageUsers),
    ("/users/{user}", ManageUsers),
    ("/audit", ReadAudit),
    ("/clusters/{cluster}", View),
    ("/clusters/{cluster}/topics", View),
    ("/clusters/{cluster}/topics/{topic}", View),
    ("/clusters/{cluster}/topics/{topic}/groups", View),
    ("/clusters/{cluster}/topics/{topic}/config", View),
    ("/clusters/{cluster}/topics/{topic}/replicas", View),
    ("/clusters/{cluster}/topics/{topic}/partitions/{partition}", View),
    ("/clusters/{cluster}/brokers", View),
    ("/clusters/{cluster}/brokers/{broker}", View),
    ("/clusters/{cluster}/brokers/{broker}/config", View),
    ("/clusters/{cluster}/groups", View),
    ("/clusters/{cluster}/groups/{group}", View),
    ("/clusters/{cluster}/search", View),
    // Forms and reviews show what could be done and by whom; doing it is asked for again.
    ("/clusters/{cluster}/create-topic", View),
    ("/clusters/{cluster}/grow-partitions", View),
    ("/clusters/{cluster}/edit-configs", View),
    ("/clusters/{cluster}/brokers/{broker}/edit-configs", View),
    ("/clusters/{cluster}/delete-records", View),
    ("/clusters/{cluster}/elections", View),
    ("/clusters/{cluster}/reassignments", View),
    ("/clusters/{cluster}/reassignments/new", View),
    ("/clusters/{cluster}/reassignments/drafts/{draft}", View),
    ("/clusters/{cluster}/reassignments/drafts/{draft}/goal", View),
    ("/clusters/{cluster}/reassignments/drafts/{draft}/scope", View),
    ("/clusters/{cluster}/reassignments/drafts/{draft}/plan", View),
    ("/clusters/{cluster}/reassignments/drafts/{draft}/pace", View),
    ("/clusters/{cluster}/reassignments/drafts/{draft}/review", View),
    ("/clusters/{cluster}/reassignments/{job}", View),
    ("/clusters/{cluster}/changes/review", View),
    ("/clusters/{cluster}/changes/{id}", View),
];

/// Server functions: below `/do/` what changes something, below `/ask/` what does not. They name their cluster in the body, so the
/// desk decides about it; here stands what they need before they are even read.
const SERVER_FUNCTIONS: &[(&str, Permission)] = &[
    ("/ask/search", SignedIn),
    ("/do/change", SignedIn),
    ("/do/draft-budget", SignedIn),
    ("/do/draft-discard", SignedIn),
    ("/do/draft-goal", SignedIn),
    ("/do/draft-pace", SignedIn),
    ("/do/draft-place", SignedIn),
    ("/do/draft-replan", SignedIn),
    ("/do/draft-scope", SignedIn),
    ("/do/job-pace", SignedIn),
    ("/do/token-create", SignedIn),
    ("/do/token-revoke", SignedIn),
    ("/do/user-add", ManageUsers),
    ("/do/user-disable", ManageUsers),
    ("/do/user-enable", ManageUsers),
    ("/do/user-end-sessions", SignedIn),
    ("/do/user-grant", ManageUsers),
    ("/do/user-password", SignedIn),
];

/// Routes with their permissions, as they are put together.
#[derive(Default)]
pub struct Routes {
    router: OpenApiRouter<AppState>,
    needs: Needs,
}

/// The permission of every address, by axum's form of its path.
#[derive(Default, Clone)]
pub struct Needs(HashMap<String, Permission>);

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    /// Those that [`Routes::documented`] adds are described in `document`.
    pub fn with_document(document: OpenApi) -> Self {
        Self { router: OpenApiRouter::with_openapi(document), needs: Needs::default() }
    }

    /// All methods of a path need the same: what differs is asked by the handler itself.
    pub fn route(mut self, path: &str, permission: Permission, methods: MethodRouter<AppState>) -> Self {
        self.needs.add(path, permission);
        Self { router: self.router.route(path, methods), ..self }
    }

    /// A route of the API, by `utoipa_axum::routes!`.
    pub fn documented(mut self, permission: Permission, routes: UtoipaMethodRouter<AppState>) -> Self {
        for path in routes.1.paths.keys() {
            self.needs.add(path, permission);
        }
        Self { router: self.router.routes(routes), ..self }
    }

    /// What was described so far.
    pub fn document(&mut self) -> OpenApi {
        self.router.to_openapi()
    }

    pub fn merge(mut self, other: Self) -> Self {
        for (path, permission) in other.needs.0 {
            self.needs.add(&path, permission);
        }
        Self { router: self.router.merge(other.router), ..self }
    }

    /// The routes, and what every address needs, pages and server functions included.
    pub fn finish(mut self) -> (Router<AppState>, Needs) {
        for (path, permission) in PAGES.iter().chain(SERVER_FUNCTIONS) {
            self.needs.add(path, *permission);
        }
        (self.router.split_for_parts().0, self.needs)
    }
}

impl Needs {
    pub fn of(&self, path: &str) -> Option<Permission> {
        self.0.get(path).copied()
    }

    /// Every address there is.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Permission)> {
        self.0.iter().map(|(path, permission)| (path.as_str(), *permission))
    }

    /// Two parts of the server may share a path, e.g. a page and the form on it, but they must agree; if not, the addresses of
    /// neither are served, see [`crate::guard`].
    fn add(&mut self, path: &str, permission: Permission) {
        if let Some(other) = self.0.insert(path.to_owned(), permission) {
            assert!(other == permission, "{path} needs both {other:?} and {permission:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos_axum::generate_route_list;

    #[test]
    fn every_page_and_every_server_function_has_a_permission() {
        let (_, needs) = crate::router::routes().finish();
        let pages = generate_route_list(app::Routes);
        assert!(pages.len() >= 14);
        for page in pages {
            assert!(needs.of(page.path()).is_some(), "the page {} is not in PAGES", page.path());
        }
        for (path, method) in leptos::server_fn::axum::server_fn_paths() {
            assert!(needs.of(path).is_some(), "the server function {path} is not in SERVER_FUNCTIONS");
            match path.split('/').nth(1) {
                // A link must never change anything: browsers send cookies along with it from anywhere.
                Some("do") => assert_eq!(method, axum::http::Method::POST, "{path}"),
                Some("ask") => {}
                _ => panic!("{path} says neither /do/ nor /ask/"),
            }
        }
    }

    #[test]
    fn little_is_public() {
        let (_, needs) = crate::router::routes().finish();
        let mut public: Vec<_> =
            needs.iter().filter(|(_, permission)| *permission == Public).map(|(path, _)| path).collect();
        public.sort_unstable();
        assert_eq!(public, ["/api/health", "/health", "/login", "/preferences", "/ready"]);
        for (path, permission) in needs.iter().filter(|(path, _)| path.contains("{cluster}")) {
            assert!(permission.least_role().is_some(), "{path} shows a cluster to anybody who has signed in");
        }
    }
}
