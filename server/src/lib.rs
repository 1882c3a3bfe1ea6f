//! The server around the pages: command line, configuration, router, guards, API, collectors.

mod api;
pub mod audit;
mod audit_copy;
pub mod change;
pub mod check;
pub mod cli;
mod cmak;
pub mod config;
mod denials;
pub mod desk;
mod door;
mod drafts;
mod guard;
mod headers;
mod health;
mod host;
mod id;
mod identity;
pub mod jobs;
mod kept;
pub mod live;
mod log;
mod login;
mod metrics;
pub mod office;
mod pages;
mod panics;
mod people;
pub mod permissions;
pub mod plan;
mod plan_files;
mod planning;
mod preferences;
mod records;
pub mod router;
mod scope;
pub mod serve;
pub mod session;
mod site;
pub mod synthetic;
mod throttle;
mod tls;
mod trace;
pub mod user;
pub mod web;

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
    /// Users, sessions, tokens and what happened; none over made-up data, where whoever comes may do everything.
    pub store: Option<store::Store>,
    pub web: Arc<web::Web>,
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
