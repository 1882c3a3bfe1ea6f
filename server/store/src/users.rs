//! Users: who may sign in, and what is done to them. Each change is written together with its audit entry or not at all.

mod change;
mod check;
mod list;

pub(crate) use check::{grants as check_grants, require};
