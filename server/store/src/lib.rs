//! Steward's own records.
