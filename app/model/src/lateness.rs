//! How late a request can still change something: for whoever has to know what became of one whose answer was lost.

/// So long after it was sent, and after its answer was given up, a request can still take effect. A broker may hold one back for
/// 30 s while there is no controller, and the controller may take its time then.
pub const LATEST_EFFECT_MS: i64 = 90_000;
/// What is written down as about to be sent is sent within this or not at all: what comes before it in the same breath takes its time.
pub const LATEST_SEND_MS: i64 = 90_000;
