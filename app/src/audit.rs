//! The audit page's address and how the entries of a page become its rows. Pure; the CSV of the log reads the same address.

use model::ClusterName;
use model::audit::{Entry, Event, Filter};
use model::change::{Item, Outcome};
use model::query::{DEFAULT_PER, MAX_PER, url};

/// Longer searches are cut: an address is a stranger's text.
const MAX_Q: usize = 256;

/// What the page's chips stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Changes,
    SignIns,
    Denials,
    Users,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Self::Changes, Self::SignIns, Self::Denials, Self::Users];

    /// As the address spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::SignIns => "sign_ins",
            Self::Denials => "denials",
            Self::Users => "users",
        }
    }

    /// The [`Event::name`]s it covers; every event is in exactly one.
    pub fn events(self) -> &'static [&'static str] {
        match self {
            Self::Changes => &["intent", "outcome", "reassignment_ended", "draft_discarded"],
            Self::SignIns => &["signed_in", "sign_in_failed", "signed_out"],
            Self::Denials => &["denied"],
            Self::Users => &[
                "user_added",
                "user_granted",
                "user_disabled",
                "user_enabled",
                "password_changed",
                "sessions_ended",
                "token_created",
                "token_revoked",
            ],
        }
    }
}

/// The state of the audit page, which is its address: `q, show, cluster, actor, page, per`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub q: String,
    /// In their own order; all if empty.
    pub show: Vec<Kind>,
    pub cluster: Option<ClusterName>,
    pub actor: Option<String>,
    /// From 1.
    pub page: u32,
    pub per: u32,
}

impl Query {
    /// Reads the pairs of an address, decoded; what makes no sense is left out.
    pub fn from_pairs<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut query =
            Self { q: String::new(), show: Vec::new(), cluster: None, actor: None, page: 1, per: DEFAULT_PER };
        let mut names = String::new();
        for (key, value) in pairs {
            let value: String = value.as_ref().trim().chars().take(MAX_Q).collect();
            match key.as_ref() {
                "q" => query.q = value,
                "show" => names += &format!("{value},"),
                "cluster" => query.cluster = ClusterName::parse(&value).ok(),
                "actor" => query.actor = Some(value).filter(|name| !name.is_empty()),
                "page" => query.page = value.parse().unwrap_or(1).max(1),
                "per" => query.per = value.parse().unwrap_or(DEFAULT_PER).clamp(1, MAX_PER),
                _ => {}
            }
        }
        query.show = Kind::ALL.into_iter().filter(|kind| names.split(',').any(|name| name == kind.name())).collect();
        query
    }

    /// `path` with the query, without what is as usual.
    pub fn href(&self, path: &str) -> String {
        let shown: Vec<&str> = self.show.iter().map(|kind| kind.name()).collect();
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        let per = if self.per == DEFAULT_PER { String::new() } else { self.per.to_string() };
        let cluster = self.cluster.as_ref().map(ClusterName::as_str).unwrap_or_default();
        let pairs = [
            ("q", self.q.as_str()),
            ("show", &shown.join(",")),
            ("cluster", cluster),
            ("actor", self.actor.as_deref().unwrap_or_default()),
            ("page", &page),
            ("per", &per),
        ];
        let mut out = path.to_owned();
        let mut mark = '?';
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            out.push(mark);
            out += &format!("{name}={}", url::segment(value));
            mark = '&';
        }
        out
    }

    /// The same entries as CSV, all pages; there events have their own names, as in the API.
    pub fn csv(&self) -> String {
        let events: Vec<&str> = self.show.iter().flat_map(|kind| kind.events()).copied().collect();
        let all = Self { show: Vec::new(), page: 1, per: DEFAULT_PER, ..self.clone() }.href("/audit.csv");
        match events.join(",") {
            events if events.is_empty() => all,
            events => format!("{all}{}event={}", if all.contains('?') { '&' } else { '?' }, url::segment(&events)),
        }
    }

    /// What the store is asked for.
    pub fn filter(&self) -> Filter {
        let events = self.show.iter().flat_map(|kind| kind.events()).map(|name| (*name).to_owned()).collect();
        Filter {
            q: self.q.clone(),
            events,
            cluster: self.cluster.clone(),
            actor: self.actor.clone(),
            page: self.page,
            per: self.per,
        }
    }

    /// Whether all entries are asked for.
    pub fn is_everything(&self) -> bool {
        self.q.is_empty() && self.show.is_empty() && self.cluster.is_none() && self.actor.is_none()
    }

    /// As a click on a chip; back to the first page.
    pub fn toggled(&self, kind: Kind) -> Self {
        let show = Kind::ALL.into_iter().filter(|other| self.show.contains(other) != (*other == kind)).collect();
        Self { show, page: 1, ..self.clone() }
    }

    pub fn of_actor(&self, actor: Option<&str>) -> Self {
        Self { actor: actor.map(str::to_owned), page: 1, ..self.clone() }
    }

    pub fn with_page(&self, page: u32) -> Self {
        Self { page, ..self.clone() }
    }
}

/// A row of the page: an entry, and for a change what became of it as far as the page's entries tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    pub entry: &'a Entry,
    /// The latest outcome of the change that `entry` is the intent of, or `entry` itself.
    pub outcome: Option<&'a Entry>,
}

impl<'a> Row<'a> {
    pub fn result(&self) -> Option<(Outcome, &'a [Item])> {
        match &self.outcome?.record.event {
            Event::Outcome { outcome, items, .. } => Some((*outcome, items)),
            _ => None,
        }
    }
}

/// One row for each entry, newest first as they come, except that the outcomes of a change whose intent is among them are told in
/// its row, where it was asked for. An outcome whose intent is on another page has a row of its own.
pub fn rows(entries: &[Entry]) -> Vec<Row<'_>> {
    let is_intent = |entry: &Entry, wanted: &_| matches!(&entry.record.event, Event::Intent { id, .. } if id == wanted);
    let is_outcome =
        |entry: &Entry, wanted: &_| matches!(&entry.record.event, Event::Outcome { id, .. } if id == wanted);
    entries
        .iter()
        .filter_map(|entry| match &entry.record.event {
            // The latest outcome counts, and the latest comes first.
            Event::Intent { id, .. } => {
                Some(Row { entry, outcome: entries.iter().find(|other| is_outcome(other, id)) })
            }
            Event::Outcome { id, .. } if entries.iter().any(|other| is_intent(other, id)) => None,
            Event::Outcome { .. } => Some(Row { entry, outcome: Some(entry) }),
            _ => Some(Row { entry, outcome: None }),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;
    use model::audit::{ChangeId, Record};
    use model::change::{Change, ElectLeaders};

    fn entry(seq: i64, event: Event) -> Entry {
        let record = Record {
            at: Timestamp(seq),
            actor: "alice".to_owned(),
            address: String::new(),
            request: String::new(),
            cluster: None,
            event,
        };
        Entry { seq, hash: String::new(), record }
    }

    fn intent(id: u8) -> Event {
        let change = Change::ElectLeaders(ElectLeaders { election: Default::default(), scope: Default::default() });
        Event::Intent { id: ChangeId::from_bytes([id; 16]), change, diff: Vec::new(), commands: Vec::new() }
    }

    fn outcome(id: u8, outcome: Outcome) -> Event {
        Event::Outcome { id: ChangeId::from_bytes([id; 16]), outcome, items: Vec::new() }
    }

    #[test]
    fn a_change_and_what_became_of_it_are_one_row() {
        let entries = [
            entry(9, intent(3)),
            entry(8, outcome(1, Outcome::Done)),
            entry(7, Event::SignedIn),
            entry(6, outcome(1, Outcome::Unknown)),
            entry(5, outcome(2, Outcome::Refused)),
            entry(4, intent(1)),
        ];
        let told: Vec<_> =
            rows(&entries).iter().map(|row| (row.entry.seq, row.result().map(|(outcome, _)| outcome))).collect();
        assert_eq!(told, [(9, None), (7, None), (5, Some(Outcome::Refused)), (4, Some(Outcome::Done))]);
    }

    #[test]
    fn the_address_is_the_state() {
        let read = |query: &str| Query::from_pairs(url::pairs(query));
        let query = read("q=a+b&show=users,changes&show=nonsense&cluster=prod&actor=al%26&page=3&per=100&note=x");
        assert_eq!(
            query.href("/audit"),
            "/audit?q=a%20b&show=changes,users&cluster=prod&actor=al%26&page=3&per=100".replace(',', "%2C")
        );
        assert_eq!(read(query.href("").trim_start_matches('?')), query);
        assert_eq!(query.toggled(Kind::Users).show, [Kind::Changes]);
        assert_eq!(query.toggled(Kind::Users).page, 1);
        let csv = read("q=a&show=sign_ins&actor=b&page=3").csv();
        assert_eq!(csv, "/audit.csv?q=a&actor=b&event=signed_in%2Csign_in_failed%2Csigned_out");
        assert_eq!(read("show=denials").csv(), "/audit.csv?event=denied");
        assert_eq!(query.filter().events, [Kind::Changes.events(), Kind::Users.events()].concat());
        assert_eq!(read("cluster=a/b&page=0&per=0").href("/audit"), "/audit?per=1");
        assert!(read("page=2").is_everything() && !query.is_everything());
    }
}
