//! Applies a change somebody confirmed.

use super::carry_out::carry_out;
use super::review::look;
use super::{pause, settle};
use crate::desk::Desk;
use crate::office::{Office, Plant};
use crate::{denials, live};
use app::console::{Console, Obstacle, Submission};
use model::Snapshot;
use model::access::Denial;
use model::audit::{ChangeRecord, Event, Record};
use model::change::{Change, Preview};
use model::lateness::{LATEST_EFFECT_MS, LATEST_SEND_MS};
use std::sync::Arc;
use std::time::Duration;
use store::{Intent, StoreError};
use tokio::time::timeout;

/// So long the sender waits for his turn; nothing has begun then.
const TURN: Duration = Duration::from_secs(8);
/// So long the sender waits for the end; what takes longer goes on without him, and the change's own page tells how it ends.
const PATIENCE: Duration = Duration::from_secs(9);

/// Authorises, checks that the preview is still true, stores the intent, applies, stores the outcome, reads back. From the intent on
/// it goes on whether or not somebody waits for the answer.
///
/// # Errors
/// Says why nothing was changed.
pub async fn submit(
    desk: &Desk,
    office: &Arc<Office>,
    plant: &Arc<Plant>,
    snapshot: Arc<Snapshot>,
    submission: Submission,
) -> Result<ChangeRecord, Obstacle> {
    let Submission { id, change, base, consent } = submission;
    let kind = change.kind();
    // Before anybody's brokers are asked anything.
    if let Err(denial) = desk.may(change.permission(), Some(&snapshot), &[]) {
        return Err(deny(desk, plant, &change, denial).await);
    }
    let turn = timeout(TURN, Arc::clone(&plant.turn).lock_owned()).await;
    let turn = turn.map_err(|_| Obstacle::Busy("another change of this cluster is being made".to_owned()))?;
    if let Some(before) = office.store.change(&id).await.map_err(unstored)? {
        return repeated(desk, plant, before, &change);
    }
    let (preview, fresh) = look(desk, plant, snapshot, change).await;
    let preview = Box::new(preview);
    if let Err(denial) = desk.may_change(&preview.change, &fresh) {
        return Err(deny(desk, plant, &preview.change, denial).await);
    }
    if base.is_some_and(|base| base != preview.base) {
        return Err(Obstacle::Changed(preview));
    }
    if !preview.is_possible() {
        return Err(Obstacle::Refused(preview));
    }
    if preview.consent.is_some() && preview.consent != consent.map(|typed| typed.trim().to_owned()) {
        return Err(Obstacle::NoConsent(preview));
    }
    if let Some(open) = in_the_way(office, plant, &preview.change, &fresh).await.map_err(unstored)? {
        let why = format!("what became of the change {} of the same things is not known yet", open.id);
        return Err(Obstacle::Busy(why));
    }
    pause::point("before_intent").await;
    let Preview { change, diff, commands, .. } = *preview;
    let event =
        Event::Intent { id: id.clone(), change: change.clone(), diff: diff.clone(), commands: commands.clone() };
    let intent = desk.record_at(plant, event);
    let record = ChangeRecord {
        id,
        cluster: plant.name.clone(),
        actor: intent.actor.clone(),
        address: intent.address.clone(),
        at: intent.at,
        change,
        diff,
        commands,
        outcome: None,
        items: Vec::new(),
        finished_at: None,
    };
    tracing::debug!(cluster = %plant.name, change = %record.id, kind = kind.name(), "confirmed");
    // In tasks of their own: a browser that hangs up must not stop it in the middle, nor between the intent and its end.
    let work = {
        let (office, plant, record) = (Arc::clone(office), Arc::clone(plant), record.clone());
        tokio::spawn(async move {
            match office.store.intent(&intent).await {
                Ok(Intent::New(_)) => {}
                Ok(Intent::AlreadyThere(before)) => return Ok(before),
                Err(error) => return Err(unstored(error)),
            }
            let busy = office.busy();
            let work = tokio::spawn(carry_out(Arc::clone(&office), Arc::clone(&plant), fresh, record.clone(), intent));
            let done = match work.await {
                Ok(done) => done,
                // A mistake of ours in the middle of it; what came of it shows in the cluster.
                Err(_) => {
                    tokio::spawn(settle::settle(office, plant, record.clone()));
                    record
                }
            };
            drop((turn, busy));
            Ok(done)
        })
    };
    match timeout(PATIENCE, work).await {
        Ok(Ok(done)) => done,
        // Its own page tells how it ends.
        Ok(Err(_)) | Err(_) => Ok(record),
    }
}

async fn deny(desk: &Desk, plant: &Plant, change: &Change, denial: Denial) -> Obstacle {
    denials::note(desk, Some(&plant.name), change.permission(), change.kind().name(), &denial).await;
    Obstacle::Denied(denial)
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unstored(error: StoreError) -> Obstacle {
    Obstacle::Store(error.to_string())
}

/// The same form sent again gets the same answer. An id is no name for something else, nor for what others did.
fn repeated(desk: &Desk, plant: &Plant, before: ChangeRecord, change: &Change) -> Result<ChangeRecord, Obstacle> {
    let is_same = before.cluster == plant.name
        && before.actor == desk.actor.label()
        && before.change.kind() == change.kind()
        && (matches!(change, Change::ElectLeaders(_) | Change::ControlReassignment(_))
            || before.change.named_topics() == change.named_topics());
    if is_same { Ok(before) } else { Err(Obstacle::Busy("this id belongs to another change".to_owned())) }
}

/// A change of the same things whose end is not known: it may still take effect, after this one.
async fn in_the_way(
    office: &Office,
    plant: &Plant,
    change: &Change,
    snapshot: &Snapshot,
) -> Result<Option<ChangeRecord>, StoreError> {
    let topics = change.topics(snapshot);
    let concerns = |open: &ChangeRecord| match (&open.change, change) {
        (Change::EditBrokerConfigs(one), Change::EditBrokerConfigs(other)) => one.broker == other.broker,
        (one, _) => !one.topics(snapshot).is_disjoint(&topics),
    };
    let may_take_effect = |open: &ChangeRecord| live::now().since(open.at) < LATEST_SEND_MS + LATEST_EFFECT_MS;
    let unfinished = office.store.unfinished().await?;
    Ok(unfinished.into_iter().find(|open| open.cluster == plant.name && may_take_effect(open) && concerns(open)))
}

/// An entry of the log about the same submission as `intent`.
pub(super) fn follow(intent: &Record, event: Event) -> Record {
    Record { at: live::now(), event, ..intent.clone() }
}
