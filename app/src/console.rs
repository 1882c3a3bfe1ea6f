//! The whole product on one screen: what pages may ask for, on behalf of whoever sent the request.

use model::access::{Actor, Denial, Permission, Target, decide};
use model::audit::{ChangeId, ChangeRecord, Entry, Filter};
use model::change::{Change, Preview};
use model::draft::{Draft, DraftEdit};
use model::job::{Job, Progress};
use model::plan::Impossible;
use model::query::Page;
use model::user::{User, UserChange, UserRefusal};
use model::{Snapshot, Timestamp};
use std::future::ready;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};

/// An answer that has to be waited for: it comes from the store or from Kafka.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A reassignment of Steward's own and how far it is.
pub type Tracked = (Arc<Job>, Progress);

/// What a console without a store answers to all that needs one.
const NO_STORE: &str = "this Steward keeps no records, so nothing can be changed through it";

/// The world as one request sees it: clusters its actor may not see are not there. What is returned as it is comes from memory at
/// once; only what is [`Pending`] waits, and only [`review`](Console::review) and [`submit`](Console::submit) wait for Kafka.
///
/// What a console over made-up data cannot do defaults to a refusal.
pub trait Console: Send + Sync + 'static {
    /// The latest snapshot of every cluster the actor may see, in the order of the configuration.
    fn clusters(&self) -> Vec<Arc<Snapshot>>;

    /// The latest snapshot of one cluster, `None` if no such cluster is configured or the actor may not see it.
    /// Asking counts as looking: its collector refreshes at full pace for a while.
    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>>;

    /// The clock by which ages are told.
    fn now(&self) -> Timestamp;

    /// On whose behalf all this is.
    fn actor(&self) -> &Actor {
        static LOCAL: LazyLock<Actor> = LazyLock::new(Actor::local);
        &LOCAL
    }

    /// Whether the configuration forbids every change of the cluster.
    fn is_read_only(&self, _cluster: &str) -> bool {
        false
    }

    /// What a change would do, checked by the brokers too where Kafka can. Reads what it is about anew first; takes seconds at
    /// most. `None` if there is no such cluster.
    fn review<'a>(&'a self, cluster: &'a str, change: Change) -> Pending<'a, Option<Preview>> {
        let _ = (cluster, change);
        Box::pin(ready(None))
    }

    /// Applies a change: authorises, checks that `base` is still true, stores the intent, applies, reads back, stores the outcome.
    fn submit<'a>(&'a self, cluster: &'a str, submission: Submission) -> Pending<'a, Result<ChangeRecord, Obstacle>> {
        let _ = (cluster, submission);
        Box::pin(ready(Err(Obstacle::Store(NO_STORE.to_owned()))))
    }

    /// Why nothing can be changed by anybody at the moment: Steward's own records cannot be written. One English sentence.
    fn trouble(&self) -> Option<String> {
        None
    }

    /// A change that was submitted, with what became of it so far.
    fn change<'a>(&'a self, cluster: &'a str, id: &'a ChangeId) -> Pending<'a, Result<Option<ChangeRecord>, Trouble>> {
        let _ = (cluster, id);
        Box::pin(ready(Err(Trouble(NO_STORE.to_owned()))))
    }

    /// Reassignments being prepared for a cluster, last saved first.
    fn drafts<'a>(&'a self, cluster: &'a str) -> Pending<'a, Result<Vec<Draft>, Trouble>> {
        let _ = cluster;
        Box::pin(ready(Ok(Vec::new())))
    }

    fn draft<'a>(&'a self, cluster: &'a str, id: &'a ChangeId) -> Pending<'a, Result<Option<Draft>, Trouble>> {
        let _ = (cluster, id);
        Box::pin(ready(Ok(None)))
    }

    /// Saves a step of a draft and plans anew what depends on it; without `id` a new draft is made. A plan that takes longer than some
    /// seconds is still being found when this answers (see [`search`](Console::search)); the draft gets it all the same. A placement by
    /// hand that cannot be is [`Obstacle::Impossible`].
    fn edit_draft<'a>(
        &'a self,
        cluster: &'a str,
        id: Option<&'a ChangeId>,
        edit: DraftEdit,
    ) -> Pending<'a, Result<Draft, Obstacle>> {
        let _ = (cluster, id, edit);
        Box::pin(ready(Err(Obstacle::Store(NO_STORE.to_owned()))))
    }

    /// Whether a plan for the draft is being found, or could not be.
    fn search(&self, draft: &Draft) -> Option<Search> {
        let _ = draft;
        None
    }

    /// Throws a draft away.
    fn discard_draft<'a>(&'a self, cluster: &'a str, id: &'a ChangeId) -> Pending<'a, Result<(), Obstacle>> {
        let _ = (cluster, id);
        Box::pin(ready(Err(Obstacle::Store(NO_STORE.to_owned()))))
    }

    /// Steward's own reassignments of a cluster, those under way first, then the newest.
    fn jobs<'a>(&'a self, cluster: &'a str) -> Pending<'a, Result<Vec<Tracked>, Trouble>> {
        let _ = cluster;
        Box::pin(ready(Err(Trouble(NO_STORE.to_owned()))))
    }

    fn job<'a>(&'a self, cluster: &'a str, id: &'a ChangeId) -> Pending<'a, Result<Option<Tracked>, Trouble>> {
        let _ = (cluster, id);
        Box::pin(ready(Err(Trouble(NO_STORE.to_owned()))))
    }

    /// When preferred leaders of a cluster are elected by the clock; `None` if they are not.
    fn election_schedule<'a>(&'a self, cluster: &'a str) -> Pending<'a, Result<Option<ElectionSchedule>, Trouble>> {
        let _ = cluster;
        Box::pin(ready(Ok(None)))
    }

    /// The audit log, newest first; entries about clusters the actor may not read are left out.
    fn audit(&self, filter: Filter) -> Pending<'_, Result<Page<Entry>, Trouble>> {
        let _ = filter;
        Box::pin(ready(Err(Trouble(NO_STORE.to_owned()))))
    }

    /// All users for those who manage them, else the actor alone.
    fn users(&self) -> Pending<'_, Result<Vec<User>, Trouble>> {
        Box::pin(ready(Err(Trouble(NO_STORE.to_owned()))))
    }

    /// Changes users; the secret of a token that was created, which nobody can read again.
    fn manage(&self, change: UserChange) -> Pending<'_, Result<Option<String>, UserRefusal>> {
        let _ = change;
        Box::pin(ready(Err(UserRefusal::Store { message: NO_STORE.to_owned() })))
    }

    /// Keeps a text for the actor's next page, for a few minutes, in memory only; returns its key.
    fn keep(&self, _text: String) -> String {
        String::new()
    }

    /// What was kept under `key` for this actor; it is gone then.
    fn take(&self, _key: &str) -> Option<String> {
        None
    }

    /// Whether the actor may do all of a change: its kind, on this cluster, to these topics; Kafka's own need more, except to be led by
    /// whom they should and to lie where they should.
    fn may_change(&self, change: &Change, snapshot: &Snapshot) -> Result<(), Denial> {
        let topics = change.topics(snapshot);
        let names: Vec<&str> = topics.iter().map(AsRef::as_ref).collect();
        self.may(change.permission(), Some(snapshot), &names)?;
        let internal = change.internal_topics(snapshot);
        let needs_no_more = matches!(
            change.permission(),
            Permission::ElectLeaders | Permission::ElectUncleanLeaders | Permission::ReassignPartitions
        );
        if internal.is_empty() || needs_no_more {
            return Ok(());
        }
        let internal: Vec<&str> = internal.iter().map(AsRef::as_ref).collect();
        self.may(Permission::ChangeInternalTopics, Some(snapshot), &internal)
    }

    /// Whether the actor may: what pages ask before they offer it. The server asks again before anything is done.
    fn may(&self, permission: Permission, snapshot: Option<&Snapshot>, topics: &[&str]) -> Result<(), Denial> {
        let target = Target {
            cluster: snapshot.map(|snapshot| &snapshot.cluster),
            is_read_only: snapshot.is_some_and(|snapshot| self.is_read_only(snapshot.cluster.as_str())),
            topics,
        };
        decide(self.actor(), permission, target)
    }
}

/// Preferred leaders are elected every so often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ElectionSchedule {
    pub every_minutes: u32,
    pub next_at: Timestamp,
    /// `None` before the first time.
    pub last_at: Option<Timestamp>,
}

/// The search for the plan of a draft; one that has found it is none any more.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    pub since: Timestamp,
    /// Why it ended without a plan; `None` while it goes on.
    pub failed: Option<Obstacle>,
}

impl Search {
    pub fn is_under_way(&self) -> bool {
        self.failed.is_none()
    }
}

/// A change somebody confirmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Made with the preview; the same submission twice is applied once.
    pub id: ChangeId,
    pub change: Change,
    /// [`Preview::base`] as it was shown; `None` for scripts that take the cluster as it is.
    pub base: Option<String>,
    /// What was typed to confirm.
    pub consent: Option<String>,
}

/// Why a submission was not applied. Nothing has changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Obstacle {
    NoSuchCluster,
    Denied(Denial),
    /// The cluster is no longer what the preview showed; this is the preview now.
    Changed(Box<Preview>),
    /// It cannot be done: see its refusals.
    Refused(Box<Preview>),
    /// A partition cannot be placed like that.
    Impossible(Impossible),
    /// What has to be typed was not.
    NoConsent(Box<Preview>),
    /// Not now: another change is under way, or one of the same things has no known end. One English sentence.
    Busy(String),
    /// The intent could not be stored, and what cannot be audited is not done.
    Store(String),
}

/// The store does not answer; one English sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble(pub String);
