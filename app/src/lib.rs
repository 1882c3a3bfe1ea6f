//! What the operator sees.
//!
//! Pages are rendered in full by the server ([`routes`], [`pages`], [`components`]) from a [`console::Console`], the only
//! door to the world. The browser gets finished HTML plus a small wasm ([`browser`], [`islands`]) that keeps it fresh and quick.
#![recursion_limit = "256"]

mod age;
#[cfg(any(feature = "hydrate", test))]
mod browser;
pub mod islands;

#[cfg(feature = "ssr")]
pub mod address;
#[cfg(feature = "ssr")]
mod agent;
#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod console;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod note;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod visit;

#[cfg(feature = "ssr")]
pub use document::document;
#[cfg(feature = "ssr")]
pub use routes::Routes;

/// Called by the page's script once the wasm is loaded, before the islands are hydrated.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
    browser::start();
}
