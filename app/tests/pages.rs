//! Every page rendered in both languages over a made-up cluster in which strangers chose the names.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking")]

mod staff;

use app::console::{Console, Trouble};
use app::text::Lang;
use app::visit::{Theme, Visit};
use futures::StreamExt;
use futures::executor::block_on;
use leptos::config::LeptosOptions;
use leptos::prelude::{Owner, RenderHtml, provide_context};
use leptos_router::location::RequestUrl;
use model::query::url;
use model::synthetic::{OBSERVED_AT, synthetic};
use model::{ClusterName, Fault, FaultKind, GroupId, Observations, Observed, Snapshot, Timestamp};
use staff::{HOSTILE, Staff};
use std::cell::Cell;
use std::sync::Arc;

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
    let world: Arc<dyn Console> = world.clone();
    render_for(&world, address, lang, true)
}

/// Renders as the server does: to the end, so that pages which wait are whole too.
fn render_for(world: &Arc<dyn Console>, address: &str, lang: Lang, is_open: bool) -> (u16, String) {
    let _ = any_spawner::Executor::init_futures_executor();
    STATUS.set(200);
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(RequestUrl::new(address));
        provide_context(Visit {
            console: Arc::clone(world),
            lang,
            text: lang.text(),
            theme: Theme::System,
            now: OBSERVED_AT,
            path: path.to_owned(),
            query: url::pairs(query).collect(),
            set_status: |status| STATUS.set(status),
            redirect: |_| {},
            is_open,
        });
        app::document(LeptosOptions::builder().output_name("app").build()).to_html_stream_in_order()
    });
    let html = block_on(html.collect::<String>());
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

/// As an admin sees Steward.
fn staff() -> Staff {
    let clusters = world().0.clone();
    let log = clusters.first().map(|snapshot| staff::log(&snapshot.cluster)).unwrap_or_default();
    Staff { clusters, actor: staff::admin(), users: Ok(staff::users()), log, kept: None }
}

fn seen_by(staff: Staff, address: &str, lang: Lang) -> (u16, String) {
    let world: Arc<dyn Console> = Arc::new(staff);
    render_for(&world, address, lang, false)
}

fn note(pairs: &[(&str, &str)]) -> Option<String> {
    Some(pairs.iter().map(|(name, value)| format!("{name}={}", url::segment(value))).collect::<Vec<_>>().join("&"))
}

const ABOUT_PEOPLE: [&str; 9] = [
    "/users",
    "/users/alice",
    "/users/carol",
    "/account",
    "/audit",
    "/audit?q=alice&show=changes,users&actor=alice&page=2&per=5&cluster=elsewhere",
    "/audit?q=nobody-of-that-name",
    "/login",
    "/login?back=%2Fusers&failed=1",
];

#[test]
fn pages_about_people_stand_in_both_languages() {
    for address in ABOUT_PEOPLE {
        for lang in [Lang::En, Lang::Ko] {
            let (status, html) = seen_by(staff(), address, lang);
            assert_eq!(status, 200, "{address}");
            assert_eq!(html.matches("<h1").count(), 1, "{address}");
            assert_eq!(html.matches("<main").count(), 1, "{address}");
            assert!(!html.contains(" style="), "the policy forbids inline style: {address}");
            assert!(!html.contains("<script>alert"), "{address}");
        }
    }
    let (_, log) = seen_by(staff(), "/audit", Lang::En);
    assert!(log.contains("Sign-in failed as &lt;/title&gt;&lt;script&gt;"), "the name that was tried is told");
    assert!(log.contains("Create topic orders with 6 partitions, 3 copies each"), "a change is told in words");
    let (_, user) = seen_by(staff(), "/users/alice", Lang::En);
    assert!(user.contains("title=\"&lt;/title&gt;"), "the browser's own description is there on pointing at it");
}

#[test]
fn who_may_not_is_told_which_role_is_missing() {
    let viewer = || Staff {
        actor: model::access::Actor::user("dave", vec![model::access::Grant::everywhere(model::access::Role::Viewer)]),
        ..staff()
    };
    for (address, role) in
        [("/users", "Admin"), ("/users/alice", "Admin"), ("/audit", "Operator"), ("/denied?needs=operator", "Operator")]
    {
        let (status, html) = seen_by(viewer(), address, Lang::En);
        assert_eq!(status, 403, "{address}");
        assert!(html.contains(&format!("This needs the role {role}.")) && html.contains("dave"), "{address}");
        assert!(!html.contains("nightly-report"), "nothing of others is told: {address}");
    }
    let (_, html) = seen_by(viewer(), "/account", Lang::En);
    assert!(
        !html.contains("href=\"/users\"") && !html.contains("href=\"/audit\""),
        "nothing is offered that is denied"
    );
    let nobody = || Staff { actor: model::access::Actor::nobody(), ..staff() };
    let (status, html) = seen_by(nobody(), "/denied?needs=admin", Lang::En);
    assert!(status == 403 && html.contains("Sign in first."));
}

#[test]
fn the_sign_in_page_does_not_tell_who_exists() {
    let nobody = || Staff { actor: model::access::Actor::nobody(), ..staff() };
    let (status, html) = seen_by(nobody(), "/login?failed=1&back=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", Lang::En);
    assert_eq!(status, 200);
    assert!(html.contains("The name or the password is wrong.") && !html.contains("<script>alert"));
    assert!(html.contains("autocomplete=\"username\"") && html.contains("autocomplete=\"current-password\""));
    assert!(!html.contains("alice") && !html.contains("class=\"rail\""), "nothing is told to strangers");
    let (_, html) = seen_by(nobody(), "/login?throttled=30", Lang::En);
    assert!(html.contains("Try again in 30 seconds."));
    let (_, html) = seen_by(nobody(), "/login?throttled=soon", Lang::En);
    assert!(html.contains("Try again in 1 second."));
    let world: Arc<dyn Console> = Arc::new(nobody());
    assert!(render_for(&world, "/login", Lang::En, true).1.contains("steward user add NAME --role admin"));
}

#[test]
fn what_was_refused_is_told_at_its_form_and_secrets_once() {
    let kept = note(&[
        ("form", "add"),
        ("is", "refusal"),
        ("said", HOSTILE),
        ("typed.name", "frank\"><script>alert(2)"),
        ("typed.role", "operator"),
        ("typed.clusters", "prod-*"),
        ("typed.topics", ""),
    ]);
    let (_, html) = seen_by(Staff { kept, ..staff() }, "/users?note=k", Lang::En);
    assert!(
        html.contains("value=\"frank&quot;&gt;&lt;script&gt;alert(2)\"") && html.contains("value=\"prod-*\""),
        "{html}"
    );
    assert!(html.contains("data-once") && !html.contains("<script>alert"));
    let kept = note(&[("said", "The token is ready"), ("secret", "st_7fa2_secret")]);
    let (_, html) = seen_by(Staff { kept: kept.clone(), ..staff() }, "/account?note=k", Lang::En);
    assert!(html.contains("Bearer st_7fa2_secret"));
    let (_, html) = seen_by(Staff { kept, ..staff() }, "/account?note=other", Lang::En);
    assert!(!html.contains("st_7fa2_secret"));
}

#[test]
fn a_silent_store_is_told_and_nothing_is_invented() {
    let users = || Err(Trouble(HOSTILE.to_owned()));
    for address in ["/users", "/users/alice", "/account"] {
        let (status, html) = seen_by(Staff { users: users(), ..staff() }, address, Lang::Ko);
        assert_eq!(status, 503, "{address}");
        assert!(html.contains("Steward 저장소가 응답하지 않습니다") && !html.contains("<script>alert"), "{address}");
    }
    assert_eq!(seen_by(staff(), "/users/nobody-of-that-name", Lang::En).0, 404);
}

#[test]
fn an_open_steward_says_so_on_every_page() {
    let world = world();
    for address in ["/", "/nowhere", "/clusters/dead"] {
        let (_, html) = render(&world, address, Lang::En);
        assert!(html.contains("Anybody who reaches this address may change everything."), "{address}");
    }
    let (_, html) = seen_by(staff(), "/", Lang::En);
    assert!(!html.contains("Anybody who reaches this address"));
    assert!(html.contains("read-only") && html.contains("action=\"/logout\""));
}
