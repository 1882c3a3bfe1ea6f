//! The server around the pages: command line, configuration, router, guards, API, collectors.

mod api;
pub mod change;
pub mod check;
pub mod cli;
mod cmak;
mod config;
pub mod desk;
mod headers;
mod health;
mod host;
mod identity;
pub mod live;
mod log;
mod metrics;
pub mod office;
mod pages;
mod preferences;
pub mod router;
pub mod serve;
mod site;
pub mod synthetic;

use app::console::Console;
use leptos::prelude::LeptosOptions;
use office::Office;
use std::sync::Arc;

/// What every handler may use.
#[derive(Clone)]
pub struct AppState {
    pub console: Arc<dyn Console>,
    /// What collecting costs, for the metrics; none over made-up data.
    pub collectors: Arc<[kafka::Handle]>,
    /// Where changes are made and remembered; none over made-up data.
    pub office: Option<Arc<Office>>,
    pub options: LeptosOptions,
    /// Names, beside loopback ones, under which requests may come.
    pub hosts: Arc<[String]>,
    /// Tells this process' revisions from those of an earlier one.
    pub started: i64,
}

impl axum::extract::FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}
