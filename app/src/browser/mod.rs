//! What the browser adds to finished pages: they stay fresh, links and filters answer without a reload, keys work.
//!
//! Every page is complete without any of this. Each behaviour listens on the document, so it serves whatever the
//! server renders and survives every patch. What pages and the shell provide for it, all of it optional:
//!
//! | markup | for |
//! |---|---|
//! | `<html data-now="ms" data-age-words="…">` | [`ages`]: the server's clock at rendering, the words for ages |
//! | `<time data-at="ms">` | [`ages`]: a moment to be told as an age |
//! | `data-key="…"` or `id` on rows and panels | [`morph`]: which element is which, across two renderings |
//! | `data-keep` | [`morph`]: never touched by a patch |
//! | `data-once` | [`morph`]: told by one answer only, so it stays as it is until the reader goes elsewhere |
//! | `<form method="get" data-filter>` | [`forms`]: submitted as the reader types |
//! | `<form method="get" data-whole>` | [`forms`]: empty fields are part of what is asked |
//! | `data-still` below `<main>` | [`live`]: not refreshed, because somebody is about to confirm what it says |
//! | `data-unfinished` below `<main>` | [`live`]: refreshed even if the cluster's facts are the same |
//! | `[data-copy="text"]` | [`copy`]: a button that copies the text |
//! | `[data-announce]` | [`announce`]: the live region for screen readers |
//! | `[data-silence]` | [`live`]: shown while the server does not answer |
//! | `[data-palette]`, `[data-find]` | [`keys`]: the button that opens the palette, the field that stands for it |
//! | `<dialog data-keys>` | [`keys`]: the help for the keys |
//!
//! The pure parts ([`reconcile`], [`crate::age`], [`keymap`]) are tested natively.

mod keymap;
mod reconcile;

#[cfg(feature = "hydrate")]
mod ages;
#[cfg(feature = "hydrate")]
mod announce;
#[cfg(feature = "hydrate")]
mod copy;
#[cfg(feature = "hydrate")]
mod dom;
#[cfg(feature = "hydrate")]
mod fetch;
#[cfg(feature = "hydrate")]
mod forms;
#[cfg(feature = "hydrate")]
mod history;
#[cfg(feature = "hydrate")]
mod keys;
#[cfg(feature = "hydrate")]
mod links;
#[cfg(feature = "hydrate")]
mod live;
#[cfg(feature = "hydrate")]
mod morph;
#[cfg(feature = "hydrate")]
mod navigate;
#[cfg(feature = "hydrate")]
mod prefetch;
#[cfg(feature = "hydrate")]
mod rows;

/// Attaches every behaviour, then marks the document as `data-hydrated`.
#[cfg(feature = "hydrate")]
pub fn start() {
    morph::start();
    navigate::start();
    history::start();
    links::start();
    prefetch::start();
    forms::start();
    ages::start();
    copy::start();
    keys::start();
    live::start();
    // Islands are hydrated in the microtasks after this call; a task comes after all of them.
    dom::after(0, || {
        if let Some(root) = dom::root() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    })
    .keep();
}
