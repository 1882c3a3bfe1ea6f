//! Finds out what became of a change whose answer was lost: by reading the cluster until it is known.

use super::hand::Subject;
use crate::live;
use crate::office::{Office, Plant};
use model::audit::{ChangeRecord, Event, Record};
use model::change::{Item, ItemOutcome, Outcome, Verdict};
use std::sync::Arc;
use std::time::Duration;

/// After so long no request that was sent can still take effect. A broker may hold one back for 30 s while there is no controller, and
/// the controller may take its time then.
const LATEST_EFFECT_MS: i64 = 90_000;
const EVERY: Duration = Duration::from_secs(2);

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

/// Reads the cluster until every item is known to be done, or cannot become so any more; stores that as the outcome.
pub async fn settle(office: Arc<Office>, plant: Arc<Plant>, record: ChangeRecord) {
    loop {
        let Some(snapshot) = office.snapshot(&plant) else { return };
        let subject = Subject::of(&record.change, &snapshot);
        if let Ok(fresh) = plant.hand.refresh(&subject).await {
            let is_over = live::now().since(record.at) > LATEST_EFFECT_MS;
            let items = judge(&record, &record.change.verify(&fresh), is_over);
            let outcome = Outcome::of(&items);
            if outcome != Outcome::Unknown {
                let event = Event::Outcome { id: record.id.clone(), outcome, items };
                office
                    .note(Record {
                        at: live::now(),
                        actor: "steward".to_owned(),
                        address: String::new(),
                        request: String::new(),
                        cluster: Some(plant.name.clone()),
                        event,
                    })
                    .await;
                tracing::info!(cluster = %plant.name, change = %record.id, outcome = outcome.name(), "settled by reading");
                return;
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Items whose answer came stay as they are; the others are what the cluster shows.
fn judge(record: &ChangeRecord, verdicts: &[(String, Verdict)], is_over: bool) -> Vec<Item> {
    verdicts
        .iter()
        .map(|(name, verdict)| {
            let known = record.items.iter().find(|item| item.item == *name);
            let outcome = match (known.map(|item| &item.outcome), verdict) {
                (Some(outcome), _) if !matches!(outcome, ItemOutcome::Unknown { .. }) => outcome.clone(),
                (_, Verdict::Done) => ItemOutcome::Done,
                (_, Verdict::NotDone) if is_over => ItemOutcome::Refused {
                    code: 0,
                    name: String::new(),
                    message: "no answer came, and the cluster does not show it: it was not applied".to_owned(),
                },
                _ => ItemOutcome::Unknown { message: "the cluster does not show it yet".to_owned() },
            };
            Item { item: name.clone(), outcome }
        })
        .collect()
}
