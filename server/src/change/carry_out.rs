//! From the stored intent to the stored outcome.

use super::hand::Subject;
use super::pause::point;
use super::submit::follow;
use super::{own, settle};
use crate::live;
use crate::office::{Office, Plant};
use model::Snapshot;
use model::audit::{ChangeRecord, Event, Record};
use model::change::{Change, Item, ItemOutcome, Outcome, Verdict, is_echo};
use std::sync::Arc;
use std::time::Duration;

/// So long the answer waits for the snapshot to show what was done.
const SHOWN_WITHIN: Duration = Duration::from_secs(5);

/// Applies what `intent` announced and stores what came of it; if no answer came, begins to find out.
pub(super) async fn carry_out(
    office: Arc<Office>,
    plant: Arc<Plant>,
    snapshot: Arc<Snapshot>,
    mut record: ChangeRecord,
    intent: Record,
) -> ChangeRecord {
    point("intent_stored").await;
    tracing::info!(cluster = %plant.name, change = %record.id, kind = record.change.kind().name(), actor = intent.actor, "applying");
    let is_own = record.change.is_stewards_own();
    record.items = if is_own {
        own::carry_out(&office, &plant, &snapshot, &record).await
    } else {
        plant.hand.apply(&record.change, &snapshot).await
    };
    point("applied").await;
    if record.items.iter().any(|item| may_be_echo(&record.change, item)) {
        recognise(&office, &plant, &snapshot, &mut record).await;
    }
    let outcome = Outcome::of(&record.items);
    record.outcome = Some(outcome);
    record.finished_at = Some(live::now());
    let event = Event::Outcome { id: record.id.clone(), outcome, items: record.items.clone() };
    office.note(follow(&intent, event)).await;
    point("outcome_stored").await;
    tracing::info!(cluster = %plant.name, change = %record.id, outcome = outcome.name(), "applied");
    if outcome == Outcome::Unknown {
        tokio::spawn(settle::settle(office, Arc::clone(&plant), record.clone()));
    }
    if !is_own {
        show(&plant, &snapshot, &record).await;
    }
    point("read_back").await;
    record
}

/// Whether a refusal may be the answer to the same request passed on twice.
fn may_be_echo(change: &Change, item: &Item) -> bool {
    matches!(item.outcome, ItemOutcome::Refused { code, .. } if is_echo(change, code))
}

/// It was not so a moment before it was sent, so what is as wished now is this change's doing.
async fn recognise(office: &Office, plant: &Plant, snapshot: &Snapshot, record: &mut ChangeRecord) {
    let subject = Subject::of(&record.change, snapshot);
    let verdict = |snapshot: &Snapshot, item: &Item| {
        let verdicts = record.change.verify(snapshot);
        verdicts.into_iter().find(|(name, _)| *name == item.item).map_or(Verdict::CannotTell, |(_, verdict)| verdict)
    };
    let echoes: Vec<&Item> = record.items.iter().filter(|item| may_be_echo(&record.change, item)).collect();
    let tells = |snapshot: &Snapshot| echoes.iter().all(|item| verdict(snapshot, item) != Verdict::CannotTell);
    plant.hand.refresh_until(&subject, Box::new(tells), SHOWN_WITHIN).await;
    let Some(now) = office.snapshot(plant) else { return };
    let done: Vec<String> =
        echoes.iter().filter(|item| verdict(&now, item) == Verdict::Done).map(|item| item.item.clone()).collect();
    for item in record.items.iter_mut().filter(|item| done.contains(&item.item)) {
        item.outcome = ItemOutcome::Done;
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
