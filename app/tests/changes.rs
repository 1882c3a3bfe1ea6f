//! Forms, reviews and outcomes of changes in both languages, over a made-up cluster in which strangers chose the names.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking")]

use app::console::{Console, Obstacle, Pending, Submission, Trouble};
use app::text::Lang;
use app::visit::{Theme, Visit};
use futures::StreamExt;
use futures::executor::block_on;
use leptos::config::LeptosOptions;
use leptos::prelude::{Owner, RenderHtml, provide_context};
use leptos_router::location::RequestUrl;
use model::access::{Actor, Grant, Role};
use model::audit::{ChangeId, ChangeRecord};
use model::change::{Change, Item, ItemOutcome, Outcome, Preview, Reason, Refusal, Setting};
use model::query::url;
use model::synthetic::{OBSERVED_AT, synthetic};
use model::{GroupId, Snapshot, Timestamp, TopicName};
use std::cell::Cell;
use std::future::ready;
use std::sync::Arc;

const HOSTILE: &str = "</title><script>alert(1)</script>\"'&?#/..";
const ID: &str = "0123456789abcdef0123456789abcdef";

/// One cluster, and how its changes end.
struct World {
    snapshot: Arc<Snapshot>,
    actor: Actor,
    outcome: Option<Outcome>,
    /// What the brokers' dry run says.
    refusal: Option<Refusal>,
}

impl World {
    fn setting(&self) -> Setting<'_> {
        Setting {
            snapshot: &self.snapshot,
            bootstrap: "b:9092",
            is_secured: true,
            now: OBSERVED_AT,
            jobs: &[],
            elections_every: None,
        }
    }

    fn record(&self) -> ChangeRecord {
        let topic = self.topic();
        let change = Change::DeleteTopics(model::change::DeleteTopics { topic: Some(topic), ..Default::default() });
        let preview = change.preview(&self.setting());
        let refused =
            ItemOutcome::Refused { code: 73, name: "TOPIC_DELETION_DISABLED".to_owned(), message: HOSTILE.to_owned() };
        ChangeRecord {
            id: ChangeId::parse(ID).expect("an id"),
            cluster: self.snapshot.cluster.clone(),
            actor: format!("alice {HOSTILE}"),
            address: HOSTILE.to_owned(),
            at: OBSERVED_AT,
            change: preview.change,
            diff: preview.diff,
            commands: preview.commands,
            outcome: self.outcome,
            items: vec![Item { item: HOSTILE.to_owned(), outcome: refused }],
            finished_at: None,
        }
    }

    /// One with a hostile name.
    fn topic(&self) -> TopicName {
        let hostile = self.snapshot.topics.iter().find(|topic| topic.name.as_str().contains('<'));
        hostile.map(|topic| topic.name.clone()).expect("a hostile topic")
    }
}

impl Console for World {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        vec![self.snapshot.clone()]
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        (self.snapshot.cluster.as_str() == name).then(|| self.snapshot.clone())
    }

    fn now(&self) -> Timestamp {
        OBSERVED_AT
    }

    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn review<'a>(&'a self, _: &'a str, change: Change) -> Pending<'a, Option<Preview>> {
        let mut preview = change.preview(&self.setting());
        preview.refusals.extend(self.refusal.clone());
        Box::pin(ready(Some(preview)))
    }

    fn submit<'a>(&'a self, _: &'a str, _: Submission) -> Pending<'a, Result<ChangeRecord, Obstacle>> {
        Box::pin(ready(Ok(self.record())))
    }

    fn change<'a>(&'a self, _: &'a str, id: &'a ChangeId) -> Pending<'a, Result<Option<ChangeRecord>, Trouble>> {
        Box::pin(ready(Ok((id.as_str() == ID).then(|| self.record()))))
    }

    fn take(&self, key: &str) -> Option<String> {
        (key == "k").then(|| HOSTILE.to_owned())
    }
}

fn world() -> World {
    let mut facts = synthetic(120, 6, 6, 1);
    let mut groups = facts.groups.get().cloned().unwrap_or_default();
    if let Some(group) = groups.first_mut() {
        group.id = GroupId::new(HOSTILE);
    }
    facts.groups.record(Ok(Arc::new(groups)), OBSERVED_AT, 1);
    let mut metadata = facts.metadata.get().cloned().expect("metadata");
    if let Some(topic) = metadata.topics.get_mut(5) {
        topic.name = TopicName::from_broker(HOSTILE);
    }
    facts.metadata.record(Ok(Arc::new(metadata)), OBSERVED_AT, 1);
    let snapshot = Arc::new(Snapshot::build(Arc::new(facts), 1, OBSERVED_AT));
    World { snapshot, actor: Actor::local(), outcome: Some(Outcome::Done), refusal: None }
}

thread_local! {
    static STATUS: Cell<u16> = const { Cell::new(200) };
}

fn render(world: World, address: &str, lang: Lang) -> (u16, String) {
    let _ = any_spawner::Executor::init_futures_executor();
    STATUS.set(200);
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(RequestUrl::new(address));
        provide_context(Visit {
            console: Arc::new(world),
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
        app::document(LeptosOptions::builder().output_name("app").build()).to_html_stream_in_order()
    });
    let html = block_on(html.collect::<String>());
    (STATUS.get(), html)
}

fn en(address: &str) -> String {
    render(world(), address, Lang::En).1
}

const CLUSTER: &str = "/clusters/synthetic";

/// Every page of changes, hostile wherever a stranger could be.
fn addresses() -> Vec<String> {
    let bad = url::segment(HOSTILE);
    let good = world()
        .snapshot
        .topics
        .iter()
        .find(|topic| !topic.is_internal && topic.name.as_str() != HOSTILE)
        .expect("a topic")
        .name
        .to_string();
    [
        "/create-topic".to_owned(),
        "/create-topic?preset=work_queue&name=a.b".to_owned(),
        format!("/create-topic?like={good}"),
        format!("/create-topic?like={bad}&copy=1"),
        format!("/create-topic?name={bad}&partitions={bad}&replication_factor=9&placement=manual&assignment={bad}&config.{bad}={bad}&key={bad}&q={bad}"),
        "/create-topic?name=a&partitions=6&replication_factor=3&placement=kafka&config.retention.ms=5&drop=retention.ms".to_owned(),
        "/grow-partitions".to_owned(),
        format!("/grow-partitions?topic={good}"),
        format!("/grow-partitions?topic={good}&topic={bad}&total=24&placement=balanced"),
        format!("/grow-partitions?topic={bad}&total={bad}&placement=manual&assignment={bad}"),
        "/edit-configs".to_owned(),
        format!("/edit-configs?topic={good}&key=retention.ms"),
        format!("/edit-configs?topic={good}&topic={bad}&set.retention.ms={bad}&reset=cleanup.policy&set.{bad}=1"),
        "/brokers/1/edit-configs?key=num.network.threads&set.num.network.threads=5".to_owned(),
        "/brokers/default/edit-configs?set.broker.id=7".to_owned(),
        "/delete-records".to_owned(),
        format!("/delete-records?topic={good}"),
        format!("/delete-records?topic={good}&to=end"),
        format!("/delete-records?topic={bad}&to=offset&offset={bad}"),
        format!("/delete-records?topic={good}&to=time&time=2026-01-01T00:00"),
        format!("/delete-records?topic={good}&to=partitions&partition.0=5&partition.1={bad}"),
        "/elections".to_owned(),
        "/topics?select=1&all=1&show=internal".to_owned(),
        format!("/topics/{bad}"),
        format!("/topics/{good}/config?change={ID}"),
        "/brokers/1".to_owned(),
        "/brokers/1/config".to_owned(),
        "/changes/review?kind=create_topic&name=a.b&partitions=6&replication_factor=3&placement=balanced".to_owned(),
        format!("/changes/review?kind=create_topic&name={bad}&partitions=x"),
        format!("/changes/review?kind=grow_partitions&topic={bad}&total=12&placement=balanced&said=changed"),
        format!("/changes/review?kind=delete_topics&topic={bad}&topic={good}&said=store&note=k"),
        format!("/changes/review?kind=delete_records&topic={good}&to=end&said=consent"),
        "/changes/review?kind=elect_leaders&election=preferred&scope=all&said=refused".to_owned(),
        "/changes/review?kind=edit_broker_configs&broker=1&set.num.network.threads=5".to_owned(),
        format!("/changes/{ID}"),
    ]
    .into_iter()
    .map(|below| format!("{CLUSTER}{below}"))
    .collect()
}

#[test]
fn every_page_of_changes_stands_in_both_languages() {
    for address in addresses() {
        for lang in [Lang::En, Lang::Ko] {
            let (status, html) = render(world(), &address, lang);
            assert_eq!(status, 200, "{address}");
            assert_eq!(html.matches("<h1").count(), 1, "{address}");
            assert_eq!(html.matches("<main").count(), 1, "{address}");
            assert!(!html.contains(" style="), "the policy forbids inline style: {address}");
            assert!(!html.contains("<script>alert"), "{address}");
        }
    }
}

/// What a browser would send of a page's fields: names and values of its inputs, selects and text areas.
fn values_of(html: &str, name: &str) -> Vec<String> {
    let at = format!("name=\"{name}\"");
    let tags = html.split('<').filter(|tag| tag.starts_with("input") && tag.contains(&at));
    tags.filter_map(|tag| Some(tag.split_once("value=\"")?.1.split_once('"')?.0.to_owned())).collect()
}

#[test]
fn fields_keep_what_was_entered_and_say_what_is_wrong() {
    let html = en(&format!(
        "{CLUSTER}/create-topic?name=orders+x&partitions=0&replication_factor=3&placement=balanced&config.retention.ms=soon&key=retention.ms&q=segment"
    ));
    assert_eq!(values_of(&html, "name"), ["orders x"]);
    assert_eq!(values_of(&html, "partitions"), ["0"]);
    assert_eq!(values_of(&html, "config.retention.ms"), ["soon"], "a search for other settings loses nothing");
    for id in ["f-name", "f-partitions", "f-config.retention.ms"] {
        let field = html.split('<').find(|tag| tag.contains(&format!("id=\"{id}\""))).expect("the field");
        assert!(field.contains("aria-invalid=\"true\"") && field.contains("aria-describedby=\"f-"), "{field}");
        let label = format!("for=\"{id}\"");
        assert!(html.contains(&label), "{id} has a label");
    }
    assert!(
        html.contains("a topic name has only letters") || html.contains("A topic name has only letters"),
        "the rule is told"
    );
    assert!(html.contains("a whole number from"), "the type is told");
}

#[test]
fn a_name_is_checked_while_other_fields_are_wrong() {
    let taken = world().snapshot.topics.iter().find(|topic| !topic.is_internal).expect("a topic").name.to_string();
    let html = en(&format!("{CLUSTER}/create-topic?name={}&partitions=x&replication_factor=3", url::segment(&taken)));
    assert!(!html.contains("Free: no topic has this name"));
    let html = en(&format!("{CLUSTER}/create-topic?name=surely-free&partitions=x&replication_factor=3"));
    assert!(html.contains("Free: no topic has this name"));
}

#[test]
fn a_preset_fills_settings_and_keeps_the_name() {
    let html =
        en(&format!("{CLUSTER}/create-topic?name=kept&partitions=9&replication_factor=2&preset=compacted_table"));
    assert_eq!(values_of(&html, "name"), ["kept"]);
    assert_eq!(values_of(&html, "partitions"), ["9"]);
    assert!(html.contains("value=\"compact\" selected"), "the policy is chosen");
    assert_eq!(values_of(&html, "config.min.insync.replicas"), ["1"], "two replicas cannot both be demanded");
    assert!(values_of(&html, "preset").is_empty(), "what is entered later is not overwritten");
    // Another preset takes the place of the first, whose settings were fields.
    let html = en(&format!(
        "{CLUSTER}/create-topic?name=kept&partitions=9&replication_factor=3&key=min.cleanable.dirty.ratio&config.min.cleanable.dirty.ratio=0.1&preset=event_log"
    ));
    assert!(values_of(&html, "config.min.cleanable.dirty.ratio").is_empty());
    assert_eq!(values_of(&html, "config.retention.ms"), ["604800000"]);
}

#[test]
fn a_review_is_confirmed_by_a_plain_form() {
    let html = en(&format!("{CLUSTER}/changes/review?kind=create_topic&name=a.b&partitions=6&replication_factor=3"));
    assert!(html.contains("method=\"post\" action=\"/do/change\"") && html.contains("data-still"));
    assert_eq!(values_of(&html, "cluster"), ["synthetic"]);
    assert!(values_of(&html, "id").first().is_some_and(|id| ChangeId::parse(id).is_some()));
    assert!(values_of(&html, "change").first().is_some_and(|change| change.contains("create_topic")));
    assert_eq!(values_of(&html, "base").len(), 1);
    assert!(
        values_of(&html, "back")
            .first()
            .is_some_and(|back| back.starts_with("/clusters/synthetic/changes/review?kind=create_topic"))
    );
    assert!(values_of(&html, "consent").is_empty() && !html.contains("name=\"consent\""));
    assert!(html.contains("kafka-topics.sh"));
    let other = en(&format!("{CLUSTER}/changes/review?kind=create_topic&name=a.b&partitions=6&replication_factor=3"));
    assert_ne!(values_of(&html, "id"), values_of(&other, "id"), "each rendering is a submission of its own");
}

#[test]
fn what_is_lost_for_ever_is_typed() {
    let topic = url::segment(HOSTILE);
    let html = en(&format!("{CLUSTER}/changes/review?kind=delete_topics&topic={topic}"));
    let field = html.split('<').find(|tag| tag.contains("name=\"consent\"")).expect("a field for consent");
    assert!(field.contains("required") && field.contains("autocomplete=\"off\""), "{field}");
    assert!(html.contains("<code class=\"typed\">&lt;/title&gt;"), "what to type is shown");
}

#[test]
fn what_is_refused_cannot_be_confirmed_and_leads_back_with_all_fields() {
    let refusal = Refusal {
        item: "a.b".to_owned(),
        field: "config.retention.ms".to_owned(),
        reason: Reason::Broker { code: 44, name: "POLICY_VIOLATION".to_owned(), message: HOSTILE.to_owned() },
    };
    let world = World { refusal: Some(refusal), ..world() };
    let address = format!(
        "{CLUSTER}/changes/review?kind=create_topic&name=a.b&partitions=6&replication_factor=3&config.retention.ms=5&placement=kafka"
    );
    let (_, html) = render(world, &address, Lang::En);
    assert!(!html.contains("action=\"/do/change\""), "no way to confirm");
    assert!(html.contains("POLICY_VIOLATION: &lt;/title&gt;"), "the broker's words");
    let back = "/create-topic?name=a.b&amp;partitions=6&amp;replication_factor=3&amp;config.retention.ms=5&amp;placement=kafka";
    assert!(html.contains(back), "{html}");
}

#[test]
fn a_viewer_may_look_and_is_told_why_not_more() {
    let viewer = || World { actor: Actor::user("dave", vec![Grant::everywhere(Role::Viewer)]), ..world() };
    let address = format!("{CLUSTER}/changes/review?kind=create_topic&name=a.b&partitions=6&replication_factor=3");
    let (_, html) = render(viewer(), &address, Lang::En);
    assert!(!html.contains("action=\"/do/change\"") && html.contains("This needs the role operator here"));
    let (_, html) = render(viewer(), &format!("{CLUSTER}/topics"), Lang::En);
    assert!(html.contains("aria-disabled=\"true\"") && !html.contains("href=\"/clusters/synthetic/create-topic\""));
    assert!(!html.contains("select=1"), "nothing to select for");
}

#[test]
fn an_outcome_tells_each_item_and_stays_alive_until_it_is_known() {
    let (_, html) = render(world(), &format!("{CLUSTER}/changes/{ID}"), Lang::En);
    assert!(html.contains("TOPIC_DELETION_DISABLED (73)") && html.contains("Done"));
    assert!(!html.contains("data-unfinished"));
    for outcome in [None, Some(Outcome::Unknown)] {
        let (_, html) = render(World { outcome, ..world() }, &format!("{CLUSTER}/changes/{ID}"), Lang::En);
        assert!(html.contains("data-unfinished") && html.contains("Verifying"));
    }
    let missing = "f".repeat(32);
    for id in ["nonsense", missing.as_str()] {
        assert_eq!(render(world(), &format!("{CLUSTER}/changes/{id}"), Lang::En).0, 404, "{id}");
    }
}

#[test]
fn the_page_a_change_led_to_says_so() {
    let html = en(&format!("{CLUSTER}/topics?change={ID}"));
    assert!(html.contains("data-key=\"done\"") && html.contains(&format!("href=\"{CLUSTER}/changes/{ID}\"")));
    assert!(!en(&format!("{CLUSTER}/topics?change=nonsense")).contains("data-key=\"done\""));
}

#[test]
fn the_list_is_unchanged_until_topics_are_selected() {
    let plain = en(&format!("{CLUSTER}/topics"));
    assert!(!plain.contains("type=\"checkbox\""));
    let selecting = en(&format!("{CLUSTER}/topics?select=1&sort=size_bytes&dir=desc"));
    assert!(
        selecting.contains("type=\"checkbox\" name=\"topic\"")
            && selecting.contains("formaction=\"/clusters/synthetic/changes/review\"")
    );
    assert!(selecting.contains("/topics?select=1&amp;"), "sorting keeps it up");
}
