//! CMAK's "Generate Partition Assignments": the same round robin, but of Kafka 0.8, which knows no racks.

use super::kafka::placed;
use crate::one::Lists;
use crate::score::Cast;

pub fn generate(cast: &Cast<'_>, seed: u64) -> Lists {
    placed(cast, seed.wrapping_add(1), false)
}
