//! The pages of reassignments over made-up drafts and jobs: each in both languages, and what they must say.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking")]

mod world;

use app::text::Lang;
use app::visit::Theme;
use model::access::Pattern;
use model::job::MoveState;
use model::plan::Goal;
use model::synthetic::{OBSERVED_AT, synthetic};
use model::{BrokerId, ConfigEntry, ConfigSource, Snapshot};
use std::collections::BTreeSet;
use std::sync::Arc;
use world::{LED, World, addresses, draft, id, plan, quiet, render, world};

/// With `PAGES` set to a folder the pages are also written there, to be looked at.
fn keep(name: &str, lang: Lang, html: &str) {
    let Ok(folder) = std::env::var("PAGES") else { return };
    let styled = html.replace("</head>", "<link rel=\"stylesheet\" href=\"all.css\"></head>");
    std::fs::write(format!("{folder}/{name}.{}.html", lang.tag()), styled).expect("the folder takes files");
}

#[test]
fn every_page_stands_in_both_languages() {
    let world = world();
    for (name, address) in addresses() {
        for lang in [Lang::En, Lang::Ko] {
            let (status, html) = render(&world, &address, lang, Theme::System);
            keep(name, lang, &html);
            assert_eq!(status, 200, "{address}");
            assert_eq!(html.matches("<h1").count(), 1, "{address}");
            assert!(!html.contains(" style="), "the policy forbids inline style: {address}");
            assert!(!html.contains("<script>alert"), "{address}");
        }
    }
    let (_, html) = render(&quiet(), "/clusters/synthetic/reassignments", Lang::En, Theme::System);
    keep("list-empty", Lang::En, &html);
    assert!(html.contains("Nothing is moving") && html.contains("A broker was added"));
}

#[test]
fn the_plan_tells_bounds_arrivals_and_the_way_on() {
    let world = world();
    let (_, html) =
        render(&world, &format!("/clusters/synthetic/reassignments/drafts/{}/plan", id(1)), Lang::En, Theme::System);
    for wanted in [
        "minimum: 150",
        "+1 %",
        "broker 5, 68 %",
        "Next: Pace",
        "rollback.json",
        "arrives",
        "100 of 150 partitions",
        "--reassignment-json-file",
    ] {
        assert!(html.contains(wanted), "{wanted}");
    }
}

#[test]
fn a_leftover_default_of_all_brokers_is_shown_with_its_way_out() {
    let key = "leader.replication.throttled.rate";
    let mut facts = synthetic(40, 6, 6, 1);
    facts.cluster = model::ClusterName::parse("synthetic").expect("a name");
    facts.reassignments.record(Ok(Arc::new(Vec::new())), OBSERVED_AT, 1);
    let entry = ConfigEntry {
        name: key.into(),
        value: Some("50000000".into()),
        source: ConfigSource::DynamicDefaultBroker,
        is_default: false,
        is_sensitive: false,
        is_read_only: false,
    };
    facts.broker_configs.entry(BrokerId(1)).or_default().record(Ok(Arc::new(vec![entry])), OBSERVED_AT, 1);
    let snapshot = Arc::new(Snapshot::build(Arc::new(facts), 1, OBSERVED_AT));
    let world = Arc::new(World { snapshot, drafts: Vec::new(), jobs: Vec::new(), searches: Vec::new() });
    for (lang, whose) in [(Lang::En, "all brokers (dynamic default)"), (Lang::Ko, "전체 브로커(동적 기본값)")]
    {
        let (_, html) = render(&world, "/clusters/synthetic/reassignments", lang, Theme::System);
        assert!(html.contains(&format!("data-key=\"{whose}/{key}\"")), "{html}");
        assert!(html.contains(&format!("kind=edit_broker_configs&amp;broker=default&amp;reset={key}")), "{html}");
        assert!(!html.contains("kind=clear_throttles"), "nothing else is left");
    }
}

#[test]
fn what_is_impossible_says_why_and_what_to_do() {
    let world = world();
    let (_, html) =
        render(&world, &format!("/clusters/synthetic/reassignments/drafts/{}/plan", id(2)), Lang::En, Theme::System);
    assert!(html.contains("4 replicas need 4 brokers, and only 3 may hold them."));
    assert!(html.contains("Ask for fewer replicas"));
    assert!(!html.contains("Next: Pace"));
}

#[test]
fn a_draft_that_is_gone_says_so() {
    let world = world();
    let (status, html) =
        render(&world, &format!("/clusters/synthetic/reassignments/drafts/{}/plan", id(99)), Lang::En, Theme::System);
    assert_eq!(status, 404);
    assert!(html.contains("There is no such draft"));
}

#[test]
fn a_draft_without_a_plan_has_no_review() {
    let world = world();
    render(&world, &format!("/clusters/synthetic/reassignments/drafts/{}/review", id(2)), Lang::En, Theme::System);
    assert_eq!(LED.take().as_deref(), Some(&*format!("/clusters/synthetic/reassignments/drafts/{}/plan", id(2))));
}

#[test]
fn a_plan_that_is_being_found_says_so_and_looks_again() {
    let world = world();
    let address = |number: u8| format!("/clusters/synthetic/reassignments/drafts/{}/plan", id(number));
    let page = |number: u8, lang| render(&world, &address(number), lang, Theme::System).1;
    // Whether there was a plan before or none.
    for number in [6, 8] {
        let english = page(number, Lang::En);
        for wanted in ["The plan is being found", "Begun 42 s ago", "data-unfinished"] {
            assert!(english.contains(wanted), "{wanted}");
        }
        let link = english.split("<a ").find(|link| link.contains("Look again")).expect("a way without a script");
        assert!(link.contains(&format!("href=\"{}\"", address(number))), "{link}");
        for other in ["No plan yet", "draft-replan", "Next: Pace", "rollback.json"] {
            assert!(!english.contains(other), "{other}");
        }
        assert!(page(number, Lang::Ko).contains("계획을 찾는 중입니다"));
    }
    let (_, list) = render(&world, "/clusters/synthetic/reassignments", Lang::En, Theme::System);
    assert_eq!(list.matches("The plan is being found").count(), 2);
    assert!(list.contains(&address(6)), "it goes on where it is found");
    render(&world, address(6).trim_end_matches("/plan"), Lang::En, Theme::System);
    assert_eq!(LED.take(), Some(address(6)));
}

#[test]
fn a_search_that_failed_says_why_and_can_be_begun_again() {
    let world = world();
    let address = format!("/clusters/synthetic/reassignments/drafts/{}/plan", id(7));
    let (_, html) = render(&world, &address, Lang::En, Theme::System);
    for wanted in ["999", "No plan yet", "Find the plan"] {
        assert!(html.contains(wanted), "{wanted}");
    }
    assert!(!html.contains("The plan is being found") && !html.contains("data-unfinished"));
}

#[test]
fn a_pattern_is_counted_as_it_is_typed() {
    let world = world();
    let address = format!(
        "/clusters/synthetic/reassignments/drafts/{}/scope?topics=no-such-topic&headroom=10&tolerance=5",
        id(1)
    );
    let (_, html) = render(&world, &address, Lang::En, Theme::System);
    assert!(html.contains("No topic has such a name."));
    assert!(Pattern::new("no-such-topic").matches("no-such-topic"));
}

#[test]
fn ten_thousand_changed_partitions_are_a_hundred_rows() {
    let mut facts = synthetic(2_000, 20, 12, 1);
    facts.cluster = model::ClusterName::parse("synthetic").expect("a name");
    facts.reassignments.record(Ok(Arc::new(Vec::new())), OBSERVED_AT, 1);
    let snapshot = Arc::new(Snapshot::build(Arc::new(facts), 1, OBSERVED_AT));
    let full = plan(&snapshot, 10_000);
    assert_eq!(full.moves.len(), 10_000);
    let world = Arc::new(World {
        snapshot,
        drafts: vec![draft(1, Goal::Rebalance, Some(Ok(full)))],
        jobs: Vec::new(),
        searches: Vec::new(),
    });
    let address = format!("/clusters/synthetic/reassignments/drafts/{}/plan", id(1));
    for (at, page) in ["", "?page=57", "?show=all&page=100", "?q=orders"].into_iter().enumerate() {
        let (_, html) = render(&world, &format!("{address}{page}"), Lang::En, Theme::System);
        keep(&format!("plan-large-{at}"), Lang::En, &html);
        let map = html.split("plan-map").nth(1).expect("a map");
        let rows = map.matches("data-key=").count() - map.matches("class=\"topic\"").count();
        assert!(rows <= 100 + 10, "{rows} rows on {page}");
        assert!(html.len() < 700_000, "{} bytes on {page}", html.len());
    }
}

#[test]
fn reasons_are_told_in_the_reader_s_language_and_old_ones_as_they_were_stored() {
    let world = world();
    let page = |number: u8, lang| {
        render(&world, &format!("/clusters/synthetic/reassignments/{}", id(number)), lang, Theme::System).1
    };
    let english = page(22, Lang::En);
    assert!(english.contains("orders-0, orders-1, orders-2 and 2 more: waits for broker 5, which is down"));
    assert!(english.contains("It goes on by itself once the broker is up."));
    let korean = page(22, Lang::Ko);
    assert!(korean.contains("orders-0, orders-1, orders-2 외 2개: 내려간 브로커를 기다리는 중: 브로커 5"));
    assert!(korean.contains("브로커가 복구되면 저절로 이어집니다."));
    assert!(korean.contains("Steward가 재시작되어 일시 중지했습니다."));
    for stored in ["As it was stored once.", "orders-3 was refused"] {
        assert!(korean.contains(stored), "{stored}");
    }
    assert!(!korean.contains("which is down") && !korean.contains("Paused: Steward"));
}

#[test]
fn a_failed_reassignment_says_how_much_failed_and_why_and_is_tried_again_as_a_whole() {
    let world = world();
    let address = format!("/clusters/synthetic/reassignments/{}", id(24));
    let (_, html) = render(&world, &address, Lang::En, Theme::System);
    let (job, _) = world.jobs.iter().find(|(job, _)| job.id == id(24)).expect("a failed job");
    let count = |state| job.moves.iter().filter(|one| one.state == state).count();
    let told = format!("{} of {} partitions could not be moved", count(MoveState::Failed), job.moves.len());
    assert!(html.contains(&told), "{told}");
    assert!(html.contains("broker 5 was down for too long, so it was taken back"));
    assert!(html.contains("control=retry_failed"));
    // Or they are planned anew, and nothing else is.
    let failed = job.moves.iter().filter(|one| one.state == MoveState::Failed);
    let topics: BTreeSet<&str> = failed.map(|one| one.topic.as_str()).collect();
    let scope = format!("topics={}", topics.into_iter().collect::<Vec<_>>().join("%20"));
    let anew = html.split("href=\"").find(|link| link.starts_with("/clusters/synthetic/reassignments/new?"));
    let anew = anew.and_then(|link| link.split('"').next()).expect("a link to a new plan").replace("&amp;", "&");
    assert!(anew.ends_with(&scope), "{anew} and {scope}");
    assert!(render(&world, &anew, Lang::En, Theme::System).1.contains("name=\"topics\""));
    assert!(!html.contains("Progress of empty broker 2"), "nothing is under way");
    let running = render(&world, &format!("/clusters/synthetic/reassignments/{}", id(21)), Lang::En, Theme::System).1;
    assert!(running.contains("Progress of empty broker 2"));
    let moved = format!("{} of {}", count(MoveState::Done), job.moves.len());
    let (_, list) = render(&world, "/clusters/synthetic/reassignments", Lang::En, Theme::System);
    assert!(html.contains(&moved) && list.contains(&moved), "{moved}");
}

#[test]
fn a_draft_is_thrown_away_only_after_the_question_that_names_what_is_lost() {
    let world = world();
    let list = "/clusters/synthetic/reassignments";
    let (_, before) = render(&world, list, Lang::En, Theme::System);
    assert!(before.contains(&format!("{list}?discard={}#discard", id(1))));
    assert!(!before.contains("draft-discard"), "nothing is thrown away at once");
    let (_, asked) = render(&world, &format!("{list}?discard={}", id(1)), Lang::En, Theme::System);
    for wanted in ["draft-discard", "Its plan: 150 moves", "Saved by", "Throw away for good", "Keep it"] {
        assert!(asked.contains(wanted), "{wanted}");
    }
    let (status, gone) = render(&world, &format!("{list}?discard={}", id(99)), Lang::En, Theme::System);
    assert!(status == 200 && !gone.contains("draft-discard"), "of a draft that is gone nothing is asked");
}

#[test]
fn a_plan_of_too_many_partitions_says_so_before_its_pace() {
    let mut facts = synthetic(2_000, 20, 12, 1);
    facts.cluster = model::ClusterName::parse("synthetic").expect("a name");
    facts.reassignments.record(Ok(Arc::new(Vec::new())), OBSERVED_AT, 1);
    let snapshot = Arc::new(Snapshot::build(Arc::new(facts), 1, OBSERVED_AT));
    let full = plan(&snapshot, 10_001);
    let world = Arc::new(World {
        snapshot,
        drafts: vec![draft(1, Goal::Rebalance, Some(Ok(full)))],
        jobs: Vec::new(),
        searches: Vec::new(),
    });
    let address = format!("/clusters/synthetic/reassignments/drafts/{}/plan", id(1));
    let (_, html) = render(&world, &address, Lang::En, Theme::System);
    assert!(html.contains("10,001 partitions are too many for one reassignment"));
    assert!(html.contains("scope#f-budget") && html.contains("scope#f-topics"));
    assert!(!html.contains("Next: Pace"));
}

/// Plans choose who should lead; who leads is another matter, and an election makes it so.
#[test]
fn what_an_election_would_mend_is_told_beside_the_goal_of_leaders() {
    let page = |led_elsewhere: usize| {
        let mut snapshot = Arc::clone(&quiet().snapshot);
        let topics = &mut Arc::make_mut(&mut snapshot).topics;
        let partitions = topics.iter_mut().flat_map(|topic| &mut Arc::make_mut(topic).partitions);
        for (at, partition) in partitions.enumerate() {
            partition.isr.clone_from(&partition.replicas);
            partition.leader = partition.replicas.get(usize::from(at < led_elsewhere)).copied();
        }
        let world = Arc::new(World { snapshot, drafts: Vec::new(), jobs: Vec::new(), searches: Vec::new() });
        render(&world, "/clusters/synthetic/reassignments/new", Lang::En, Theme::System).1
    };
    let html = page(7);
    assert!(html.contains("7 partitions are led by another broker now: elect"), "{html}");
    assert!(html.contains("/clusters/synthetic/elections"));
    assert!(!page(0).contains("led by another broker"));
}
