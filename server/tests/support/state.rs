//! What a router is made from, in the tests' usual shape.

use app::console::Console;
use leptos::prelude::LeptosOptions;
use server::AppState;
use std::sync::Arc;

/// Over `console` alone: no records, so whoever comes may do everything.
pub fn state(console: Arc<dyn Console>) -> AppState {
    AppState {
        console,
        collectors: Arc::from([]),
        office: None,
        store: None,
        web: Arc::default(),
        options: LeptosOptions::builder().output_name("app").build(),
        hosts: Arc::from(["steward.example.com".to_owned()]),
        started: 1,
    }
}
