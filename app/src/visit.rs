//! What one request asks for and how its reader likes it: the one context value of every page.

use crate::console::Console;
use crate::text::{Lang, Text};
use leptos::prelude::use_context;
use model::Timestamp;
use model::query::url::segment;
use std::sync::Arc;

#[derive(Clone)]
pub struct Visit {
    pub console: Arc<dyn Console>,
    pub lang: Lang,
    pub text: &'static Text,
    pub theme: Theme,
    /// The moment by which this page tells ages.
    pub now: Timestamp,
    /// The path as requested, still percent-encoded.
    pub path: String,
    /// The decoded query, in order.
    pub query: Arc<[(String, String)]>,
    /// Sets the HTTP status of the answer being rendered.
    pub set_status: fn(u16),
    /// Lets the answer be a redirect to an address of this site.
    pub redirect: fn(&str),
    /// Steward has no users: whoever reaches it may do everything.
    pub is_open: bool,
}

/// Light or dark, by the reader's choice or the system's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub fn parse(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Visit {
    /// The first value of a query parameter.
    pub fn query(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// This page's own address.
    pub fn here(&self) -> String {
        self.with(&[])
    }

    /// This page's address with some query parameters set, or dropped where the value is empty; all others stay.
    /// A change of what is listed starts again at its first page, so `page` goes unless it is among the changes.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let mut address = self.own_path();
        let mut mark = '?';
        let kept = self.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(|(name, value)| {
            !value.is_empty()
                && !changes.iter().any(|(changed, _)| changed == name)
                && (changes.is_empty() || *name != "page")
        });
        for (name, value) in kept.chain(changes.iter().copied().filter(|(_, value)| !value.is_empty())) {
            address.push(mark);
            address += &format!("{}={}", segment(name), segment(value));
            mark = '&';
        }
        address
    }

    /// Never starts with two slashes, which a browser would take for another host.
    pub fn own_path(&self) -> String {
        format!("/{}", self.path.trim_start_matches(['/', '\\']))
    }
}

/// The current request's visit; the server provides it to every page it renders.
pub fn visit() -> Option<Visit> {
    use_context()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Snapshot;

    struct Nothing;

    impl Console for Nothing {
        fn clusters(&self) -> Vec<Arc<Snapshot>> {
            Vec::new()
        }

        fn cluster(&self, _: &str) -> Option<Arc<Snapshot>> {
            None
        }

        fn now(&self) -> Timestamp {
            Timestamp(0)
        }
    }

    fn visit(path: &str, query: &[(&str, &str)]) -> Visit {
        Visit {
            console: Arc::new(Nothing),
            lang: Lang::En,
            text: Lang::En.text(),
            theme: Theme::System,
            now: Timestamp(0),
            path: path.to_owned(),
            query: query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            set_status: |_| {},
            redirect: |_| {},
            is_open: true,
        }
    }

    #[test]
    fn a_changed_list_starts_at_its_first_page() {
        let visit = visit("/clusters/a/topics", &[("q", "a b&c"), ("sort", "size"), ("page", "3")]);
        assert_eq!(visit.here(), "/clusters/a/topics?q=a%20b%26c&sort=size&page=3");
        assert_eq!(visit.with(&[("sort", "name")]), "/clusters/a/topics?q=a%20b%26c&sort=name");
        assert_eq!(visit.with(&[("page", "4")]), "/clusters/a/topics?q=a%20b%26c&sort=size&page=4");
        assert_eq!(visit.with(&[("q", ""), ("sort", "")]), "/clusters/a/topics");
    }

    #[test]
    fn no_path_leads_to_another_host() {
        assert_eq!(visit("//evil.example/a", &[]).here(), "/evil.example/a");
        assert_eq!(visit("/\\evil.example", &[]).here(), "/evil.example");
    }
}
