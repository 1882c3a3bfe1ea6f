//! Which plans are being found: a search goes on whether or not anybody waits for it, and each draft has one at a time.

use app::console::{Obstacle, Search};
use model::Timestamp;
use model::audit::ChangeId;
use model::draft::Draft;
use model::plan::{Target, Wish};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

/// So long a request waits for a plan. The router cuts requests at 30 s.
const PATIENCE: Duration = Duration::from_secs(20);
/// So long a request that is told nothing but the plan waits until plans of others are found.
const SOON: Duration = Duration::from_secs(15);
/// So long it is known why a search failed.
const TOLD_MS: i64 = 3_600_000;

/// Plans are found one at a time, whoever asks: each may take all of a core and much memory.
pub struct Searches {
    turns: Arc<Semaphore>,
    patience: Duration,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// Searches begun so far.
    count: u64,
    of: HashMap<ChangeId, Entry>,
}

/// One that is under way, or has failed.
struct Entry {
    number: u64,
    since: Timestamp,
    wish: Wish,
    edits: Vec<Target>,
    ended: Ended,
}

type Ended = watch::Receiver<Option<Result<(), Obstacle>>>;

impl Entry {
    fn is_under_way(&self) -> bool {
        self.ended.borrow().is_none()
    }
}

impl Default for Searches {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(1)), patience: PATIENCE, known: Mutex::default() }
    }
}

impl Searches {
    /// The search for the plan of this draft.
    pub fn of(&self, draft: &ChangeId) -> Option<Search> {
        let known = self.known();
        let entry = known.of.get(draft)?;
        let failed = match &*entry.ended.borrow() {
            None => None,
            Some(Err(why)) => Some(why.clone()),
            Some(Ok(())) => return None,
        };
        Some(Search { since: entry.since, failed })
    }

    /// Begins `work`, which finds the plan of a draft like this and saves it, and waits a while for it: `Ok` if the search goes on, too.
    /// While the same is being found already, that is waited for. With `is_saved` the draft is in the records like this: something else
    /// that is being found for it is given up, and a failure is for its page to tell (see [`Searches::of`]).
    ///
    /// # Errors
    /// Without `is_saved` why nothing was found; [`Obstacle::Busy`] while something else is being found for the draft.
    pub async fn find<F>(
        self: &Arc<Self>,
        draft: &Draft,
        now: Timestamp,
        is_saved: bool,
        work: impl FnOnce(Ticket) -> F,
    ) -> Result<(), Obstacle>
    where
        F: Future<Output = Result<(), Obstacle>> + Send + 'static,
    {
        let (number, mut ended) = self.begin(draft, now, is_saved, work)?;
        let result = match timeout(self.patience, ended.wait_for(Option::is_some)).await {
            Ok(Ok(result)) => result.clone().unwrap_or(Ok(())),
            Ok(Err(_)) | Err(_) => Ok(()),
        };
        if is_saved || result.is_ok() {
            return Ok(());
        }
        // It is told now, and need not be told by the page of the draft.
        self.forget(&draft.id, number);
        result
    }

    fn begin<F>(
        self: &Arc<Self>,
        draft: &Draft,
        now: Timestamp,
        is_saved: bool,
        work: impl FnOnce(Ticket) -> F,
    ) -> Result<(u64, Ended), Obstacle>
    where
        F: Future<Output = Result<(), Obstacle>> + Send + 'static,
    {
        let mut known = self.known();
        if let Some(entry) = known.of.get(&draft.id).filter(|entry| entry.is_under_way()) {
            if entry.wish == draft.wish && entry.edits == draft.edits {
                return Ok((entry.number, entry.ended.clone()));
            }
            if !is_saved {
                let why = "the plan of this draft is being found; try again when it is there";
                return Err(Obstacle::Busy(why.to_owned()));
            }
        }
        known.of.retain(|_, entry| entry.is_under_way() || now.since(entry.since) < TOLD_MS);
        known.count += 1;
        let number = known.count;
        let (end, ended) = watch::channel(None);
        let (wish, edits) = (draft.wish.clone(), draft.edits.clone());
        known.of.insert(draft.id.clone(), Entry { number, since: now, wish, edits, ended: ended.clone() });
        drop(known);
        let ticket = Ticket { searches: Arc::clone(self), draft: draft.id.clone(), number };
        let id = draft.id.clone();
        let searches = Arc::clone(self);
        let searching = tokio::spawn(work(ticket));
        tokio::spawn(async move {
            let result = searching.await.unwrap_or_else(|error| Err(broke(&error)));
            if result.is_ok() {
                searches.forget(&id, number);
            }
            end.send_replace(Some(result));
        });
        Ok((number, ended))
    }

    /// A turn for a request that waits for nothing else.
    ///
    /// # Errors
    /// [`Obstacle::Busy`] if too many others wait.
    pub async fn turn_soon(&self) -> Result<OwnedSemaphorePermit, Obstacle> {
        match timeout(SOON, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => {
                Err(Obstacle::Busy("other plans are being found at the moment; try again".to_owned()))
            }
        }
    }

    fn forget(&self, draft: &ChangeId, number: u64) {
        let mut known = self.known();
        if known.of.get(draft).is_some_and(|entry| entry.number == number) {
            known.of.remove(draft);
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a search knows itself by.
pub struct Ticket {
    searches: Arc<Searches>,
    draft: ChangeId,
    number: u64,
}

impl Ticket {
    /// Whether nothing else was asked of the draft since.
    pub fn is_valid(&self) -> bool {
        let known = self.searches.known();
        known.of.get(&self.draft).is_some_and(|entry| entry.number == self.number)
    }

    /// Waits until plans of others are found.
    ///
    /// # Errors
    /// [`Obstacle::Busy`] if the plan is not wanted any more.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, Obstacle> {
        let turn = Arc::clone(&self.searches.turns).acquire_owned().await.map_err(|error| broke(&error))?;
        if self.is_valid() { Ok(turn) } else { Err(others_changed()) }
    }
}

/// That the draft is another one by now.
pub fn others_changed() -> Obstacle {
    Obstacle::Busy("somebody else is changing the same draft; try again".to_owned())
}

pub fn broke(error: &dyn std::error::Error) -> Obstacle {
    tracing::error!(%error, "a plan could not be found");
    Obstacle::Busy("the plan could not be found: a mistake in Steward, which is in its log".to_owned())
}

#[cfg(test)]
impl Searches {
    /// Requests wait for nothing.
    pub fn impatient() -> Self {
        Self { patience: Duration::ZERO, ..Self::default() }
    }

    /// While it is held nothing is found.
    pub async fn gate(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.turns).acquire_owned().await.unwrap()
    }

    /// No plan is ever found again.
    pub fn break_down(&self) {
        self.turns.close();
    }
}
