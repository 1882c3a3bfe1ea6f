//! A console over made-up data, for benchmarks and for looking at pages without a cluster.

use crate::live;
use app::console::Console;
use model::{Snapshot, Timestamp};
use std::sync::Arc;

pub struct Synthetic(Arc<Snapshot>);

impl Synthetic {
    /// `topics` topics of ten partitions with three replicas on twelve brokers.
    pub fn new(topics: u32) -> Self {
        let observations = model::synthetic::synthetic(topics, 10, 12, 1);
        Self(Arc::new(Snapshot::build(Arc::new(observations), 1, live::now())))
    }
}

impl Console for Synthetic {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        vec![self.0.clone()]
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        (self.0.cluster.as_str() == name).then(|| self.0.clone())
    }

    fn now(&self) -> Timestamp {
        live::now()
    }
}
