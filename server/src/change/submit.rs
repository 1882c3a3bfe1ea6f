//! Applies a change somebody confirmed.

use super::hand::Subject;
use super::pause::point;
use super::review::{authorise, look};
use super::settle;
use crate::desk::Desk;
use crate::office::{Office, Plant};
use crate::{denials, live};
use app::console::{Console, Obstacle, Submission};
use model::Snapshot;
use model::audit::{ChangeRecord, Event, Record};
use model::change::{Item, ItemOutcome, Outcome, Preview, Verdict};
use std::sync::Arc;
use std::time::Duration;
use store::Intent;

/// So long the sender waits; what takes longer goes on without him, and the change's own page tells how it ends.
const PATIENCE: Duration = Duration::from_secs(9);
/// So long the answer waits for the snapshot to show what was done.
const SHOWN_WITHIN: Duration = Duration::from_secs(5);

/// Authorises, checks that the preview is still true, stores the intent, applies, reads back, stores the outcome. Once begun it
/// goes on whether or not somebody waits for the answer.
///
/// # Errors
/// Says why nothing was changed.
pub async fn submit(
    desk: &Desk,
    office: &Arc<Office>,
    plant: &Arc<Plant>,
    snapshot: &Snapshot,
    submission: Submission,
) -> Result<ChangeRecord, Obstacle> {
    if let Err(denial) = desk.may(submission.change.permission(), Some(snapshot), &[]) {
        let what = submission.change.kind().name();
        denials::note(desk, Some(&plant.name), submission.change.permission(), what, &denial).await;
        return Err(Obstacle::Denied(denial));
    }
    let turn = Arc::clone(&plant.turn).lock_owned().await;
    if let Some(done) = office.store.change(&submission.id).await.map_err(|error| Obstacle::Store(error.to_string()))? {
        return Ok(done);
    }
    let (preview, fresh) = look(desk, plant, snapshot, submission.change).await;
    let preview = Box::new(preview);
    if let Err(denial) = authorise(desk, &preview.change, &fresh) {
        let what = preview.change.kind().name();
        denials::note(desk, Some(&plant.name), preview.change.permission(), what, &denial).await;
        return Err(Obstacle::Denied(denial));
    }
    if submission.base.is_some_and(|base| base != preview.base) {
        return Err(Obstacle::Changed(preview));
    }
    if !preview.is_possible() {
        return Err(Obstacle::Refused(preview));
    }
    if preview.consent.is_some() && preview.consent != submission.consent.map(|typed| typed.trim().to_owned()) {
        return Err(Obstacle::NoConsent(preview));
    }
    point("before_intent").await;
    let Preview { change, diff, commands, .. } = *preview;
    let intent = desk.record_at(
        plant,
        Event::Intent {
            id: submission.id.clone(),
            change: change.clone(),
            diff: diff.clone(),
            commands: commands.clone(),
        },
    );
    match office.store.intent(&intent).await {
        Ok(Intent::New(_)) => {}
        Ok(Intent::AlreadyThere(done)) => return Ok(done),
        Err(error) => return Err(Obstacle::Store(error.to_string())),
    }
    let record = ChangeRecord {
        id: submission.id,
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
    // In a task of its own: a browser that hangs up must not stop it in the middle.
    let work = {
        let (office, plant, record, intent) = (Arc::clone(office), Arc::clone(plant), record.clone(), intent);
        tokio::spawn(async move {
            let done = carry_out(&office, &plant, &fresh, record, &intent).await;
            drop(turn);
            done
        })
    };
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(done)) => Ok(done),
        // Its own page tells how it ends.
        Ok(Err(_)) | Err(_) => Ok(record),
    }
}

async fn carry_out(
    office: &Arc<Office>,
    plant: &Arc<Plant>,
    snapshot: &Snapshot,
    mut record: ChangeRecord,
    intent: &Record,
) -> ChangeRecord {
    point("intent_stored").await;
    tracing::info!(cluster = %plant.name, change = %record.id, kind = record.change.kind().name(), actor = intent.actor, "applying");
    record.items = plant.hand.apply(&record.change, snapshot).await;
    point("applied").await;
    show(plant, snapshot, &record).await;
    recognise(office, plant, &mut record);
    point("read_back").await;
    let outcome = Outcome::of(&record.items);
    record.outcome = Some(outcome);
    record.finished_at = Some(live::now());
    let event = Event::Outcome { id: record.id.clone(), outcome, items: record.items.clone() };
    office.note(Record { at: live::now(), event, ..intent.clone() }).await;
    point("outcome_stored").await;
    tracing::info!(cluster = %plant.name, change = %record.id, outcome = outcome.name(), "applied");
    if outcome == Outcome::Unknown {
        tokio::spawn(settle::settle(Arc::clone(office), Arc::clone(plant), record.clone()));
    }
    record
}

/// A broker that passes a creation on to the controller may do so twice, and is told the second time that the topic is there. It was not
/// a moment ago, so one that is as wished now is this one.
fn recognise(office: &Office, plant: &Plant, record: &mut ChangeRecord) {
    const TOPIC_ALREADY_EXISTS: i16 = 36;
    let Some(snapshot) = office.snapshot(plant) else { return };
    let verdicts = record.change.verify(&snapshot);
    for item in &mut record.items {
        let is_echo = matches!(item.outcome, ItemOutcome::Refused { code: TOPIC_ALREADY_EXISTS, .. });
        if is_echo && verdicts.iter().any(|(name, verdict)| *name == item.item && *verdict == Verdict::Done) {
            item.outcome = ItemOutcome::Done;
        }
    }
}

/// Refreshes just what changed, until the pages show it: the next page the actor sees is true.
async fn show(plant: &Plant, snapshot: &Snapshot, record: &ChangeRecord) {
    let is_done = |item: &Item| matches!(item.outcome, ItemOutcome::Done);
    let done: Vec<&str> = record.items.iter().filter(|item| is_done(item)).map(|item| item.item.as_str()).collect();
    let subject = Subject::of(&record.change, snapshot);
    let shows = |snapshot: &Snapshot| {
        let verdicts = record.change.verify(snapshot);
        !verdicts.iter().any(|(item, verdict)| *verdict == Verdict::NotDone && done.contains(&item.as_str()))
    };
    if !plant.hand.refresh_until(&subject, Box::new(shows), SHOWN_WITHIN).await {
        tracing::warn!(cluster = %plant.name, change = %record.id, "the brokers do not show yet what they said was done");
    }
}
