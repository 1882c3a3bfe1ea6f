//! Finds plans: away from what answers requests, and one after the other.

use app::console::Obstacle;
use model::Snapshot;
use model::draft::Draft;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// So long somebody waits until a plan of somebody else is found.
const TURN: Duration = Duration::from_secs(15);

/// Plans are found one at a time, whoever asks: each may take all of a core and much memory.
pub fn turns() -> Semaphore {
    Semaphore::new(1)
}

/// The draft with its plan found anew. From a cluster that was never reached there is none.
///
/// # Errors
/// [`Obstacle::Busy`] if others are waiting, too.
pub async fn planned(turns: &Semaphore, snapshot: Arc<Snapshot>, mut draft: Draft) -> Result<Draft, Obstacle> {
    draft.planned = None;
    if !snapshot.is_known() {
        return Ok(draft);
    }
    let turn = timeout(TURN, turns.acquire()).await;
    let Ok(Ok(_turn)) = turn else {
        return Err(Obstacle::Busy("other plans are being found at the moment; try again".to_owned()));
    };
    Ok(draft)
}
