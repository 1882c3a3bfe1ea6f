//! Every value has an age, a source and a status.

use crate::{Fault, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The last good answer of one source, and what has gone wrong since.
///
/// `value` stays when a later attempt fails: old data with its age beats none.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed<T> {
    pub value: Option<Arc<T>>,
    /// When `value` was heard.
    pub observed_at: Option<Timestamp>,
    /// What the latest attempt ran into; `None` if it succeeded.
    pub fault: Option<Fault>,
    /// The first of the unbroken row of failed attempts.
    pub failing_since: Option<Timestamp>,
    /// How long the latest attempt took.
    pub took_ms: u32,
}

impl<T> Default for Observed<T> {
    fn default() -> Self {
        Self { value: None, observed_at: None, fault: None, failing_since: None, took_ms: 0 }
    }
}

impl<T> Observed<T> {
    /// Takes the outcome of an attempt that ended at `now`.
    pub fn record(&mut self, outcome: Result<Arc<T>, Fault>, now: Timestamp, took_ms: u32) {
        self.took_ms = took_ms;
        match outcome {
            Ok(value) => {
                self.value = Some(value);
                self.observed_at = Some(now);
                self.fault = None;
                self.failing_since = None;
            }
            Err(fault) => {
                self.fault = Some(fault);
                self.failing_since.get_or_insert(now);
            }
        }
    }

    pub fn get(&self) -> Option<&T> {
        self.value.as_deref()
    }

    pub fn state(&self) -> SourceState {
        SourceState {
            observed_at: self.observed_at,
            fault: self.fault.clone(),
            failing_since: self.failing_since,
            took_ms: self.took_ms,
        }
    }
}

/// The age and status of one source, without its value: what pages print as "offsets 3 s ago".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceState {
    pub observed_at: Option<Timestamp>,
    pub fault: Option<Fault>,
    pub failing_since: Option<Timestamp>,
    pub took_ms: u32,
}
