//! Reassignments being prepared: saved step by step, and planned anew with each step that a plan depends on.

use crate::change::hand::Subject;
use crate::denials;
use crate::desk::Desk;
use crate::office::{Office, Plant};
use crate::planning::{self, Ticket};
use app::console::{Console, Obstacle, Trouble};
use model::access::Permission;
use model::audit::{ChangeId, Event, Record};
use model::draft::{Draft, DraftEdit};
use model::job::Pace;
use model::plan::{Goal, Target, Wish};
use model::{ClusterName, Snapshot, Timestamp, TopicName};
use std::sync::Arc;
use store::{MOST_DRAFTS, StoreError};

/// So often a step is made again when somebody else saved the same draft in between.
const TRIES: u32 = 3;
/// Partitions placed by hand in one draft.
const MOST_EDITS: usize = 10_000;

/// Drafts of a cluster; none for who may not reassign.
pub async fn list(desk: &Desk, cluster: &str) -> Result<Vec<Draft>, Trouble> {
    let Some((office, plant, snapshot)) = desk.plant(cluster) else { return Ok(Vec::new()) };
    if desk.may(Permission::ReassignPartitions, Some(&snapshot), &[]).is_err() {
        return Ok(Vec::new());
    }
    office.store.drafts(&plant.name).await.map_err(|error| Trouble(error.to_string()))
}

/// A draft of that cluster, for who may reassign there.
pub async fn one(desk: &Desk, cluster: &str, id: &ChangeId) -> Result<Option<Draft>, Trouble> {
    let Some((office, plant, snapshot)) = desk.plant(cluster) else { return Ok(None) };
    if desk.may(Permission::ReassignPartitions, Some(&snapshot), &[]).is_err() {
        return Ok(None);
    }
    let found = office.store.draft(id).await.map_err(|error| Trouble(error.to_string()))?;
    Ok(found.filter(|draft| draft.cluster == plant.name))
}

/// Saves one step; without `id` in a new draft. What has to be found may still be so: [`planning::Searches::of`].
pub async fn edit(desk: &Desk, cluster: &str, id: Option<&ChangeId>, edit: DraftEdit) -> Result<Draft, Obstacle> {
    let (office, plant, snapshot) = admitted(desk, cluster).await?;
    // Saving it looks again.
    if id.is_none() && office.store.draft_count(&plant.name).await.map_err(unsaved)? >= MOST_DRAFTS {
        return Err(too_many());
    }
    for _ in 0..TRIES {
        let before = match id {
            Some(id) => Some(known(office, plant, id).await?),
            None => None,
        };
        if let Some(draft) = &before {
            reaches(desk, plant, &snapshot, draft).await?;
        }
        let now = desk.now();
        let saved_at = before.as_ref().map(|draft| draft.saved_at);
        let mut draft = match before {
            Some(draft) => draft,
            None => blank(plant.name.clone(), desk.actor.label(), now)?,
        };
        let stored = draft.edits.clone();
        let then = apply(&mut draft, edit.clone())?;
        if then == Then::Find {
            let place = Place { office, plant, snapshot: &snapshot };
            return find(desk, place, draft, Some(stored)).await;
        }
        draft.saved_at = saved_at.map_or(now, |before| later(now, before));
        if office.store.save_draft(&draft, saved_at).await.map_err(unsaved)? {
            let place = Place { office, plant, snapshot: &snapshot };
            return if then == Then::Save { Ok(draft) } else { find(desk, place, draft, None).await };
        }
        if saved_at.is_none() {
            return Err(too_many());
        }
    }
    Err(planning::others_changed())
}

/// Later than before even if the clock stood still: it tells one save from the next.
fn later(now: Timestamp, before: Timestamp) -> Timestamp {
    now.max(Timestamp(before.0 + 1))
}

/// Where a draft is planned for.
#[derive(Clone, Copy)]
struct Place<'a> {
    office: &'a Arc<Office>,
    plant: &'a Arc<Plant>,
    snapshot: &'a Arc<Snapshot>,
}

/// Finds the plan of `draft`. `stored`: the edits it has in the records, if its own are to be saved only with a plan.
async fn find(desk: &Desk, at: Place<'_>, draft: Draft, stored: Option<Vec<Target>>) -> Result<Draft, Obstacle> {
    let Place { office, plant, snapshot } = at;
    let id = draft.id.clone();
    let is_saved = stored.is_none();
    let wanted = draft.clone();
    let work = |ticket: Ticket| {
        let (office, plant, last) = (Arc::clone(office), Arc::clone(plant), Arc::clone(snapshot));
        let console = Arc::clone(&desk.console);
        async move {
            let turn = ticket.turn().await?;
            // What was planned from where things lay a while ago would not be carried out.
            let subject = Subject { has_moves: true, ..Subject::default() };
            let fresh = plant.hand.refresh(&subject).await.unwrap_or(last);
            let is_placed = stored.as_ref().is_some_and(|stored| *stored != draft.edits);
            let stored = stored.unwrap_or_else(|| draft.edits.clone());
            let found = planning::planned(turn, fresh, draft, is_placed).await?;
            keep(&office, &ticket, &*console, found, &stored).await
        }
    };
    desk.web.planning.find(&wanted, desk.now(), is_saved, work).await?;
    known(office, plant, &id).await
}

/// Saves what was found, unless the draft is gone or about something else by now. Who only changes its pace meanwhile is no obstacle.
async fn keep(
    office: &Office,
    ticket: &Ticket,
    console: &dyn Console,
    found: Draft,
    edits: &[Target],
) -> Result<(), Obstacle> {
    for _ in 0..TRIES {
        let Some(stored) = office.store.draft(&found.id).await.map_err(unsaved)? else { return Ok(()) };
        if !ticket.is_valid() || stored.wish != found.wish || stored.edits != edits {
            return Err(planning::others_changed());
        }
        let before = stored.saved_at;
        let saved_at = later(console.now(), before);
        let draft = Draft { edits: found.edits.clone(), planned: found.planned.clone(), saved_at, ..stored };
        if office.store.save_draft(&draft, Some(before)).await.map_err(unsaved)? {
            return Ok(());
        }
    }
    Err(planning::others_changed())
}

fn too_many() -> Obstacle {
    Obstacle::Busy(format!(
        "this cluster has {MOST_DRAFTS} reassignments in preparation already: throw away those that nobody needs"
    ))
}

/// Throws a draft away; one that is gone already is no obstacle.
pub async fn discard(desk: &Desk, cluster: &str, id: &ChangeId) -> Result<(), Obstacle> {
    let (office, plant, snapshot) = admitted(desk, cluster).await?;
    let found = office.store.draft(id).await.map_err(unsaved)?;
    if let Some(draft) = found.filter(|draft| draft.cluster == plant.name) {
        reaches(desk, plant, &snapshot, &draft).await?;
        let told = Record {
            cluster: Some(plant.name.clone()),
            ..desk.record(Event::DraftDiscarded { id: id.clone(), of: draft.actor })
        };
        office.store.discard_draft(&plant.name, id, Some(&told)).await.map_err(unsaved)?;
    }
    Ok(())
}

/// A draft of which nothing is decided.
///
/// # Errors
/// [`Obstacle::Store`] if the machine gives no random numbers for its id.
pub fn blank(cluster: ClusterName, actor: String, now: Timestamp) -> Result<Draft, Obstacle> {
    Ok(Draft {
        id: crate::id::new().map_err(Obstacle::Store)?,
        cluster,
        actor,
        created_at: now,
        saved_at: now,
        wish: Wish::of(Goal::Rebalance),
        edits: Vec::new(),
        pace: Pace::default(),
        planned: None,
    })
}

/// What a step that was made asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It is saved, and that is all.
    Save,
    /// It is saved, without a plan, which is to be found.
    SaveAndFind,
    /// It is saved with the plan that is to be found, or not at all.
    Find,
}

/// Makes the step.
///
/// # Errors
/// [`Obstacle::Busy`] if too many partitions are placed by hand already.
pub fn apply(draft: &mut Draft, edit: DraftEdit) -> Result<Then, Obstacle> {
    let then = match edit {
        DraftEdit::Wish(wish) if draft.wish == wish && draft.planned.is_some() => Then::Save,
        DraftEdit::Wish(wish) => {
            draft.edits.retain(|edit| planning::fits(&wish, edit));
            draft.wish = wish;
            Then::SaveAndFind
        }
        DraftEdit::Place(target) => {
            let at = place_of(&draft.edits, &target);
            match at {
                Ok(at) => {
                    if let Some(there) = draft.edits.get_mut(at) {
                        *there = target;
                    }
                }
                Err(_) if draft.edits.len() >= MOST_EDITS => {
                    return Err(Obstacle::Busy(format!("at most {MOST_EDITS} partitions can be placed by hand")));
                }
                Err(at) => draft.edits.insert(at, target),
            }
            Then::Find
        }
        DraftEdit::Unplace { topic, partition } => {
            draft.edits.retain(|one| (&one.topic, one.partition) != (&topic, partition));
            Then::SaveAndFind
        }
        DraftEdit::Pace(pace) => {
            draft.pace = pace;
            Then::Save
        }
        DraftEdit::Replan => Then::Find,
    };
    if then == Then::SaveAndFind {
        draft.planned = None;
    }
    Ok(then)
}

/// Edits are in order of topic and partition.
fn place_of(edits: &[Target], target: &Target) -> Result<usize, usize> {
    edits.binary_search_by(|one| (&one.topic, one.partition).cmp(&(&target.topic, target.partition)))
}

async fn known(office: &Office, plant: &Plant, id: &ChangeId) -> Result<Draft, Obstacle> {
    let found = office.store.draft(id).await.map_err(unsaved)?;
    let found = found.filter(|draft| draft.cluster == plant.name);
    found
        .ok_or_else(|| Obstacle::Busy("this draft is gone: it was discarded, or its reassignment has begun".to_owned()))
}

/// Whether the draft is the desk's own, or all its topics are within the reach of who sits there.
async fn reaches(desk: &Desk, plant: &Plant, snapshot: &Snapshot, draft: &Draft) -> Result<(), Obstacle> {
    if draft.actor == desk.actor.label() {
        return Ok(());
    }
    let topics: Vec<&str> = draft.topics().into_iter().map(TopicName::as_str).collect();
    match desk.may(Permission::ReassignPartitions, Some(snapshot), &topics) {
        Ok(()) => Ok(()),
        Err(denial) => {
            denials::note(desk, Some(&plant.name), Permission::ReassignPartitions, "draft", &denial).await;
            Err(Obstacle::Denied(denial))
        }
    }
}

/// The cluster, for who may reassign there.
async fn admitted<'a>(
    desk: &'a Desk,
    cluster: &str,
) -> Result<(&'a Arc<Office>, &'a Arc<Plant>, Arc<Snapshot>), Obstacle> {
    let (office, plant, snapshot) = desk.plant(cluster).ok_or(Obstacle::NoSuchCluster)?;
    match desk.may(Permission::ReassignPartitions, Some(&snapshot), &[]) {
        Ok(()) => Ok((office, plant, snapshot)),
        Err(denial) => {
            denials::note(desk, Some(&plant.name), Permission::ReassignPartitions, "draft", &denial).await;
            Err(Obstacle::Denied(denial))
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unsaved(error: StoreError) -> Obstacle {
    Obstacle::Store(error.to_string())
}

#[cfg(test)]
mod tests;
