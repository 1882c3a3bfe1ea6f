//! What a first look at a cluster found.

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub cluster_id: Option<String>,
    pub brokers: usize,
}
