//! What a change would do, with everything fresh that it is about.

use super::hand::Subject;
use crate::desk::Desk;
use crate::jobs;
use crate::office::Plant;
use app::console::Console;
use model::change::{Change, Cut, Expected, Preview, Reason, Refusal, Setting, Warning};
use model::job::Job;
use model::{Fault, FaultKind, Snapshot, Timestamp};
use std::sync::Arc;

/// What `change` would do to the cluster, and what the actor and the brokers have against it.
pub async fn review(desk: &Desk, plant: &Plant, snapshot: Arc<Snapshot>, change: Change) -> Preview {
    // Nobody's brokers are asked on behalf of somebody who may not do it anyway.
    if let Err(denial) = desk.may(change.permission(), Some(&snapshot), &[]) {
        let mut preview = change.preview(&setting(desk, plant, &snapshot, &Records::default()));
        preview.refusals.insert(0, refusal(Reason::Denied { denial }));
        return preview;
    }
    let (mut preview, snapshot) = look(desk, plant, snapshot, change).await;
    if let Err(denial) = desk.may_change(&preview.change, &snapshot) {
        preview.refusals.push(refusal(Reason::Denied { denial }));
    }
    if !preview.is_possible() {
        return preview;
    }
    if matches!(preview.change, Change::DeleteTopics(_) | Change::DeleteRecords(_)) {
        preview.impact.last_write_at = plant.hand.last_write(&preview.change.topics(&snapshot)).await;
    }
    match plant.hand.dry_run(&preview.change, &snapshot).await {
        Ok(refusals) => preview.refusals.extend(refusals),
        Err(fault) => preview.warnings.push(Warning::Unverified { message: fault.message }),
    }
    preview
}

/// The preview over a fresh snapshot, which comes with it. A cluster that does not answer is a refusal: what is shown may be wrong.
pub async fn look(desk: &Desk, plant: &Plant, snapshot: Arc<Snapshot>, change: Change) -> (Preview, Arc<Snapshot>) {
    let records = match Records::read(desk, plant, &change).await {
        Ok(records) => records,
        Err(message) => {
            let preview = change.preview(&setting(desk, plant, &snapshot, &Records::default()));
            return (unreachable(preview, Fault::new(FaultKind::Other, message)), snapshot);
        }
    };
    if is_in_the_future(&change, desk.now()) {
        let mut preview = change.preview(&setting(desk, plant, &snapshot, &records));
        let expected = Expected::PastMoment;
        preview.refusals = vec![Refusal { field: "time".to_owned(), ..refusal(Reason::Unreadable { expected }) }];
        return (preview, snapshot);
    }
    let subject = Subject::of(&change, &snapshot);
    let refreshed = plant.hand.refresh(&subject).await;
    let (snapshot, resolved) = match refreshed {
        Ok(fresh) => {
            let resolved = plant.hand.resolve(change.clone(), &fresh).await;
            (fresh, resolved)
        }
        Err(fault) => (snapshot, Err(fault)),
    };
    let setting = setting(desk, plant, &snapshot, &records);
    let preview = match resolved {
        Ok(resolved) => resolved.preview(&setting),
        Err(fault) => unreachable(change.preview(&setting), fault),
    };
    (preview, snapshot)
}

/// What Steward's own records tell that a change depends on.
#[derive(Default)]
struct Records {
    jobs: Vec<Arc<Job>>,
    elections_every: Option<u32>,
}

impl Records {
    /// # Errors
    /// They cannot be read; one English sentence.
    async fn read(desk: &Desk, plant: &Plant, change: &Change) -> Result<Self, String> {
        let Some(office) = &desk.office else { return Ok(Self::default()) };
        let mut records = Self::default();
        match change {
            Change::ScheduleElections(_) => {
                let schedule = office.store.election_schedule(&plant.name).await.map_err(|error| error.to_string())?;
                records.elections_every = schedule.map(|schedule| schedule.every_minutes);
            }
            Change::Reassign(_) | Change::AdoptReassignments(_) | Change::CancelReassignments(_) => {
                records.jobs = jobs::unfinished(office, &plant.name).await.map_err(|error| error.to_string())?;
            }
            // One that is over may have throttles to put back yet.
            Change::ClearThrottles(_) => {
                records.jobs = jobs::unsettled(office, &plant.name).await.map_err(|error| error.to_string())?;
            }
            Change::ControlReassignment(control) => {
                let job = jobs::one(office, &plant.name, &control.job).await.map_err(|error| error.to_string())?;
                records.jobs.extend(job.map(|(job, _)| job));
            }
            _ => {}
        }
        Ok(records)
    }
}

fn setting<'a>(desk: &Desk, plant: &'a Plant, snapshot: &'a Snapshot, records: &'a Records) -> Setting<'a> {
    Setting {
        snapshot,
        bootstrap: &plant.bootstrap,
        is_secured: plant.is_secured,
        now: desk.now(),
        jobs: &records.jobs,
        elections_every: records.elections_every,
    }
}

/// Everything is older than tomorrow: whoever asks for that has mistaken the time or its zone.
fn is_in_the_future(change: &Change, now: Timestamp) -> bool {
    matches!(change, Change::DeleteRecords(delete) if matches!(delete.before, Cut::Time(at) if at > now.0))
}

fn unreachable(mut preview: Preview, fault: Fault) -> Preview {
    preview.refusals.push(refusal(Reason::Unreachable { message: fault.message }));
    preview
}

fn refusal(reason: Reason) -> Refusal {
    Refusal { item: String::new(), field: String::new(), reason }
}
