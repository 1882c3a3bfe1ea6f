//! Every page rendered in both languages over a made-up cluster in which strangers chose the names.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking")]

use app::console::Console;
use app::text::Lang;
use app::visit::{Theme, Visit};
use leptos::config::LeptosOptions;
use leptos::prelude::{Owner, RenderHtml, provide_context};
use leptos_router::location::RequestUrl;
use model::query::url;
use model::synthetic::{OBSERVED_AT, synthetic};
use model::{ClusterName, Fault, FaultKind, GroupId, Observations, Observed, Snapshot, Timestamp};
use std::cell::Cell;
use std::sync::Arc;

const HOSTILE: &str = "</title><script>alert(1)</script>\"'&?#/..";

struct World(Vec<Arc<Snapshot>>);

impl Console for World {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        self.0.clone()
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        self.0.iter().find(|snapshot| snapshot.cluster.as_str() == name).cloned()
    }

    fn now(&self) -> Timestamp {
        OBSERVED_AT
    }
}

/// One living cluster with a hostile group and a hostile config value, one that was never reached.
fn world() -> Arc<World> {
    let mut facts = synthetic(400, 6, 6, 1);
    let mut groups = facts.groups.get().cloned().unwrap_or_default();
    if let Some(group) = groups.first_mut() {
        group.id = GroupId::new(HOSTILE);
    }
    facts.groups.record(Ok(Arc::new(groups)), OBSERVED_AT, 1);
    let mut configs = facts.topic_configs.get().cloned().unwrap_or_default();
    for entries in configs.by_topic.values_mut() {
        let mut changed = entries.to_vec();
        if let Some(entry) = changed.first_mut() {
            entry.value = Some(HOSTILE.into());
        }
        *entries = changed.into();
    }
    facts.topic_configs = Observed::default();
    facts.topic_configs.record(Ok(Arc::new(configs)), OBSERVED_AT, 1);
    let mut dead = Observations::new(ClusterName::parse("dead").expect("a name"));
    dead.metadata.record(Err(Fault::new(FaultKind::Refused, HOSTILE)), OBSERVED_AT, 1);
    let build = |facts| Arc::new(Snapshot::build(Arc::new(facts), 1, OBSERVED_AT));
    Arc::new(World(vec![build(facts), build(dead)]))
}

thread_local! {
    static STATUS: Cell<u16> = const { Cell::new(200) };
}

fn render(world: &Arc<World>, address: &str, lang: Lang) -> (u16, String) {
    STATUS.set(200);
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let html = Owner::new().with(|| {
        provide_context(RequestUrl::new(address));
        provide_context(Visit {
            console: world.clone(),
            lang,
            text: lang.text(),
            theme: Theme::System,
            now: OBSERVED_AT,
            path: path.to_owned(),
            query: url::pairs(query).collect(),
            set_status: |status| STATUS.set(status),
            redirect: |_| {},
            is_open: true,
        });
        app::document(LeptosOptions::builder().output_name("app").build()).to_html()
    });
    (STATUS.get(), html)
}

fn addresses(world: &World) -> Vec<String> {
    let snapshot = world.0.first().expect("a cluster");
    let topic = snapshot.topics.iter().find(|topic| topic.under_replicated > 0).expect("a topic in trouble");
    let (cluster, topic) = (format!("/clusters/{}", snapshot.cluster), topic.name.as_str());
    let mut all =
        vec!["/".to_owned(), cluster.clone(), "/clusters/dead".to_owned(), "/clusters/dead/topics".to_owned()];
    for below in [
        "?balance=replicas",
        "?balance=leaders",
        "/topics",
        "/topics?sort=size&dir=desc&page=2&per=25&show=internal",
        "/topics?q=nothing-is-called-so",
        "/brokers",
        "/brokers/1",
        "/groups",
        "/search?q=script",
    ] {
        all.push(format!("{cluster}{below}"));
    }
    for below in ["", "/groups", "/config", "/config?show=changed", "/replicas", "/partitions/0"] {
        all.push(format!("{cluster}/topics/{topic}{below}"));
    }
    all.push(format!("{cluster}/groups/{}", url::segment(HOSTILE)));
    all
}

#[test]
fn every_page_stands_in_both_languages() {
    let world = world();
    for address in addresses(&world) {
        for lang in [Lang::En, Lang::Ko] {
            let (status, html) = render(&world, &address, lang);
            assert_eq!(status, 200, "{address}");
            assert_eq!(html.matches("<h1").count(), 1, "{address}");
            assert_eq!(html.matches("<main").count(), 1, "{address}");
            assert!(html.contains(&format!("lang=\"{}\"", lang.tag())), "{address}");
            assert!(!html.contains(" style="), "the policy forbids inline style: {address}");
        }
    }
}

#[test]
fn what_strangers_wrote_is_text() {
    let world = world();
    let mut seen = 0;
    for address in addresses(&world) {
        let (_, html) = render(&world, &address, Lang::En);
        assert!(!html.contains("<script>alert"), "{address}");
        seen += html.matches("&lt;script&gt;alert(1)").count();
    }
    assert!(seen > 2, "the hostile names must be on the pages at all");
}

#[test]
fn what_does_not_exist_is_not_found_and_names_come_close() {
    let world = world();
    let snapshot = world.0.first().expect("a cluster");
    let cluster = format!("/clusters/{}", snapshot.cluster);
    let topic = snapshot.topics.iter().find(|topic| !topic.is_internal).expect("a topic");
    for address in [
        "/nowhere".to_owned(),
        "/clusters/nowhere".to_owned(),
        format!("{cluster}/topics/{}x", topic.name),
        format!("{cluster}/topics/{}/partitions/999", topic.name),
        format!("{cluster}/topics/{}/partitions/zero", topic.name),
    ] {
        assert_eq!(render(&world, &address, Lang::En).0, 404, "{address}");
    }
    let (_, html) = render(&world, &format!("{cluster}/topics/{}x", topic.name), Lang::En);
    assert!(html.contains(&format!("href=\"{cluster}/topics/{}\"", topic.name)), "the topic meant is offered");
    let (status, _) = render(&world, "/clusters/dead/topics/orders", Lang::En);
    assert_eq!(status, 503, "nothing is known of this cluster, so nothing is known not to exist");
}
