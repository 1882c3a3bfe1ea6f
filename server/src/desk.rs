//! The console as one request sees it: on behalf of one actor, from one address.

use crate::AppState;
use crate::office::Office;
use app::console::Console;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use model::access::{Actor, Permission};
use model::{Snapshot, Timestamp};
use std::sync::Arc;

/// Made for each request by [`crate::identity`]; handlers and pages reach the world only through it.
#[derive(Clone)]
pub struct Desk {
    pub console: Arc<dyn Console>,
    /// Where changes are made and remembered; none over made-up data.
    pub office: Option<Arc<Office>>,
    pub actor: Actor,
    /// Of the other end, or as a trusted proxy tells it.
    pub address: String,
    /// The request's id, which is in its answer's header too.
    pub request: String,
}

impl Desk {
    /// On behalf of the process itself, e.g. for metrics.
    pub fn local(state: &AppState) -> Self {
        Self {
            console: Arc::clone(&state.console),
            office: state.office.clone(),
            actor: Actor::local(),
            address: String::new(),
            request: String::new(),
        }
    }
}

impl Console for Desk {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        let mut clusters = self.console.clusters();
        clusters.retain(|snapshot| self.may(Permission::View, Some(snapshot), &[]).is_ok());
        clusters
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        let snapshot = self.console.cluster(name)?;
        self.may(Permission::View, Some(&snapshot), &[]).is_ok().then_some(snapshot)
    }

    fn now(&self) -> Timestamp {
        self.console.now()
    }

    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn is_read_only(&self, cluster: &str) -> bool {
        self.console.is_read_only(cluster)
    }
}

impl FromRequestParts<AppState> for Desk {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, StatusCode> {
        // Every route lies below the layer that makes it; without it nothing is answered.
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
