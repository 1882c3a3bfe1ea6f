//! A console over made-up data, for benchmarks and for looking at pages without a cluster.

use crate::drafts::{self, Then};
use crate::live;
use crate::planning::{self, Searches, Ticket};
use app::console::{Console, Obstacle, Pending, Search, Trouble};
use model::audit::ChangeId;
use model::draft::{Draft, DraftEdit};
use model::{Snapshot, Timestamp};
use std::collections::BTreeMap;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Kept = Arc<Mutex<BTreeMap<ChangeId, Draft>>>;

pub struct Synthetic {
    snapshot: Arc<Snapshot>,
    /// In memory only: nothing can come of them.
    drafts: Kept,
    searches: Arc<Searches>,
}

impl Synthetic {
    /// `topics` topics of ten partitions with three replicas on twelve brokers.
    pub fn new(topics: u32) -> Self {
        let observations = model::synthetic::synthetic(topics, 10, 12, 1);
        let snapshot = Arc::new(Snapshot::build(Arc::new(observations), 1, live::now()));
        Self { snapshot, drafts: Arc::default(), searches: Arc::default() }
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<ChangeId, Draft>> {
        open(&self.drafts)
    }

    async fn edit(&self, id: Option<&ChangeId>, edit: DraftEdit) -> Result<Draft, Obstacle> {
        let before = id.and_then(|id| self.kept().get(id).cloned());
        let mut draft = match before {
            Some(draft) => draft,
            None => drafts::blank(self.snapshot.cluster.clone(), self.actor().label(), live::now())?,
        };
        let is_placed = matches!(edit, DraftEdit::Place(_));
        let then = drafts::apply(&mut draft, edit)?;
        draft.saved_at = live::now();
        if then != Then::Find {
            self.kept().insert(draft.id.clone(), draft.clone());
        }
        if then == Then::Save {
            return Ok(draft);
        }
        let (wanted, snapshot, kept) = (draft.clone(), Arc::clone(&self.snapshot), Arc::clone(&self.drafts));
        let work = |ticket: Ticket| async move {
            let found = planning::planned(ticket.turn().await?, snapshot, wanted, is_placed).await?;
            match open(&kept).get_mut(&found.id) {
                Some(there) if ticket.is_valid() => {
                    *there = Draft { pace: there.pace.clone(), ..found };
                    Ok(())
                }
                _ => Err(planning::others_changed()),
            }
        };
        self.searches.find(&draft, live::now(), then == Then::SaveAndFind, work).await?;
        Ok(self.kept().get(&draft.id).cloned().unwrap_or(draft))
    }
}

fn open(drafts: &Kept) -> MutexGuard<'_, BTreeMap<ChangeId, Draft>> {
    drafts.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Console for Synthetic {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        vec![self.snapshot.clone()]
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        (self.snapshot.cluster.as_str() == name).then(|| self.snapshot.clone())
    }

    fn now(&self) -> Timestamp {
        live::now()
    }

    fn drafts<'a>(&'a self, _cluster: &'a str) -> Pending<'a, Result<Vec<Draft>, Trouble>> {
        Box::pin(ready(Ok(self.kept().values().cloned().collect())))
    }

    fn draft<'a>(&'a self, _cluster: &'a str, id: &'a ChangeId) -> Pending<'a, Result<Option<Draft>, Trouble>> {
        Box::pin(ready(Ok(self.kept().get(id).cloned())))
    }

    fn edit_draft<'a>(
        &'a self,
        _cluster: &'a str,
        id: Option<&'a ChangeId>,
        edit: DraftEdit,
    ) -> Pending<'a, Result<Draft, Obstacle>> {
        Box::pin(self.edit(id, edit))
    }

    fn search(&self, draft: &Draft) -> Option<Search> {
        self.searches.of(&draft.id)
    }

    fn discard_draft<'a>(&'a self, _cluster: &'a str, id: &'a ChangeId) -> Pending<'a, Result<(), Obstacle>> {
        self.kept().remove(id);
        Box::pin(ready(Ok(())))
    }
}
