//! Elects preferred leaders by the clock: through the change pipeline, on behalf of Steward itself, so that the audit log tells all of it.

use super::unfinished;
use crate::desk::Desk;
use crate::office::{Office, Plant};
use crate::{change, id, live};
use app::console::{Obstacle, Submission};
use model::change::{Change, ElectLeaders, Election, Reason, Scope};
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;
use tokio::sync::watch;

/// Between two looks at the schedule.
const LOOK: Duration = Duration::from_secs(10);

/// Runs until told to stop.
pub(super) async fn run(office: Arc<Office>, plant: Arc<Plant>, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match is_due(&office, &plant).await {
            Ok(true) => elect(&office, &plant).await,
            Ok(false) => {}
            Err(error) => tracing::warn!(cluster = %plant.name, %error, "elections by the clock cannot be looked up"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stopping.changed() => {}
        }
    }
}

/// Whether it is this process' turn now. While a job is about to elect leaders itself, its turn waits.
async fn is_due(office: &Office, plant: &Plant) -> Result<bool, StoreError> {
    let now = live::now();
    let schedule = office.store.election_schedule(&plant.name).await?;
    if schedule.is_none_or(|schedule| schedule.next_at > now) {
        return Ok(false);
    }
    if unfinished(office, &plant.name).await?.iter().any(|job| job.owes_elections()) {
        return Ok(false);
    }
    office.store.take_election_turn(&plant.name, now).await
}

async fn elect(office: &Arc<Office>, plant: &Arc<Plant>) {
    let (Some(snapshot), Ok(id)) = (office.snapshot(plant), id::new()) else { return };
    let desk = Desk::steward(office);
    let change = Change::ElectLeaders(ElectLeaders { election: Election::Preferred, scope: Scope::All });
    let submission = Submission { id, change, base: None, consent: None };
    match change::submit(&desk, office, plant, snapshot, submission).await {
        Ok(record) => {
            let outcome = record.outcome.map_or("under way", |outcome| outcome.name());
            tracing::info!(cluster = %plant.name, change = %record.id, outcome, "preferred leaders elected by the clock");
        }
        Err(Obstacle::Refused(preview)) if preview.refusals.iter().all(|refusal| is_no_need(&refusal.reason)) => {
            tracing::debug!(cluster = %plant.name, "every partition is led by its preferred leader");
        }
        Err(obstacle) => {
            tracing::warn!(cluster = %plant.name, ?obstacle, "preferred leaders are not elected this time");
        }
    }
}

fn is_no_need(reason: &Reason) -> bool {
    matches!(reason, Reason::NothingToDo)
}
