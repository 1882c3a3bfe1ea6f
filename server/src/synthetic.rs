//! A console over made-up data, for benchmarks and for looking at pages without a cluster.

use crate::drafts;
use crate::live;
use crate::planning;
use app::console::{Console, Obstacle, Pending, Trouble};
use model::audit::ChangeId;
use model::draft::{Draft, DraftEdit};
use model::{Snapshot, Timestamp};
use std::collections::BTreeMap;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

pub struct Synthetic {
    snapshot: Arc<Snapshot>,
    /// In memory only: nothing can come of them.
    drafts: Mutex<BTreeMap<ChangeId, Draft>>,
    turns: Arc<Semaphore>,
}

impl Synthetic {
    /// `topics` topics of ten partitions with three replicas on twelve brokers.
    pub fn new(topics: u32) -> Self {
        let observations = model::synthetic::synthetic(topics, 10, 12, 1);
        let snapshot = Arc::new(Snapshot::build(Arc::new(observations), 1, live::now()));
        Self { snapshot, drafts: Mutex::default(), turns: planning::turns() }
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<ChangeId, Draft>> {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn edit(&self, id: Option<&ChangeId>, edit: DraftEdit) -> Result<Draft, Obstacle> {
        let before = id.and_then(|id| self.kept().get(id).cloned());
        let mut draft = match before {
            Some(draft) => draft,
            None => drafts::blank(self.snapshot.cluster.clone(), self.actor().label(), live::now())?,
        };
        draft.saved_at = live::now();
        if drafts::apply(&mut draft, edit)? {
            draft = planning::planned(&self.turns, Arc::clone(&self.snapshot), draft).await?;
        }
        self.kept().insert(draft.id.clone(), draft.clone());
        Ok(draft)
    }
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

    fn discard_draft<'a>(&'a self, _cluster: &'a str, id: &'a ChangeId) -> Pending<'a, Result<(), Obstacle>> {
        self.kept().remove(id);
        Box::pin(ready(Ok(())))
    }
}
