//! Plans: what looks them over, looked over itself; plans of made-up clusters, looked over, and compared with the best there are.

mod brute;
mod dice;
mod metamorphic;
mod mutations;
mod random;
mod scenarios;
