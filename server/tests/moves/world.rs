//! Brokers, a Steward over them, and what Kafka's own tools tell of both.

use app::console::{Console, Submission};
use cluster::{Cluster, Listener, Placement, Topic};
use model::audit::ChangeId;
use model::change::{Change, ControlReassignment, Outcome};
use model::draft::{Draft, DraftEdit};
use model::job::{Control, Job, JobMove, MoveState, Pace, Phase, Progress};
use model::plan::{Plan, Wish};
use rdkafka::admin::{AdminClient, AdminOptions, ConfigEntry, ConfigSource, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{Steward, plaintext};

pub const HOME: &str = "/api/v1/clusters/moves";

pub struct World {
    pub cluster: Arc<Cluster>,
    pub steward: Steward,
}

pub fn new_id() -> ChangeId {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    ChangeId::parse(&format!("{number:016x}{:016x}", std::process::id())).expect("an id")
}

/// Brokers alone.
pub struct Brokers {
    pub cluster: Arc<Cluster>,
}

/// One partition, as the brokers tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub replicas: Vec<i32>,
    pub leader: i32,
    /// In order.
    pub isr: Vec<i32>,
}

impl Brokers {
    pub fn start(name: &str, brokers: usize) -> Self {
        Self { cluster: Arc::new(Cluster::builder().name(name).brokers(brokers).start().expect("brokers")) }
    }

    pub fn create(&self, name: &str, replicas: &[&[i32]]) {
        create(&self.cluster, name, replicas);
    }

    pub fn fill(&self, topic: &str, partitions: i32, bytes: usize) {
        fill(&self.cluster, topic, 0..partitions, bytes);
    }

    pub fn fill_one(&self, topic: &str, partition: i32, bytes: usize) {
        fill(&self.cluster, topic, partition..partition + 1, bytes);
    }

    /// Sets a config with Kafka's own tool.
    pub fn set(&self, kind: &str, name: &str, key: &str, value: &str) {
        let config = format!("{key}=[{value}]");
        let args = ["--alter", "--entity-type", kind, "--entity-name", name, "--add-config", &config];
        self.cluster.tool("kafka-configs", &args).expect("the tool runs").ok("kafka-configs").expect("it is set");
    }

    /// By number of partition, asked of the brokers by librdkafka.
    pub fn placed(&self, topic: &str) -> Vec<Placed> {
        let client: BaseConsumer = self.cluster.client().create().expect("a client");
        let told = client.fetch_metadata(Some(topic), Duration::from_secs(20)).expect("metadata");
        let mut all: Vec<_> = told.topics().iter().flat_map(|topic| topic.partitions()).collect();
        all.sort_by_key(|partition| partition.id());
        let one = |one: &&rdkafka::metadata::MetadataPartition| {
            let mut isr = one.isr().to_vec();
            isr.sort_unstable();
            Placed { replicas: one.replicas().to_vec(), leader: one.leader(), isr }
        };
        all.iter().map(one).collect()
    }

    /// What throttles at run time on these topics and all brokers, whoever set it.
    pub fn throttles(&self, topics: &[&str]) -> Vec<String> {
        let admin: AdminClient<DefaultClientContext> = self.cluster.client().create().expect("a client");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut all = Vec::new();
        let brokers = self.cluster.spec().brokers.iter().map(|broker| ResourceSpecifier::Broker(broker.id));
        for resource in topics.iter().map(|topic| ResourceSpecifier::Topic(topic)).chain(brokers) {
            let options = AdminOptions::new().request_timeout(Some(Duration::from_secs(20)));
            let asked = admin.describe_configs(std::slice::from_ref(&resource), &options);
            for told in runtime.block_on(asked).expect("an answer") {
                let told = told.expect("configs");
                let is_set = |entry: &&ConfigEntry| {
                    matches!(entry.source, ConfigSource::DynamicTopic | ConfigSource::DynamicBroker)
                };
                let is_throttle =
                    |entry: &&ConfigEntry| entry.name.contains("throttled") || entry.name.contains("io.max.bytes");
                all.extend(told.entries.iter().filter(is_set).filter(is_throttle).map(|entry| {
                    format!("{:?} {}={}", told.specifier, entry.name, entry.value.as_deref().unwrap_or_default())
                }));
            }
        }
        all.sort();
        all
    }
}

fn create(cluster: &Cluster, name: &str, replicas: &[&[i32]]) {
    let placement = Placement::Exactly(replicas.iter().map(|list| list.to_vec()).collect());
    let configs = vec![("retention.bytes", "-1".to_owned()), ("segment.bytes", "16777216".to_owned())];
    cluster.create_topics(&[Topic { name: name.into(), placement, configs }]).expect("a topic");
}

/// Writes `bytes` to each partition.
fn fill(cluster: &Cluster, topic: &str, partitions: Range<i32>, bytes: usize) {
    let mut client = cluster.client();
    client.set("linger.ms", "5").set("message.timeout.ms", "60000").set("queue.buffering.max.kbytes", "65536");
    let producer: BaseProducer = client.create().expect("a producer");
    let record = vec![7_u8; bytes.min(64 << 10)];
    for partition in partitions {
        for _ in 0..bytes.div_ceil(record.len()) {
            let mut offered = BaseRecord::<(), [u8]>::to(topic).partition(partition).payload(&record);
            while let Err((_, back)) = producer.send(offered) {
                producer.poll(Duration::from_millis(20));
                offered = back;
            }
        }
    }
    producer.flush(Duration::from_secs(60)).expect("all of it arrives");
}

impl World {
    pub fn start(name: &str, brokers: usize, racks: i32) -> Self {
        let cluster = Arc::new(Cluster::builder().name(name).brokers(brokers).racks(racks).start().expect("brokers"));
        let steward = Steward::with_records([plaintext("moves", &cluster.bootstrap(Listener::Plaintext))]);
        steward.wait(Duration::from_secs(30), &format!("{HOME}/brokers"), "brokers that tell their disks", |told| {
            let all = told["items"].as_array().expect("brokers");
            all.len() == brokers && all.iter().all(|broker| broker["size_bytes"].is_number())
        });
        Self { cluster, steward }
    }

    /// The brokers, to be asked without Kafka's tools, which take seconds.
    pub fn brokers(&self) -> Brokers {
        Brokers { cluster: Arc::clone(&self.cluster) }
    }

    pub fn create(&self, name: &str, replicas: &[&[i32]]) {
        create(&self.cluster, name, replicas);
    }

    pub fn fill(&self, topic: &str, partitions: i32, bytes: usize) {
        fill(&self.cluster, topic, 0..partitions, bytes);
    }

    /// Until Steward has seen these topics with their sizes.
    pub fn known(&self, topics: &[&str], least_bytes: i64) {
        for topic in topics {
            self.steward.wait(Duration::from_secs(60), &format!("{HOME}/topics"), "topic with its size", |told| {
                let all = told["items"].as_array().expect("topics");
                let found = all.iter().find(|one| one["name"] == *topic);
                found.is_some_and(|one| one["size_bytes"].as_i64().is_some_and(|size| size >= least_bytes))
            });
        }
    }

    /// A draft of the wish, through all its steps.
    pub fn draft(&self, wish: Wish, pace: Pace) -> Draft {
        self.steward.ask(async |desk| {
            let draft = desk.edit_draft("moves", None, DraftEdit::Wish(wish)).await.expect("a draft");
            desk.edit_draft("moves", Some(&draft.id), DraftEdit::Pace(pace)).await.expect("a draft")
        })
    }

    /// From the draft to a job that was begun.
    pub fn begin(&self, draft: &Draft, title: &str) -> ChangeId {
        let change = draft.change(title).unwrap_or_else(|| panic!("nothing to do: {:#?}", draft.planned));
        self.submit(change)
    }

    pub fn submit(&self, change: Change) -> ChangeId {
        self.steward.ask(async |desk| {
            let preview = desk.review("moves", change).await.expect("a cluster");
            assert!(preview.is_possible(), "{:?}", preview.refusals);
            let submission =
                Submission { id: new_id(), change: preview.change, base: Some(preview.base), consent: preview.consent };
            let record = desk.submit("moves", submission).await.expect("no obstacle");
            assert_eq!(record.outcome, Some(Outcome::Done), "{:?}", record.items);
            record.id
        })
    }

    pub fn control(&self, job: &ChangeId, control: Control) {
        let change = ControlReassignment { job: job.clone(), control, topics: Vec::new() };
        self.submit(Change::ControlReassignment(change));
    }

    pub fn job(&self, id: &ChangeId) -> (Job, Progress) {
        let found = self.steward.ask(async |desk| desk.job("moves", id).await.expect("the store"));
        let (job, progress) = found.expect("the job");
        (Job::clone(&job), progress)
    }

    /// The job once it is as wanted.
    pub fn job_when(&self, id: &ChangeId, limit: Duration, what: &str, mut wanted: impl FnMut(&Job) -> bool) -> Job {
        let clock = Instant::now();
        loop {
            let (job, progress) = self.job(id);
            if wanted(&job) {
                return job;
            }
            assert!(clock.elapsed() < limit, "not {what} after {limit:?}: {progress:#?} {job:#?}");
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// The job once it is over and nothing is left of it: it must be done.
    pub fn done(&self, id: &ChangeId) -> Job {
        let job = self.job_when(id, Duration::from_secs(180), "over", Job::is_settled);
        assert_eq!(job.phase, Phase::Done, "{job:#?}");
        assert!(job.moves.iter().all(|one| one.state == MoveState::Done), "{job:#?}");
        job
    }

    pub fn tool(&self, tool: &str, args: &[&str]) -> String {
        self.cluster.tool(tool, args).expect("the tool runs").ok(tool).expect("the tool succeeds")
    }

    /// Replicas and leader of each partition, as Kafka's own tool prints them.
    pub fn placed(&self, topic: &str) -> Vec<(Vec<i32>, i32, Vec<i32>)> {
        placed(&self.tool("kafka-topics", &["--describe", "--topic", topic]))
    }

    /// That Kafka's own tool finds the file's assignment completed.
    pub fn verify_with_kafka(&self, file: &str, partitions: usize) {
        let path = self.cluster.folder().join(format!("verify-{}.json", new_id()));
        std::fs::write(&path, file).expect("a file");
        let path = path.display().to_string();
        let args = ["--verify", "--preserve-throttles", "--reassignment-json-file", &path];
        let told = self.tool("kafka-reassign-partitions", &args);
        let completed = told.lines().filter(|line| line.ends_with("is completed.")).count();
        assert_eq!(completed, partitions, "{told}");
    }

    /// Executes a file with Kafka's own tool, and waits until it is done.
    pub fn execute_with_kafka(&self, file: &str) {
        let path = self.cluster.folder().join(format!("execute-{}.json", new_id()));
        std::fs::write(&path, file).expect("a file");
        let path = path.display().to_string();
        self.tool("kafka-reassign-partitions", &["--execute", "--reassignment-json-file", &path]);
        let clock = Instant::now();
        loop {
            let told = self.tool("kafka-reassign-partitions", &["--verify", "--reassignment-json-file", &path]);
            if !told.contains("still in progress") {
                return;
            }
            assert!(clock.elapsed() < Duration::from_secs(120), "{told}");
        }
    }

    /// A file that Steward offers.
    pub fn download(&self, path: &str) -> String {
        let (status, body) = self.steward.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Every throttle that is set on a topic or a broker at run time.
    pub fn throttles(&self) -> Vec<String> {
        let mut all = Vec::new();
        for kind in ["topics", "brokers"] {
            let told = self.tool("kafka-configs", &["--describe", "--entity-type", kind]);
            let mut whose = String::new();
            for line in told.lines() {
                if line.starts_with("Dynamic configs") {
                    line.clone_into(&mut whose);
                } else if line.contains(".replication.throttled.") {
                    all.push(format!("{whose} {}", line.trim()));
                }
            }
        }
        all
    }
}

pub fn plan_of(draft: &Draft) -> &Plan {
    let planned = draft.planned.as_ref().expect("a plan");
    planned.result.as_ref().unwrap_or_else(|why| panic!("impossible: {why:?}"))
}

/// (replicas, leader, in sync) by partition number.
fn placed(told: &str) -> Vec<(Vec<i32>, i32, Vec<i32>)> {
    let mut all: BTreeMap<i32, _> = BTreeMap::new();
    for line in told.lines().filter(|line| line.contains("Partition: ")) {
        let field = |name: &str| {
            let part = line.split('\t').find_map(|part| part.trim().strip_prefix(name).map(str::trim));
            part.unwrap_or_else(|| panic!("no {name} in {line}")).to_owned()
        };
        let list =
            |name: &str| -> Vec<i32> { field(name).split(',').filter_map(|id| id.trim().parse().ok()).collect() };
        let number = field("Partition:").parse().expect("a number");
        let mut isr = list("Isr:");
        isr.sort_unstable();
        all.insert(number, (list("Replicas:"), field("Leader:").parse().unwrap_or(-1), isr));
    }
    all.into_values().collect()
}

pub fn ids(brokers: &[model::BrokerId]) -> Vec<i32> {
    brokers.iter().map(|id| id.0).collect()
}

/// Where the job says each partition of a topic is now.
pub fn targets<'a>(job: &'a Job, topic: &str) -> Vec<&'a JobMove> {
    job.moves.iter().filter(|one| one.topic.as_str() == topic).collect()
}
