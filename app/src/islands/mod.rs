//! The parts of a page that have a life of their own in the browser.

mod palette;

pub use palette::{Hit, Labels, Palette};
