//! Creating topics, many at once, also where they exist already.

use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;

use crate::client::wait_for;
use crate::cluster::Cluster;
use crate::error::{Error, Result, progress};

/// Larger requests make the controller's other callers wait.
const BATCH: usize = 200;

/// How long a batch may take, and how often it is tried.
const DEADLINE: Duration = Duration::from_secs(30);
const TRIES: u32 = 4;

/// A topic to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// Where its replicas go.
    pub placement: Placement,
    /// Its overrides.
    pub configs: Vec<(&'static str, String)>,
}

/// Where replicas go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// The controller decides: partitions, replication factor.
    Spread(i32, i32),
    /// The brokers of each partition, the preferred leader first.
    Exactly(Vec<Vec<i32>>),
}

impl Cluster {
    /// Creates topics; those that exist stay as they are. Returns the number of new ones (fewer if one had to be asked twice). The brokers have the logs a little later.
    ///
    /// # Errors
    /// The cluster cannot be reached or refuses one.
    pub fn create_topics(&self, topics: &[Topic]) -> Result<usize> {
        let mut created = 0;
        for batch in topics.chunks(BATCH) {
            created += self.create_patiently(batch)?;
        }
        Ok(created)
    }

    fn create_patiently(&self, batch: &[Topic]) -> Result<usize> {
        for _ in 1..TRIES {
            match self.create_batch(batch) {
                Err(error) if is_passing(&error) => progress(format_args!("trying again: {error}")),
                result => return result,
            }
        }
        self.create_batch(batch)
    }

    fn create_batch(&self, batch: &[Topic]) -> Result<usize> {
        let admin: AdminClient<DefaultClientContext> = self.client().create()?;
        let options = AdminOptions::new().operation_timeout(Some(DEADLINE)).request_timeout(Some(DEADLINE));
        let lists: Vec<Vec<&[i32]>> = batch.iter().map(Topic::exact).collect();
        let new: Vec<NewTopic<'_>> = batch.iter().zip(&lists).map(|(topic, exact)| topic.request(exact)).collect();
        let mut created = 0;
        for answer in wait_for(admin.create_topics(&new, &options))?? {
            match answer {
                Ok(_) => created += 1,
                Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
                Err((topic, code)) => return Err(Error::Topic { topic, code }),
            }
        }
        Ok(created)
    }

    /// Creates `topics` topics called `many-00001`, `many-00002`, … for benchmarks; returns how many were new.
    ///
    /// # Errors
    /// As [`Cluster::create_topics`].
    pub fn create_many(&self, topics: usize, partitions: i32, replicas: i32) -> Result<usize> {
        let all: Vec<Topic> = (1..=topics)
            .map(|n| Topic {
                name: format!("many-{n:05}"),
                placement: Placement::Spread(partitions, replicas),
                configs: Vec::new(),
            })
            .collect();
        let mut created = 0;
        let mut asked = 0;
        for thousand in all.chunks(1000) {
            created += self.create_topics(thousand)?;
            asked += thousand.len();
            progress(format_args!("{asked} of {topics} topics"));
        }
        Ok(created)
    }
}

/// librdkafka waits in vain when it meets a cluster that is about to elect its controller, as one with ZooKeeper is when it says that it
/// serves: a new client fares better.
fn is_passing(error: &Error) -> bool {
    use RDKafkaErrorCode::{NotController, OperationTimedOut, RequestTimedOut};
    match error {
        Error::Kafka(KafkaError::AdminOp(code)) | Error::Topic { code, .. } => {
            matches!(code, NotController | OperationTimedOut | RequestTimedOut)
        }
        _ => false,
    }
}

impl Topic {
    fn exact(&self) -> Vec<&[i32]> {
        match &self.placement {
            Placement::Spread(..) => Vec::new(),
            Placement::Exactly(replicas) => replicas.iter().map(Vec::as_slice).collect(),
        }
    }

    fn request<'a>(&'a self, exact: &'a [&'a [i32]]) -> NewTopic<'a> {
        let mut new = match self.placement {
            Placement::Spread(partitions, replicas) => {
                NewTopic::new(&self.name, partitions, TopicReplication::Fixed(replicas))
            }
            Placement::Exactly(_) => NewTopic::new(
                &self.name,
                i32::try_from(exact.len()).unwrap_or(i32::MAX),
                TopicReplication::Variable(exact),
            ),
        };
        for (key, value) in &self.configs {
            new = new.set(key, value);
        }
        new
    }
}
