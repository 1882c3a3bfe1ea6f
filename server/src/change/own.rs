//! Changes that Steward carries out itself, in its own time: what becomes of them is told by its records.

use crate::live;
use crate::office::{Office, Plant};
use app::text::title;
use model::audit::ChangeRecord;
use model::change::{AdoptReassignments, Change, Item, ItemOutcome, Reassign};
use model::job::begin::{self, Cause, Foreign};
use model::job::{Job, Pace};
use model::observation::Reassignment;
use model::plan::{Metrics, Move, Plan, Target};
use model::{Snapshot, TopicName};
use std::collections::HashSet;
use std::time::Duration;
use store::{ControlState, StoreError};

/// So long the answer waits for the runner to take what was asked of it.
const TAKEN_WITHIN: Duration = Duration::from_secs(6);
/// Between two looks whether it did.
const LOOK: Duration = Duration::from_millis(100);

/// Makes the records say what was confirmed, and tells whose turn it is then. One item, called as the kind of change is.
pub(super) async fn carry_out(office: &Office, plant: &Plant, snapshot: &Snapshot, record: &ChangeRecord) -> Vec<Item> {
    let (store, id) = (&office.store, &record.id);
    let written = match &record.change {
        Change::ScheduleElections(wish) => {
            let minutes = wish.every_minutes.unwrap_or_default();
            store.schedule_elections(&plant.name, minutes, (id, live::now())).await.map(|()| ItemOutcome::Done)
        }
        Change::Reassign(reassign) => begin(office, begun(reassign, snapshot, record), reassign.draft.as_ref()).await,
        Change::AdoptReassignments(adopt) => begin(office, adopted(adopt, snapshot, record), None).await,
        Change::ControlReassignment(control) => match store.add_control(id, &control.job, &control.control).await {
            Ok(true) => {
                office.crews.wake(&plant.name);
                taken(office, record).await
            }
            Ok(false) => Ok(refused("there is no such reassignment")),
            Err(error) => Err(error),
        },
        _ => Ok(refused("the brokers carry this out, not Steward")),
    };
    office.crews.wake(&plant.name);
    let outcome = written.unwrap_or_else(|error| refused(&error.to_string()));
    vec![Item { item: record.change.kind().name().to_owned(), outcome }]
}

/// What the records tell of such a change whose outcome is not known. `is_over`: nobody is about to write it any more.
///
/// # Errors
/// If they cannot be read.
pub(super) async fn judge(office: &Office, record: &ChangeRecord, is_over: bool) -> Result<Vec<Item>, StoreError> {
    let (store, id) = (&office.store, &record.id);
    let known = match &record.change {
        Change::ScheduleElections(wish) => {
            let schedule = store.election_schedule(&record.cluster).await?;
            let is_so = match (&schedule, wish.every_minutes) {
                (Some(schedule), _) => schedule.id == *id,
                (None, minutes) => minutes.is_none(),
            };
            is_so.then_some(ItemOutcome::Done)
        }
        Change::ControlReassignment(_) => match store.control_state(id).await? {
            // It is written down: whoever runs the job takes it.
            Some(ControlState::Waiting) => Some(unknown()),
            Some(ControlState::Taken) => Some(ItemOutcome::Done),
            Some(ControlState::Refused(why)) => Some(refused(&why)),
            None => None,
        },
        _ => store.job(id).await?.map(|_| ItemOutcome::Done),
    };
    let outcome =
        known.unwrap_or_else(|| if is_over { refused("Steward stopped before it was done") } else { unknown() });
    Ok(vec![Item { item: record.change.kind().name().to_owned(), outcome }])
}

/// Adds the job. The draft it was prepared in has had its day then.
async fn begin(office: &Office, job: Job, draft: Option<&model::audit::ChangeId>) -> Result<ItemOutcome, StoreError> {
    crate::change::pause::counted("before job").await;
    office.store.add_job(&job).await?;
    crate::change::pause::counted("after job").await;
    if let Some(draft) = draft
        && let Err(error) = office.store.discard_draft(&job.cluster, draft, None).await
    {
        tracing::warn!(%error, "a draft whose reassignment began could not be discarded");
    }
    Ok(ItemOutcome::Done)
}

fn begun(reassign: &Reassign, snapshot: &Snapshot, record: &ChangeRecord) -> Job {
    let planned = |target: &Target| {
        let partition = snapshot.topic(target.topic.as_str())?.partition(target.partition)?;
        Some(Move {
            topic: target.topic.clone(),
            partition: target.partition,
            from: partition.replicas.to_vec(),
            to: target.replicas.clone(),
            size_bytes: bytes(partition.size_bytes),
        })
    };
    let moves = reassign.partitions.iter().filter_map(planned).collect();
    let plan = Plan { moves, metrics: Metrics::default() };
    let topic_id = |topic: &TopicName| id_of(snapshot, topic);
    begin::new(cause(record, &reassign.title), &plan, topic_id, reassign.pace.clone(), live::now())
}

fn adopted(adopt: &AdoptReassignments, snapshot: &Snapshot, record: &ChangeRecord) -> Job {
    let chosen: HashSet<(&TopicName, i32)> = adopt.partitions.iter().map(|at| (&at.topic, at.partition)).collect();
    let is_chosen = |one: &&Reassignment| chosen.contains(&(&one.topic, one.partition));
    let foreign = |one: &Reassignment| Foreign {
        topic: one.topic.clone(),
        topic_id: id_of(snapshot, &one.topic),
        partition: one.partition,
        replicas: one.replicas.clone(),
        adding: one.adding.clone(),
        removing: one.removing.clone(),
        size_bytes: bytes(
            snapshot.topic(one.topic.as_str()).and_then(|topic| topic.partition(one.partition)?.size_bytes),
        ),
    };
    let running: Vec<Foreign> = snapshot.reassignments.iter().filter(is_chosen).map(foreign).collect();
    let pace: Pace = adopt.pace.clone();
    begin::adopted(cause(record, ""), &running, pace, live::now())
}

fn cause(record: &ChangeRecord, title: &str) -> Cause {
    let title = if title.is_empty() { untitled(&record.change) } else { title.to_owned() };
    Cause { id: record.id.clone(), cluster: record.cluster.clone(), title, actor: record.actor.clone() }
}

/// For whoever gave none.
fn untitled(change: &Change) -> String {
    let topics = change.named_topics();
    let topics: Vec<&str> = topics.iter().map(AsRef::as_ref).collect();
    match change {
        Change::AdoptReassignments(_) => title::untitled(|text| text.goal.title_adopted, &topics),
        _ => title::untitled(|text| text.goal.title_moved, &topics),
    }
}

fn id_of(snapshot: &Snapshot, topic: &TopicName) -> Option<String> {
    snapshot.topic(topic.as_str())?.id.clone()
}

fn bytes(size: Option<i64>) -> u64 {
    size.unwrap_or_default().max(0).unsigned_abs()
}

/// Waits until the runner has taken what was asked, wherever it is.
async fn taken(office: &Office, record: &ChangeRecord) -> Result<ItemOutcome, StoreError> {
    let until = tokio::time::Instant::now() + TAKEN_WITHIN;
    while tokio::time::Instant::now() < until {
        match office.store.control_state(&record.id).await? {
            Some(ControlState::Taken) => return Ok(ItemOutcome::Done),
            Some(ControlState::Refused(why)) => return Ok(refused(&why)),
            Some(ControlState::Waiting) | None => tokio::time::sleep(LOOK).await,
        }
    }
    Ok(unknown())
}

fn unknown() -> ItemOutcome {
    ItemOutcome::Unknown { message: "it is written down, and done as soon as the job is next looked at".to_owned() }
}

fn refused(why: &str) -> ItemOutcome {
    ItemOutcome::Refused { code: 0, name: String::new(), message: why.to_owned() }
}
