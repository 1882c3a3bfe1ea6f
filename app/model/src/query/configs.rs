//! The configs of a topic or a broker.

use super::search::Words;
use super::url;
use crate::config::ConfigEntry;
use serde::{Deserialize, Serialize};

/// Which entries a config table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfigShow {
    All,
    /// Set for this very resource: [`ConfigEntry::is_override`].
    Set,
    /// What differs from Kafka's defaults, wherever it was set.
    Changed,
}

impl ConfigShow {
    fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Set => "set",
            Self::Changed => "changed",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::All, Self::Set, Self::Changed].into_iter().find(|show| show.name() == text.trim())
    }

    fn shows(self, entry: &ConfigEntry) -> bool {
        match self {
            Self::All => true,
            Self::Set => entry.is_override(),
            Self::Changed => is_changed(entry),
        }
    }
}

/// Search and filter of a config table: `q` and `show=all`, `set` or `changed`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfigQuery {
    /// Every word must occur in the name or the value.
    pub q: String,
    /// `None`: nothing was asked for, so the page shows what it thinks best.
    pub show: Option<ConfigShow>,
}

impl ConfigQuery {
    /// Reads the pairs of a URL, decoded; unknown keys are others' business.
    pub fn from_pairs<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut query = Self::default();
        for (key, value) in pairs {
            match key.as_ref() {
                "q" => query.q = value.as_ref().trim().chars().take(256).collect(),
                "show" => query.show = ConfigShow::parse(value.as_ref()).or(query.show),
                _ => {}
            }
        }
        query
    }

    /// Reads a query string, with or without its `?`.
    pub fn parse(query: &str) -> Self {
        Self::from_pairs(url::pairs(query.strip_prefix('?').unwrap_or(query)))
    }

    /// The canonical spelling without `?`; empty if all is default.
    pub fn to_query_string(&self) -> String {
        let mut out = String::new();
        if !self.q.is_empty() {
            url::push_pair(&mut out, "q", &self.q);
        }
        if let Some(show) = self.show {
            url::push_pair(&mut out, "show", show.name());
        }
        out
    }

    /// What matches, all of it unless something else was asked for: overrides of this resource first, then what else is not a default, then the rest; each by name.
    pub fn apply<'a>(&self, entries: &'a [ConfigEntry]) -> Vec<&'a ConfigEntry> {
        let words = Words::new(&self.q);
        let mut found: Vec<&ConfigEntry> = entries
            .iter()
            .filter(|entry| self.show.is_none_or(|show| show.shows(entry)))
            .filter(|entry| words.match_any(&[&entry.name, entry.value.as_deref().unwrap_or_default()]))
            .collect();
        found.sort_by_key(|entry| (!entry.is_override(), !is_changed(entry), &entry.name));
        found
    }

    /// How many entries match the search and are of that kind: the number on a chip.
    pub fn count(&self, show: ConfigShow, entries: &[ConfigEntry]) -> u32 {
        Self { show: Some(show), ..self.clone() }.apply(entries).len() as u32
    }

    /// How many entries match the search and differ from Kafka's defaults.
    pub fn changed_count(&self, entries: &[ConfigEntry]) -> u32 {
        self.count(ConfigShow::Changed, entries)
    }
}

fn is_changed(entry: &ConfigEntry) -> bool {
    !entry.is_default
}
