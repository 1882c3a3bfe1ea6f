//! Other tools' ways of planning, written anew from descriptions of what they do. They plan all partitions, as these tools do if all topics are chosen.

mod cmak;
mod kafka;
mod redpanda;

use crate::one::Lists;
use crate::score::Cast;
use model::plan::StatePartition;

pub type Generate = fn(&Cast<'_>, u64) -> Lists;

pub const ALL: [(&str, Generate); 3] = [
    ("kafka-reassign-partitions --generate", kafka::generate),
    ("CMAK", cmak::generate),
    ("Redpanda Console", redpanda::generate),
];

/// Chance, the same for the same seed (xorshift*).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }
}

/// One after the other, as they stand together in the state.
fn topics<'a>(cast: &Cast<'a>) -> impl Iterator<Item = &'a [StatePartition]> {
    cast.state.partitions.chunk_by(|a, b| a.topic == b.topic)
}
