//! Configuration entries of topics and brokers.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfigEntry {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: Arc<str>,
    /// `None` for a sensitive entry: the broker never tells it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub value: Option<Arc<str>>,
    pub source: ConfigSource,
    /// Nobody set it: `source` is [`ConfigSource::Default`].
    pub is_default: bool,
    pub is_sensitive: bool,
    pub is_read_only: bool,
}

impl ConfigEntry {
    /// Set for this very resource, rather than inherited or a default.
    pub fn is_override(&self) -> bool {
        matches!(self.source, ConfigSource::Topic | ConfigSource::DynamicBroker | ConfigSource::Group)
    }
}

/// The value of `name`; `None` if it is absent or sensitive.
pub fn value<'a>(entries: &'a [ConfigEntry], name: &str) -> Option<&'a str> {
    entries.iter().find(|entry| &*entry.name == name)?.value.as_deref()
}

/// Where a value comes from; the protocol's `ConfigSource` numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ConfigSource {
    /// 1: set on the topic.
    Topic,
    /// 2: set at run time on this broker.
    DynamicBroker,
    /// 3: set at run time for all brokers of the cluster.
    DynamicDefaultBroker,
    /// 4: in the broker's properties file.
    StaticBroker,
    /// 5: Kafka's own default.
    Default,
    /// 6: a broker's logger level.
    DynamicBrokerLogger,
    /// 7: client metrics subscription.
    ClientMetrics,
    /// 8: set on the consumer group.
    Group,
    /// A number this build does not know.
    Unknown,
}

impl ConfigSource {
    pub fn from_wire(number: i8) -> Self {
        match number {
            1 => Self::Topic,
            2 => Self::DynamicBroker,
            3 => Self::DynamicDefaultBroker,
            4 => Self::StaticBroker,
            5 => Self::Default,
            6 => Self::DynamicBrokerLogger,
            7 => Self::ClientMetrics,
            8 => Self::Group,
            _ => Self::Unknown,
        }
    }
}

/// What a broker says about one config key (`DescribeConfigs` v3+).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfigDoc {
    /// The protocol's type in lower case: `boolean`, `string`, `int`, `short`, `long`, `double`, `list`, `class`, `password`.
    pub kind: String,
    /// The broker's English documentation; may contain HTML tags; [`crate::doc_text::plain`] makes plain text of it.
    pub text: String,
}

/// Documentation by config key, the same for every resource of a kind.
pub type ConfigDocs = HashMap<Arc<str>, ConfigDoc>;
