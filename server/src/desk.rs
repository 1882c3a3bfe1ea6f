//! The console as one request sees it: on behalf of one actor, from one address.

use crate::office::{Office, Plant};
use crate::session::Who;
use crate::web::Web;
use crate::{AppState, change, drafts, jobs, people};
use app::console::{Console, ElectionSchedule, Obstacle, Pending, Search, Submission, Tracked, Trouble};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use model::access::{Actor, Permission};
use model::audit::{ChangeId, ChangeRecord, Entry, Event, Filter, Record};
use model::change::{Change, Preview};
use model::draft::{Draft, DraftEdit};
use model::query::Page;
use model::user::{User, UserChange, UserRefusal};
use model::{ClusterName, Snapshot, Timestamp};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use store::{By, Store, StoreError, Visible};
use tower_sessions::Session;

/// Made for each request by [`crate::identity`]; handlers and pages reach the world only through it.
#[derive(Clone)]
pub struct Desk {
    pub console: Arc<dyn Console>,
    /// Where changes are made and remembered; none over made-up data, whose console keeps drafts itself.
    pub office: Option<Arc<Office>>,
    pub actor: Actor,
    /// Of the other end, or as a trusted proxy tells it.
    pub address: String,
    /// The request's id, which is in its answer's header too.
    pub request: String,
    /// Who there is and what happened; none over made-up data.
    pub store: Option<Store>,
    pub web: Arc<Web>,
    /// The actor's, if it is a user who signed in with a browser.
    pub session: Option<Session>,
    /// What the session says.
    pub who: Option<Arc<Who>>,
}

impl Desk {
    /// On behalf of the process itself, e.g. for metrics.
    pub fn local(state: &AppState) -> Self {
        Self {
            console: Arc::clone(&state.console),
            office: state.office.clone(),
            actor: Actor::local(),
            address: String::new(),
            request: String::new(),
            store: state.store.clone(),
            web: Arc::clone(&state.web),
            session: None,
            who: None,
        }
    }

    /// On behalf of Steward itself, for what it does by the clock.
    pub fn steward(office: &Arc<Office>) -> Self {
        Self {
            console: Arc::clone(office.console()),
            office: Some(Arc::clone(office)),
            actor: Actor { name: "steward".to_owned(), ..Actor::local() },
            address: String::new(),
            request: String::new(),
            store: Some(office.store.clone()),
            web: Arc::default(),
            session: None,
            who: None,
        }
    }

    /// For the store: on whose behalf, when, from where.
    pub fn by(&self) -> By {
        By { at: self.now(), actor: self.actor.label(), address: self.address.clone(), request: self.request.clone() }
    }

    /// That something about no cluster in particular happened, on the actor's behalf.
    pub fn record(&self, event: Event) -> Record {
        self.record_of(&self.actor.label(), event)
    }

    /// The same on behalf of `actor`, who is known by that name only now.
    pub fn record_of(&self, actor: &str, event: Event) -> Record {
        let By { at, address, request, .. } = self.by();
        Record { at, actor: actor.to_owned(), address, request, cluster: None, event }
    }

    /// The same about something the actor does to a cluster.
    pub fn record_at(&self, plant: &Plant, event: Event) -> Record {
        Record { cluster: Some(plant.name.clone()), ..self.record(event) }
    }

    /// A cluster the actor may see, as something that can be changed.
    pub fn plant(&self, cluster: &str) -> Option<(&Arc<Office>, &Arc<Plant>, Arc<Snapshot>)> {
        let snapshot = self.cluster(cluster)?;
        let office = self.office.as_ref()?;
        Some((office, office.plant(cluster)?, snapshot))
    }

    /// The clusters whose entries of the audit log the actor may read; `None` for all entries there are. Whoever manages users sees
    /// what is about them and no cluster, and what is about clusters that are no longer configured.
    fn audited(&self) -> Option<Vec<ClusterName>> {
        if self.may(Permission::ManageUsers, None, &[]).is_ok() {
            return None;
        }
        let mut clusters = self.console.clusters();
        clusters.retain(|snapshot| self.may(Permission::ReadAudit, Some(snapshot), &[]).is_ok());
        Some(clusters.iter().map(|snapshot| snapshot.cluster.clone()).collect())
    }

    /// At most `limit` entries of the audit log before number `seq`, newest first, as [`Console::audit`] shows them; fewer are the last.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn audit_before(&self, filter: &Filter, seq: i64, limit: u32) -> Result<Vec<Entry>, Trouble> {
        let office = self.office.as_ref().ok_or_else(no_records)?;
        let names = self.audited();
        office.store.entries_before(filter, seq, limit, visible(names.as_deref())).await.map_err(trouble)
    }

    /// Stands for all that the audit log shows the actor; `None` if that cannot be told.
    pub async fn audit_revision(&self) -> Option<String> {
        let newest = self.office.as_ref()?.store.newest_entry().await.ok()?;
        let mut hasher = DefaultHasher::new();
        (self.actor.label(), &self.actor.grants, self.audited()).hash(&mut hasher);
        self.clusters().iter().for_each(|snapshot| snapshot.cluster.hash(&mut hasher));
        Some(format!("{newest}-{:x}", hasher.finish()))
    }
}

impl Console for Desk {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        let mut clusters = self.console.clusters();
        clusters.retain(|snapshot| self.may(Permission::View, Some(snapshot), &[]).is_ok());
        clusters
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        let snapshot = self.console.cluster(name)?;
        self.may(Permission::View, Some(&snapshot), &[]).is_ok().then_some(snapshot)
    }

    fn now(&self) -> Timestamp {
        self.console.now()
    }

    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn is_read_only(&self, cluster: &str) -> bool {
        let plant = self.office.as_ref().and_then(|office| office.plant(cluster));
        plant.map_or_else(|| self.console.is_read_only(cluster), |plant| plant.is_read_only)
    }

    fn review<'a>(&'a self, cluster: &'a str, change: Change) -> Pending<'a, Option<Preview>> {
        Box::pin(async move {
            let (_, plant, snapshot) = self.plant(cluster)?;
            Some(change::review(self, plant, snapshot, change).await)
        })
    }

    fn submit<'a>(&'a self, cluster: &'a str, submission: Submission) -> Pending<'a, Result<ChangeRecord, Obstacle>> {
        Box::pin(async move {
            let (office, plant, snapshot) = self.plant(cluster).ok_or(Obstacle::NoSuchCluster)?;
            change::submit(self, office, plant, snapshot, submission).await
        })
    }

    fn trouble(&self) -> Option<String> {
        self.store.as_ref().and_then(Store::write_trouble)
    }

    fn change<'a>(&'a self, cluster: &'a str, id: &'a ChangeId) -> Pending<'a, Result<Option<ChangeRecord>, Trouble>> {
        Box::pin(async move {
            let Some((office, ..)) = self.plant(cluster) else { return Ok(None) };
            let found = office.store.change(id).await.map_err(trouble)?;
            Ok(found.filter(|record| record.cluster.as_str() == cluster))
        })
    }

    fn election_schedule<'a>(&'a self, cluster: &'a str) -> Pending<'a, Result<Option<ElectionSchedule>, Trouble>> {
        Box::pin(async move {
            let Some((office, plant, _)) = self.plant(cluster) else { return Ok(None) };
            let found =
                office.store.election_schedule(&plant.name).await.map_err(|error| Trouble(error.to_string()))?;
            Ok(found.map(|found| ElectionSchedule {
                every_minutes: found.every_minutes,
                next_at: found.next_at,
                last_at: found.last_run_at,
            }))
        })
    }

    fn drafts<'a>(&'a self, cluster: &'a str) -> Pending<'a, Result<Vec<Draft>, Trouble>> {
        if self.office.is_none() {
            return self.console.drafts(cluster);
        }
        Box::pin(drafts::list(self, cluster))
    }

    fn draft<'a>(&'a self, cluster: &'a str, id: &'a ChangeId) -> Pending<'a, Result<Option<Draft>, Trouble>> {
        if self.office.is_none() {
            return self.console.draft(cluster, id);
        }
        Box::pin(drafts::one(self, cluster, id))
    }

    fn edit_draft<'a>(
        &'a self,
        cluster: &'a str,
        id: Option<&'a ChangeId>,
        edit: DraftEdit,
    ) -> Pending<'a, Result<Draft, Obstacle>> {
        if self.office.is_none() {
            return self.console.edit_draft(cluster, id, edit);
        }
        Box::pin(drafts::edit(self, cluster, id, edit))
    }

    fn search(&self, draft: &Draft) -> Option<Search> {
        if self.office.is_none() {
            return self.console.search(draft);
        }
        self.web.planning.of(&draft.id)
    }

    fn discard_draft<'a>(&'a self, cluster: &'a str, id: &'a ChangeId) -> Pending<'a, Result<(), Obstacle>> {
        if self.office.is_none() {
            return self.console.discard_draft(cluster, id);
        }
        Box::pin(drafts::discard(self, cluster, id))
    }

    fn jobs<'a>(&'a self, cluster: &'a str) -> Pending<'a, Result<Vec<Tracked>, Trouble>> {
        Box::pin(async move {
            let Some((office, plant, _)) = self.plant(cluster) else { return Ok(Vec::new()) };
            jobs::tracked(office, &plant.name).await.map_err(trouble)
        })
    }

    fn job<'a>(&'a self, cluster: &'a str, id: &'a ChangeId) -> Pending<'a, Result<Option<Tracked>, Trouble>> {
        Box::pin(async move {
            let Some((office, plant, _)) = self.plant(cluster) else { return Ok(None) };
            jobs::one(office, &plant.name, id).await.map_err(trouble)
        })
    }

    fn audit(&self, filter: Filter) -> Pending<'_, Result<Page<Entry>, Trouble>> {
        Box::pin(async move {
            let office = self.office.as_ref().ok_or_else(no_records)?;
            let names = self.audited();
            office.store.entries(&filter, visible(names.as_deref())).await.map_err(trouble)
        })
    }

    fn users(&self) -> Pending<'_, Result<Vec<User>, Trouble>> {
        Box::pin(people::users(self))
    }

    fn manage(&self, change: UserChange) -> Pending<'_, Result<Option<String>, UserRefusal>> {
        Box::pin(people::manage(self, change))
    }

    fn keep(&self, text: String) -> String {
        people::keep(self, text)
    }

    fn take(&self, key: &str) -> Option<String> {
        people::take(self, key)
    }
}

fn visible(names: Option<&[ClusterName]>) -> Visible<'_> {
    names.map_or(Visible::All, |names| Visible::Clusters { names, others: false })
}

fn no_records() -> Trouble {
    Trouble("this Steward keeps no records".to_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn trouble(error: StoreError) -> Trouble {
    Trouble(error.to_string())
}

impl FromRequestParts<AppState> for Desk {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, StatusCode> {
        // Every route lies below the layer that makes it; without it nothing is answered.
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
