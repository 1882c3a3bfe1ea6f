//! Plans: what looks them over, looked over itself; and plans of made-up clusters.

mod mutations;
