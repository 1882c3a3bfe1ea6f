//! Finds out what became of a change whose answer was lost: by reading the cluster until it is known.

use super::hand::Subject;
use super::own;
use crate::live;
use crate::office::{Office, Plant};
use model::audit::{ChangeRecord, Event, Record};
use model::change::{Item, ItemOutcome, Outcome, Verdict};
use model::lateness::{LATEST_EFFECT_MS, LATEST_SEND_MS};
use model::{Snapshot, Timestamp};
use std::sync::Arc;
use std::time::Duration;

const AT_FIRST: Duration = Duration::from_secs(2);
const AT_LAST: Duration = Duration::from_secs(60);
/// What a reachable cluster has not told in this time it does not tell: configs Steward may not read, for one. It stays unknown, and is
/// tried again at the next start.
const GIVE_UP_MS: i64 = 3_600_000;

/// Takes up every change that an earlier process left without a known end.
///
/// # Errors
/// If the store cannot be read.
pub async fn take_up(office: &Arc<Office>) -> Result<(), store::StoreError> {
    for record in office.store.unfinished().await? {
        match office.plant(record.cluster.as_str()) {
            Some(plant) => {
                tracing::warn!(cluster = %plant.name, change = %record.id, "its end is not known; reading the cluster");
                tokio::spawn(settle(Arc::clone(office), Arc::clone(plant), record));
            }
            None => {
                tracing::warn!(cluster = %record.cluster, change = %record.id, "its end is not known and its cluster is not configured");
            }
        }
    }
    Ok(())
}

/// Reads the cluster until every item is known to be done, or cannot become so any more; stores that as the outcome. A cluster that
/// does not answer is asked for as long as it takes.
pub async fn settle(office: Arc<Office>, plant: Arc<Plant>, record: ChangeRecord) {
    // Who sent it is gone if the outcome was never stored: nothing was sent after this moment then.
    let sent_by = record.finished_at.unwrap_or_else(|| live::now().min(Timestamp(record.at.0 + LATEST_SEND_MS)));
    if record.change.is_stewards_own() {
        return settle_own(&office, &plant, &record, sent_by).await;
    }
    let mut pause = AT_FIRST;
    loop {
        let Some(snapshot) = office.snapshot(&plant) else { return };
        let subject = Subject::of(&record.change, &snapshot);
        if let Ok(fresh) = plant.hand.refresh(&subject).await {
            let is_over = live::now().since(sent_by) > LATEST_EFFECT_MS;
            let items = judge(&record, &fresh, is_over);
            let outcome = Outcome::of(&items);
            if outcome != Outcome::Unknown {
                finish(&office, &plant, &record, outcome, items).await;
                return;
            }
            if live::now().since(sent_by) > GIVE_UP_MS {
                tracing::warn!(cluster = %plant.name, change = %record.id, "the cluster does not tell what became of it");
                return;
            }
            if is_over {
                pause = (pause * 2).min(AT_LAST);
            }
        }
        tokio::time::sleep(pause).await;
    }
}

/// The same from Steward's own records. What was written down there is done in the end, so it is waited for.
async fn settle_own(office: &Office, plant: &Plant, record: &ChangeRecord, sent_by: Timestamp) {
    let mut pause = AT_FIRST;
    loop {
        let is_over = live::now().since(sent_by) > LATEST_SEND_MS;
        match own::judge(office, record, is_over).await {
            Ok(items) if Outcome::of(&items) != Outcome::Unknown => {
                return finish(office, plant, record, Outcome::of(&items), items).await;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(change = %record.id, %error, "what became of it cannot be read"),
        }
        if is_over {
            pause = (pause * 2).min(AT_LAST);
        }
        tokio::time::sleep(pause).await;
    }
}

async fn finish(office: &Office, plant: &Plant, record: &ChangeRecord, outcome: Outcome, items: Vec<Item>) {
    // Another Steward on the same records may have found out too.
    let known = office.store.change(&record.id).await.ok().flatten().and_then(|now| now.outcome);
    if known.is_some_and(|known| known != Outcome::Unknown) {
        return;
    }
    tracing::info!(cluster = %plant.name, change = %record.id, outcome = outcome.name(), "settled by reading");
    office
        .note(Record {
            at: live::now(),
            actor: "steward".to_owned(),
            address: String::new(),
            request: String::new(),
            cluster: Some(plant.name.clone()),
            event: Event::Outcome { id: record.id.clone(), outcome, items },
        })
        .await;
}

/// Items whose answer came stay as they are; the others are what the cluster shows.
fn judge(record: &ChangeRecord, snapshot: &Snapshot, is_over: bool) -> Vec<Item> {
    let refused = |why: &str| ItemOutcome::Refused { code: 0, name: String::new(), message: why.to_owned() };
    let is_gone = record.change.named_topics().iter().all(|topic| snapshot.topic(topic.as_str()).is_none());
    record
        .change
        .verify(snapshot)
        .into_iter()
        .map(|(name, verdict)| {
            let known = record.items.iter().find(|item| item.item == name).map(|item| &item.outcome);
            let outcome = match (known, verdict) {
                (Some(outcome), _) if !matches!(outcome, ItemOutcome::Unknown { .. }) => outcome.clone(),
                (_, Verdict::Done) => ItemOutcome::Done,
                (_, Verdict::NotDone) if is_over => {
                    refused("no answer came, and the cluster does not show it: it was not applied")
                }
                (_, Verdict::CannotTell) if is_over && is_gone => {
                    refused("no answer came, and the topic is gone: nothing is left that could tell")
                }
                _ => ItemOutcome::Unknown { message: "the cluster does not show it yet".to_owned() },
            };
            Item { item: name, outcome }
        })
        .collect()
}
