//! The one way anything is changed: [`review`] shows what a change would do, [`submit`] does it and remembers it, [`settle`]
//! finds out what became of it when no answer came.
//!
//! ```text
//! review:  refresh what it is about → resolve → preview (model) → may the actor? → the brokers' dry run
//! submit:  the same but the dry run → base still true? → consent? → store the intent → apply → store the outcome → read back
//! ```
//!
//! What Steward carries out itself is applied to its records instead of the cluster ([`own`]); its jobs go on from there
//! ([`crate::jobs`]).

mod carry_out;
pub mod hand;
mod own;
pub(crate) mod pause;
mod review;
pub mod settle;
mod submit;

pub use review::review;
pub use submit::submit;
