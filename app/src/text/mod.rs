//! Every sentence Steward says, in English and Korean side by side. A missing message is a compile error.
//!
//! One file per page or noun; each has a struct, then `EN`, then `KO`. Messages with values are functions.
//! Korean avoids particles after inserted names and uses the terms Korean engineers use.

pub mod age;
pub mod audit;
pub mod brokers;
pub mod change;
pub mod cluster;
pub mod clusters;
pub mod config;
pub mod copy;
pub mod discard;
pub mod fault;
pub mod finding;
pub mod form;
pub mod goal;
pub mod groups;
pub mod impossible;
pub mod job;
pub mod list;
pub mod login;
pub mod moves;
pub mod not_found;
pub mod objection;
pub mod pace;
pub mod partition;
pub mod people;
pub mod plan;
pub mod reassign;
pub mod restart;
pub mod rival;
pub mod scope;
pub mod search;
pub mod shell;
pub mod source;
pub mod title;
pub mod topic;
pub mod topics;
pub mod why;

/// A fixed message.
pub type Say = &'static str;
/// A message around one value.
pub type Say1 = fn(&str) -> String;
/// A message around two values.
pub type Say2 = fn(&str, &str) -> String;
/// A message around three values.
pub type Say3 = fn(&str, &str, &str) -> String;
/// A message around a number of things.
pub type Count = fn(u64) -> String;

/// A language Steward speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lang {
    En,
    Ko,
}

impl Lang {
    /// By a tag such as `ko`, `ko-KR` or `en-GB`.
    pub fn parse(tag: &str) -> Option<Self> {
        match tag.trim().get(..2)?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "ko" => Some(Self::Ko),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` value that Steward speaks, by its quality; English if none.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut wanted: Vec<(f32, Self)> = accept_language
            .split(',')
            .filter_map(|part| {
                let (tag, quality) = part.split_once(";q=").unwrap_or((part, "1"));
                Some((quality.trim().parse().ok()?, Self::parse(tag)?))
            })
            .collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        wanted.first().map_or(Self::En, |(_, lang)| *lang)
    }

    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    /// The language's own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ko => "한국어",
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Ko,
            Self::Ko => Self::En,
        }
    }

    pub fn text(self) -> &'static Text {
        match self {
            Self::En => &EN,
            Self::Ko => &KO,
        }
    }
}

/// The catalogue.
pub struct Text {
    pub lang: Lang,
    pub age: age::AgeText,
    pub shell: shell::Shell,
    pub list: list::List,
    pub source: source::Source,
    pub fault: fault::FaultText,
    pub finding: finding::FindingText,
    pub config: config::ConfigText,
    pub copy: copy::CopyText,
    pub change: change::ChangeText,
    pub moves: moves::MovesText,
    pub form: form::FormText,
    pub objection: objection::Objections,
    pub not_found: not_found::NotFound,
    pub brokers: brokers::Brokers,
    pub groups: groups::Groups,
    pub search: search::Search,
    pub clusters: clusters::Clusters,
    pub cluster: cluster::Cluster,
    pub topics: topics::Topics,
    pub topic: topic::TopicText,
    pub partition: partition::PartitionText,
    pub rival: rival::RivalText,
    pub reassign: reassign::ReassignText,
    pub discard: discard::DiscardText,
    pub goal: goal::GoalText,
    pub scope: scope::ScopeText,
    pub plan: plan::PlanText,
    pub impossible: impossible::ImpossibleText,
    pub pace: pace::PaceText,
    pub job: job::JobText,
    pub why: why::WhyText,
    pub restart: restart::Restart,
    pub login: login::Login,
    pub people: people::People,
    pub audit: audit::AuditText,
}

static EN: Text = Text {
    lang: Lang::En,
    age: age::EN,
    shell: shell::EN,
    list: list::EN,
    source: source::EN,
    fault: fault::EN,
    finding: finding::EN,
    config: config::EN,
    copy: copy::EN,
    change: change::EN,
    moves: moves::EN,
    form: form::EN,
    objection: objection::EN,
    not_found: not_found::EN,
    brokers: brokers::EN,
    groups: groups::EN,
    search: search::EN,
    clusters: clusters::EN,
    cluster: cluster::EN,
    topics: topics::EN,
    topic: topic::EN,
    partition: partition::EN,
    rival: rival::EN,
    reassign: reassign::EN,
    discard: discard::EN,
    goal: goal::EN,
    scope: scope::EN,
    plan: plan::EN,
    impossible: impossible::EN,
    pace: pace::EN,
    job: job::EN,
    why: why::EN,
    restart: restart::EN,
    login: login::EN,
    people: people::EN,
    audit: audit::EN,
};

static KO: Text = Text {
    lang: Lang::Ko,
    age: age::KO,
    shell: shell::KO,
    list: list::KO,
    source: source::KO,
    fault: fault::KO,
    finding: finding::KO,
    config: config::KO,
    copy: copy::KO,
    change: change::KO,
    moves: moves::KO,
    form: form::KO,
    objection: objection::KO,
    not_found: not_found::KO,
    brokers: brokers::KO,
    groups: groups::KO,
    search: search::KO,
    clusters: clusters::KO,
    cluster: cluster::KO,
    topics: topics::KO,
    topic: topic::KO,
    partition: partition::KO,
    rival: rival::KO,
    reassign: reassign::KO,
    discard: discard::KO,
    goal: goal::KO,
    scope: scope::KO,
    plan: plan::KO,
    impossible: impossible::KO,
    pace: pace::KO,
    job: job::KO,
    why: why::KO,
    restart: restart::KO,
    login: login::KO,
    people: people::KO,
    audit: audit::KO,
};

/// `1 topic`, `1,284 topics`: English only; Korean counts with a fixed word.
fn plural(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(count)) }
}

/// `1,284`: the same grouping in both languages.
fn grouped(count: u64) -> String {
    model::format::count(i64::try_from(count).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn the_reader_s_first_known_language_wins() {
        assert_eq!(Lang::negotiate("ko-KR,ko;q=0.9,en;q=0.8"), Lang::Ko);
        assert_eq!(Lang::negotiate("de,en;q=0.5,ko;q=0.7"), Lang::Ko);
        assert_eq!(Lang::negotiate("fr"), Lang::En);
        assert_eq!(Lang::negotiate(""), Lang::En);
    }
}
