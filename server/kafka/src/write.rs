//! What Steward changes in a cluster, one request per file.
//!
//! [`WriteClient`] carries out a `model::Change`. It makes no decisions: the change says what to do, item by item, and each item gets
//! its outcome. A request is sent once ([`crate::wire::once`]); when no answer comes, its items are *unknown*, never repeated. Only what is
//! certain not to have been done is tried again: where nothing left, and where a broker said that it is not the one to ask. With KRaft
//! that is not certain: a broker passes requests on, twice if need be, and a controller that resigns fails also what it has written
//! already with `NOT_CONTROLLER`.

mod alter_configs;
mod clear_throttles;
mod create_partitions;
mod create_topics;
mod delete_records;
mod delete_topics;
mod elect_leaders;
mod lists;
pub(crate) mod mover;
mod outcome;
mod reassign;
mod resolve;

use crate::client::{ReadClient, To};
use crate::collector::Handle;
use crate::read::metadata;
use crate::wire::once::Unanswered;
use crate::wire::request::Request;
use kacrab_protocol::generated::ApiKey;
use model::change::{Change, Cut, Item, ItemOutcome, Reason, Refusal};
use model::{BrokerId, Fault, FaultKind, Snapshot};
use mover::Mover;
use outcome::Told;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// How long a broker is given to answer a change.
const ANSWER: Duration = Duration::from_secs(30);
/// How long it is told to wait for the others: less, so that its own words about that arrive.
pub(crate) const TIMEOUT_MS: i32 = 20_000;
/// A change of many parts begins no new part after this.
const BEGIN: Duration = Duration::from_secs(60);
/// For all of a dry run.
const DRY_RUN: Duration = Duration::from_secs(6);
/// How often, and for how long, a broker that can do it is looked for.
const TRIES: u32 = 8;
const SEARCH: Duration = Duration::from_secs(20);
/// Most items of one request, and the most it may weigh: Kafka's controller takes 10,000 records in one go.
const MOST_ITEMS: usize = 500;
const MOST_WEIGHT: usize = 5_000;

/// One kind of request that changes something.
trait Write: Sync {
    type Request: Request;
    /// What an item is made from.
    type Thing: Clone + Send + Sync;

    /// Its name in the outcome.
    fn item(&self, thing: &Self::Thing) -> String;
    /// The permission it needs.
    fn acl(&self, thing: &Self::Thing) -> String;
    /// Records it makes the controller write, about.
    fn weight(&self, _thing: &Self::Thing) -> usize {
        1
    }
    /// Whether a broker's code means that it did nothing because another one is to be asked.
    fn is_misdirected(&self, code: i16) -> bool {
        code == 41 // NOT_CONTROLLER
    }
    /// The request for all of `things`, every field set.
    fn build(&self, things: &[Self::Thing], version: i16, validate_only: bool) -> Result<Self::Request, Fault>;
    /// What the answer says of each item; `things` are those of the request.
    fn tell(&self, things: &[Self::Thing], answer: <Self::Request as Request>::Response) -> Vec<Told>;
    /// The form field a broker's objection belongs to; empty if none.
    fn field(&self, _thing: &Self::Thing, _told: &Told) -> String {
        String::new()
    }
}

/// A cluster that can be changed. Cheap to clone.
#[derive(Clone)]
pub struct WriteClient {
    client: ReadClient,
    is_read_only: bool,
}

impl WriteClient {
    pub fn new(handle: &Handle) -> Self {
        Self { client: handle.client().clone(), is_read_only: handle.config().read_only }
    }

    /// Carries out `change` as [`Preview::change`](model::change::Preview) has it (scopes resolved to partitions, cuts to offsets) and
    /// says what became of each topic, partition or broker. Never fails: what went wrong stands in the items.
    ///
    /// Each request is given 30 s; looking for a broker that takes it may need 20 s more; no new request is begun after a minute. Run it
    /// in a task of its own: a future that is dropped half-way has changed what it has changed.
    ///
    /// On a cluster configured `read_only` every item is refused and nothing sent.
    pub async fn apply(&self, change: &Change, snapshot: &Snapshot) -> Vec<Item> {
        let sender = Sender::new(&self.client, self.is_read_only);
        match change {
            Change::CreateTopic(create) => sender.send(To::Controller, &create_topics::Create(create), vec![()]).await,
            Change::GrowPartitions(grow) => {
                let job = create_partitions::Grow::new(grow, snapshot);
                sender.send(To::Controller, &job, change.topics(snapshot).into_iter().collect()).await
            }
            Change::EditTopicConfigs(edit) => {
                let job = alter_configs::OfTopics(edit);
                sender.send(To::Any, &job, change.topics(snapshot).into_iter().collect()).await
            }
            Change::EditBrokerConfigs(edit) => {
                sender.send(to_broker(edit.broker), &alter_configs::OfBroker(edit), vec![()]).await
            }
            Change::DeleteTopics(delete) => {
                let doomed = |name| delete_topics::Doomed::new(name, delete, snapshot);
                let topics = change.topics(snapshot).into_iter().map(doomed);
                sender.send(To::Controller, &delete_topics::Delete, topics.collect()).await
            }
            Change::DeleteRecords(delete) => match &delete.before {
                Cut::Offsets(offsets) => sender.delete_records(&delete.topic, offsets, snapshot).await,
                Cut::End | Cut::Time(_) | Cut::Offset(_) => {
                    vec![refused(delete.topic.to_string(), "the offsets to delete up to have not been determined")]
                }
            },
            Change::ElectLeaders(elect) => {
                let partitions = elect_leaders::partitions(elect, snapshot);
                sender.send(To::Controller, &elect_leaders::Elect(elect.election), partitions).await
            }
            Change::CancelReassignments(cancel) => {
                let job = reassign::Reassign { may_change_replication_factor: true };
                let back = cancel.partitions.iter().map(|at| (at.clone(), None));
                sender.send(To::Controller, &job, back.collect()).await
            }
            Change::ClearThrottles(clear) => {
                clear_throttles::clear(&Mover::of(&self.client, self.is_read_only), clear).await
            }
            Change::ScheduleElections(_)
            | Change::Reassign(_)
            | Change::ControlReassignment(_)
            | Change::AdoptReassignments(_) => {
                vec![refused(change.kind().name().to_owned(), "brokers are not asked for this at once")]
            }
        }
    }

    /// What brokers object to, asked with `validate_only`; nothing is changed. Empty if nothing, and for kinds of change that Kafka
    /// cannot try: the deletions and elections. Within 6 s.
    ///
    /// # Errors
    /// Nobody answered; [`FaultKind::Unsupported`] if no broker can do it at all.
    pub async fn dry_run(&self, change: &Change, snapshot: &Snapshot) -> Result<Vec<Refusal>, Fault> {
        let asked = async {
            match change {
                Change::CreateTopic(create) => {
                    self.try_out(To::Controller, &create_topics::Create(create), &[()]).await
                }
                Change::GrowPartitions(grow) => {
                    let topics: Vec<_> = change.topics(snapshot).into_iter().collect();
                    self.try_out(To::Controller, &create_partitions::Grow::new(grow, snapshot), &topics).await
                }
                Change::EditTopicConfigs(edit) => {
                    let topics: Vec<_> = change.topics(snapshot).into_iter().collect();
                    self.try_out(To::Any, &alter_configs::OfTopics(edit), &topics).await
                }
                Change::EditBrokerConfigs(edit) => {
                    self.try_out(to_broker(edit.broker), &alter_configs::OfBroker(edit), &[()]).await
                }
                Change::DeleteTopics(_)
                | Change::DeleteRecords(_)
                | Change::ElectLeaders(_)
                | Change::ScheduleElections(_)
                | Change::Reassign(_)
                | Change::ControlReassignment(_)
                | Change::AdoptReassignments(_)
                | Change::CancelReassignments(_)
                | Change::ClearThrottles(_) => Ok(Vec::new()),
            }
        };
        tokio::time::timeout(DRY_RUN, asked).await.unwrap_or_else(|_| {
            let words = format!("no answer to the dry run within {:.0} s", DRY_RUN.as_secs_f32());
            Err(Fault::new(FaultKind::Timeout, words))
        })
    }

    /// Turns what only brokers know into numbers: [`Cut::Time`] and [`Cut::End`] of a record deletion become [`Cut::Offsets`], read now, but
    /// not beyond the ends that `snapshot` has from [`Handle::refresh_subject`]: what is written from then on stays. All else is returned
    /// as it is, also a deletion from a topic or partition that does not exist. If all partitions are meant, those without a leader are
    /// left out, and the change names all of them so that its preview can tell. Within 8 s.
    ///
    /// # Errors
    /// The leader of a partition that was named is missing, or some leader did not tell.
    pub async fn resolve(&self, change: Change, snapshot: &Snapshot) -> Result<Change, Fault> {
        resolve::resolve(&self.client, change, snapshot).await
    }

    async fn try_out<W: Write>(&self, to: To, job: &W, things: &[W::Thing]) -> Result<Vec<Refusal>, Fault> {
        let mut refusals = Vec::new();
        for part in parts(job, things.to_vec()) {
            let told = loop {
                let reply = self.client.send_once(to, DRY_RUN, |version| job.build(&part, version, true)).await;
                let told = job.tell(&part, reply.map_err(Unanswered::fault)?.body);
                if !told.iter().any(|told| job.is_misdirected(told.code)) {
                    break told;
                }
                tokio::time::sleep(pause(0)).await;
                find_controller(&self.client).await?;
            };
            let things: HashMap<String, &W::Thing> = part.iter().map(|thing| (job.item(thing), thing)).collect();
            for told in told.into_iter().filter(|told| told.code != 0) {
                let Some(thing) = things.get(&told.item) else { continue };
                refusals.push(Refusal {
                    field: job.field(thing, &told),
                    reason: Reason::Broker {
                        code: told.code,
                        name: told.name(),
                        message: told.message(&job.acl(thing)),
                    },
                    item: told.item,
                });
            }
        }
        Ok(refusals)
    }
}

/// Its file and its listeners are known to itself only, so it is asked itself; the default of all can be set anywhere.
fn to_broker(id: Option<BrokerId>) -> To {
    id.map_or(To::Any, To::Broker)
}

fn refused(item: String, message: impl Into<String>) -> Item {
    Item { item, outcome: ItemOutcome::Refused { code: 0, name: String::new(), message: message.into() } }
}

/// Before looking again for the broker to ask.
fn pause(row: u32) -> Duration {
    Duration::from_millis(200 << row.min(4))
}

/// Asks who is there and who the controller is.
async fn find_controller(client: &ReadClient) -> Result<(), Fault> {
    let metadata = metadata::of(client, &[]).await?;
    client.update_brokers(&metadata.brokers, metadata.controller);
    Ok(())
}

/// `things` in portions that one request can carry.
fn parts<W: Write>(job: &W, things: Vec<W::Thing>) -> Vec<Vec<W::Thing>> {
    let mut parts: Vec<Vec<W::Thing>> = Vec::new();
    let mut weight = 0;
    for thing in things {
        let more = job.weight(&thing);
        match parts.last_mut().filter(|part| part.len() < MOST_ITEMS && weight + more <= MOST_WEIGHT) {
            Some(part) => part.push(thing),
            None => {
                parts.push(vec![thing]);
                weight = 0;
            }
        }
        weight += more;
    }
    parts
}

/// The sending of one change.
struct Sender<'a> {
    client: &'a ReadClient,
    begun: Instant,
    is_forbidden: bool,
    /// Or may be: with ZooKeeper the brokers are known not to have a quorum.
    is_kraft: bool,
}

/// What came of one request.
enum Sent<T> {
    Answered(Vec<Told>),
    /// These are to be asked of somebody else, who is not known yet; the rest was answered.
    Misdirected(Vec<T>, Vec<Told>),
    Failed(Unanswered),
}

impl<'a> Sender<'a> {
    fn new(client: &'a ReadClient, is_forbidden: bool) -> Self {
        let is_kraft = client.is_offered(ApiKey::DescribeQuorum) != Some(false);
        Self { client, begun: Instant::now(), is_forbidden, is_kraft }
    }

    /// Sends everything, one request after the other. After one without an answer the rest is not sent.
    async fn send<W: Write>(&self, to: To, job: &W, things: Vec<W::Thing>) -> Vec<Item> {
        let mut items = Vec::with_capacity(things.len());
        let mut parts = parts(job, things).into_iter();
        for part in parts.by_ref() {
            if let Some(words) = self.is_over() {
                items.extend(part.iter().map(|thing| refused(job.item(thing), words.clone())));
                continue;
            }
            let new = self.send_part(to, job, part).await;
            let is_lost = !new.is_empty() && new.iter().all(|item| matches!(item.outcome, ItemOutcome::Unknown { .. }));
            items.extend(new);
            if is_lost {
                break;
            }
        }
        let rest = parts.flatten();
        items.extend(rest.map(|thing| refused(job.item(&thing), "not sent: what was sent before got no answer")));
        items
    }

    /// Why nothing more is to be sent.
    fn is_over(&self) -> Option<String> {
        if self.is_forbidden {
            return Some("this cluster is read-only: Steward's configuration forbids every change".to_owned());
        }
        let took = self.begun.elapsed();
        (took > BEGIN).then(|| format!("not sent: what was sent before took {:.0} s", took.as_secs_f32()))
    }

    async fn send_part<W: Write>(&self, to: To, job: &W, mut part: Vec<W::Thing>) -> Vec<Item> {
        let mut items = Vec::with_capacity(part.len());
        let begun = Instant::now();
        for row in 0..TRIES {
            let is_last = row + 1 == TRIES || begun.elapsed() > SEARCH;
            match self.ask(to, job, &part).await {
                Sent::Answered(told) => {
                    let doubt = |item| if self.is_kraft { outcome::doubt(item) } else { item };
                    items.extend(outcome::items(job, &part, told).into_iter().map(doubt));
                    break;
                }
                Sent::Failed(unanswered) => {
                    items.extend(part.iter().map(|thing| outcome::unanswered(job.item(thing), &unanswered)));
                    break;
                }
                Sent::Misdirected(again, mut told) => {
                    if !is_last {
                        told.retain(|told| !job.is_misdirected(told.code));
                        let again: HashMap<String, W::Thing> =
                            again.into_iter().map(|thing| (job.item(&thing), thing)).collect();
                        part.retain(|thing| !again.contains_key(&job.item(thing)));
                        items.extend(outcome::items(job, &part, told));
                        part = again.into_values().collect();
                        part.sort_by_key(|thing| job.item(thing));
                        tokio::time::sleep(pause(row)).await;
                        if let Err(fault) = find_controller(self.client).await {
                            tracing::debug!(fault = %fault.message, "looking for the controller");
                        }
                        continue;
                    }
                    items.extend(outcome::items(job, &part, told));
                    break;
                }
            }
        }
        items
    }

    async fn ask<W: Write>(&self, to: To, job: &W, part: &[W::Thing]) -> Sent<W::Thing> {
        match self.client.send_once(to, ANSWER, |version| job.build(part, version, false)).await {
            Err(unanswered) => Sent::Failed(unanswered),
            Ok(reply) => {
                let told = job.tell(part, reply.body);
                if self.is_kraft {
                    return Sent::Answered(told);
                }
                let is_misdirected = |item: &str| told.iter().any(|t| t.item == item && job.is_misdirected(t.code));
                let again: Vec<_> = part.iter().filter(|thing| is_misdirected(&job.item(thing))).cloned().collect();
                if again.is_empty() { Sent::Answered(told) } else { Sent::Misdirected(again, told) }
            }
        }
    }
}

/// By broker, in order.
type ByLeader<T> = BTreeMap<BrokerId, Vec<T>>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collector::Collector;
    use crate::config::ClusterConfig;
    use model::change::{EditTopicConfigs, Outcome};
    use model::{ClusterName, TopicName};

    fn edit(topics: usize, keys: usize) -> EditTopicConfigs {
        EditTopicConfigs {
            topics: (0..topics).map(|n| TopicName::from_broker(&format!("t{n:04}"))).collect(),
            set: (0..keys).map(|n| (format!("k{n}"), String::new())).collect(),
            ..EditTopicConfigs::default()
        }
    }

    #[test]
    fn requests_stay_within_what_a_controller_takes() {
        let sizes = |edit: &EditTopicConfigs| {
            let parts = parts(&alter_configs::OfTopics(edit), edit.topics.clone());
            parts.iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(sizes(&edit(1_200, 1)), [500, 500, 200]);
        assert_eq!(sizes(&edit(250, 50)), [100, 100, 50]);
        assert_eq!(sizes(&edit(2, 6_000)), [1, 1]);
        assert!(sizes(&edit(0, 1)).is_empty());
    }

    fn nobody(is_read_only: bool) -> Handle {
        let nobody = vec![crate::Address::new("127.0.0.1", 7)];
        let mut config = ClusterConfig::plaintext(ClusterName::parse("c").unwrap(), nobody);
        config.read_only = is_read_only;
        Collector::start(config)
    }

    #[tokio::test]
    async fn what_never_left_is_refused_without_a_code() {
        let handle = nobody(false);
        let change = Change::EditTopicConfigs(edit(2, 1));
        let (writer, snapshot) = (handle.writer(), handle.snapshot());
        let asked = change.clone();
        // Also shows that it can run in a task of its own.
        let items = tokio::spawn(async move { writer.apply(&asked, &snapshot).await }).await.unwrap();
        assert_eq!((items.len(), Outcome::of(&items)), (2, Outcome::Refused));
        let ItemOutcome::Refused { code: 0, name, message } = &items[1].outcome else { panic!("{items:?}") };
        assert!(name.is_empty() && message.contains("connection refused"), "{message}");
        let fault = handle.writer().dry_run(&change, &handle.snapshot()).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Refused);
    }

    #[tokio::test]
    async fn nothing_is_sent_to_a_cluster_that_is_read_only() {
        let handle = nobody(true);
        let items = handle.writer().apply(&Change::EditTopicConfigs(edit(600, 1)), &handle.snapshot()).await;
        assert_eq!(items.len(), 600);
        let is_read_only = |item: &Item| matches!(&item.outcome, ItemOutcome::Refused { message, .. } if message.contains("read-only"));
        assert!(items.iter().all(is_read_only), "{:?}", items[0]);
    }
}
