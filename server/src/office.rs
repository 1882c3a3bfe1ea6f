//! Where changes are made and remembered.

/// What the whole process shares for changing things: the store, the writers, whose turn it is.
pub struct Office;
