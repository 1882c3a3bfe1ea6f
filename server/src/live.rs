//! The console over real clusters: hands out the collectors' latest snapshots.

use app::console::Console;
use kafka::Handle;
use model::{Snapshot, Timestamp};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

pub struct Live {
    /// In the order of the configuration.
    collectors: Vec<Handle>,
}

impl Live {
    pub fn new(collectors: Vec<Handle>) -> Self {
        Self { collectors }
    }
}

impl Console for Live {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        self.collectors.iter().map(Handle::snapshot).collect()
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        let collector = self.collectors.iter().find(|collector| collector.config().name.as_str() == name)?;
        collector.touch();
        Some(collector.snapshot())
    }

    fn is_read_only(&self, cluster: &str) -> bool {
        let of = self.collectors.iter().find(|collector| collector.config().name.as_str() == cluster);
        of.is_some_and(|collector| collector.config().read_only)
    }

    fn now(&self) -> Timestamp {
        now()
    }
}

/// The system's clock.
pub fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
