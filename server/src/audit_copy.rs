//! Copies the audit log to a Kafka topic, for those who collect such things there. The store stays the truth; a copy may come
//! twice after a crash (its key is the entry's number) and never late by more than a few seconds while Kafka answers.

use kafka::RecordPlane;
use model::TopicName;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::Store;

const EVERY: Duration = Duration::from_secs(2);
const AT_ONCE: u32 = 100;

/// Where to.
pub struct Copy {
    pub store: Store,
    pub records: RecordPlane,
    pub topic: TopicName,
    /// Remembers the number of the last entry that was copied.
    pub progress: PathBuf,
}

/// Runs for as long as the process.
pub async fn run(copy: Copy) {
    let mut done = read(&copy.progress);
    // Records that were restored or begun anew have fewer entries than were copied.
    if done > 0 && copy.store.entries_after(done - 1, 1).await.is_ok_and(|entries| entries.is_empty()) {
        tracing::warn!(done, "the audit log is shorter than what was copied to Kafka; it is copied from its start");
        done = 0;
    }
    let mut failing = false;
    loop {
        match forward(&copy, done).await {
            Ok(last) => {
                if last != done {
                    done = last;
                    write(&copy.progress, done);
                }
                failing = false;
            }
            Err(message) if !failing => {
                tracing::warn!(topic = %copy.topic, message, "the audit log is not copied to Kafka for now; trying again");
                failing = true;
            }
            Err(_) => {}
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Copies what is new; the number of the last entry that Kafka has.
async fn forward(copy: &Copy, mut done: i64) -> Result<i64, String> {
    loop {
        let entries = copy.store.entries_after(done, AT_ONCE).await.map_err(|error| error.to_string())?;
        if entries.is_empty() {
            return Ok(done);
        }
        for entry in entries {
            let value = serde_json::to_vec(&entry).map_err(|error| error.to_string())?;
            let key = entry.seq.to_string();
            if let Err(fault) = copy.records.produce(&copy.topic, Some(key.as_bytes()), &value).await {
                write(&copy.progress, done);
                return Err(fault.message);
            }
            done = entry.seq;
        }
    }
}

fn read(progress: &Path) -> i64 {
    std::fs::read_to_string(progress).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

/// Losing it costs a second copy of everything and nothing else.
fn write(progress: &Path, done: i64) {
    let new = progress.with_extension("new");
    if let Err(error) = std::fs::write(&new, done.to_string()).and_then(|()| std::fs::rename(&new, progress)) {
        tracing::warn!(%error, "the progress of the audit log's copy cannot be stored");
    }
}
