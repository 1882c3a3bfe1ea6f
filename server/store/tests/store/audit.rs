use crate::fixture::*;
use model::audit::{Entry, Event, Filter};
use model::change::Outcome;
use store::{Intent, Store, Visible};

fn seqs(entries: &[Entry]) -> Vec<i64> {
    entries.iter().map(|entry| entry.seq).collect()
}

#[tokio::test]
async fn entries_are_numbered_and_chained() {
    let (folder, store) = store().await;
    let first = store.append(&record(1, "alice", None, Event::SignedIn)).await.unwrap();
    let second = store.append(&record(2, "alice", None, Event::SignedOut)).await.unwrap();
    assert_eq!((first.seq, second.seq), (1, 2));
    assert_eq!(second.hash.len(), 64);
    assert_eq!(store.entries_after(0, 10).await.unwrap(), [first, second.clone()]);
    assert_eq!(store.entries_after(1, 10).await.unwrap(), std::slice::from_ref(&second));
    assert_eq!(seqs(&store.entries_after(0, 1).await.unwrap()), [1]);
    store.close().await;
    let store = Store::open(folder.path()).await.unwrap();
    assert_eq!(store.append(&record(3, "bob", None, Event::SignedIn)).await.unwrap().seq, 3);
    let verification = store.verify().await.unwrap();
    assert_eq!((verification.entries, verification.broken), (3, None));
}

#[tokio::test]
async fn the_same_submission_is_one_intent() {
    let (_folder, store) = store().await;
    let Intent::New(entry) = store.intent(&intent(7, "prod", "orders")).await.unwrap() else { panic!("it is new") };
    assert_eq!(entry.seq, 1);
    let Intent::AlreadyThere(known) = store.intent(&intent(7, "prod", "orders")).await.unwrap() else {
        panic!("it is there")
    };
    assert_eq!((known.id.clone(), known.outcome, known.finished_at), (id(7), None, None));
    store.append(&outcome(7, "prod", Outcome::Done)).await.unwrap();
    let Intent::AlreadyThere(known) = store.intent(&intent(7, "prod", "orders")).await.unwrap() else {
        panic!("it is there")
    };
    assert_eq!(known.outcome, Some(Outcome::Done));
    assert_eq!(store.entries_after(0, 10).await.unwrap().len(), 2);
    assert!(store.append(&intent(7, "prod", "orders")).await.is_err());
    assert!(store.intent(&outcome(7, "prod", Outcome::Done)).await.is_err());
    assert_eq!(store.write_trouble(), None, "a mistake is no trouble");
}

#[tokio::test]
async fn the_latest_outcome_counts() {
    let (_folder, store) = store().await;
    for number in 1..=4 {
        store.intent(&intent(number, "prod", "orders")).await.unwrap();
    }
    store.append(&outcome(1, "prod", Outcome::Done)).await.unwrap();
    store.append(&outcome(2, "prod", Outcome::Unknown)).await.unwrap();
    store.append(&outcome(3, "prod", Outcome::Unknown)).await.unwrap();
    store.append(&outcome(3, "prod", Outcome::Refused)).await.unwrap();
    let unfinished = store.unfinished().await.unwrap();
    assert_eq!(unfinished.iter().map(|change| change.id.clone()).collect::<Vec<_>>(), [id(2), id(4)]);
    let change = store.change(&id(3)).await.unwrap().unwrap();
    assert_eq!((change.outcome, change.actor.as_str(), change.at.0), (Some(Outcome::Refused), "alice", 1003));
    assert_eq!(change.finished_at.map(|at| at.0), Some(2003));
    assert_eq!(store.change(&id(99)).await.unwrap(), None);
}

async fn mixed() -> (tempfile::TempDir, Store) {
    let (folder, store) = store().await;
    store.append(&record(1, "alice", None, Event::SignedIn)).await.unwrap();
    store.intent(&intent(1, "prod", "orders")).await.unwrap();
    store.append(&outcome(1, "prod", Outcome::Done)).await.unwrap();
    store.append(&record(4, "bob (token ab12)", Some("dev"), Event::SignedOut)).await.unwrap();
    store.append(&record(5, "bob", None, Event::SignInFailed { user: "Zoë \"x\"".into() })).await.unwrap();
    store.append(&record(6, "bobby", Some("test"), Event::SignedOut)).await.unwrap();
    (folder, store)
}

#[tokio::test]
async fn lists_show_what_was_asked_for() {
    let (_folder, store) = mixed().await;
    let all = Filter { page: 1, per: 100, ..Filter::default() };
    let actor = |name: &str| Filter { actor: Some(name.into()), ..all.clone() };
    let words = |q: &str| Filter { q: q.into(), ..all.clone() };
    let cases = [
        (all.clone(), vec![6, 5, 4, 3, 2, 1]),
        (Filter { events: vec!["intent".into(), "outcome".into()], ..all.clone() }, vec![3, 2]),
        (Filter { cluster: Some(cluster("prod")), ..all.clone() }, vec![3, 2]),
        (actor("alice"), vec![3, 2, 1]),
        (actor("bob"), vec![5, 4]),
        (actor("bob (token ab12)"), vec![4]),
        (words("ORDERS"), vec![3, 2]),
        (words("create_topic alice"), vec![2]),
        (words("zoë"), vec![5]),
        (words("\"x\""), vec![5]),
        (words("10.0.0.1 dev"), vec![4]),
        // Names of JSON fields are not what people search for.
        (words("commands"), vec![]),
        (Filter { events: vec!["signed_out".into()], ..words("bob") }, vec![6, 4]),
    ];
    for (filter, expected) in cases {
        let page = store.entries(&filter, Visible::All).await.unwrap();
        assert_eq!(seqs(&page.items), expected, "{filter:?}");
        assert_eq!(page.total as usize, expected.len(), "{filter:?}");
    }
}

#[tokio::test]
async fn what_is_out_of_sight_is_neither_shown_nor_counted() {
    let (_folder, store) = mixed().await;
    for q in ["", "1"] {
        let filter = Filter { q: q.into(), page: 1, per: 100, ..Filter::default() };
        let names = [cluster("prod"), cluster("test")];
        for (names, others, expected) in [
            (&names[..], false, vec![6, 3, 2]),
            (&names[..1], true, vec![5, 3, 2, 1]),
            (&[], true, vec![5, 1]),
            (&[], false, vec![]),
        ] {
            let page = store.entries(&filter, Visible::Clusters { names, others }).await.unwrap();
            assert_eq!((seqs(&page.items), page.total as usize), (expected.clone(), expected.len()), "{q:?}");
        }
    }
}

#[tokio::test]
async fn pages_cut_the_list_and_the_last_one_stands_for_all_beyond() {
    let (_folder, store) = store().await;
    for at in 1..=7 {
        store.append(&record(at, "alice", None, Event::SignedIn)).await.unwrap();
    }
    for q in ["", "alice"] {
        for (page, expected, number) in [(1, vec![7, 6, 5], 1), (2, vec![4, 3, 2], 2), (3, vec![1], 3), (9, vec![1], 3)]
        {
            let filter = Filter { q: q.into(), page, per: 3, ..Filter::default() };
            let page = store.entries(&filter, Visible::All).await.unwrap();
            assert_eq!((seqs(&page.items), page.page, page.total, page.per), (expected, number, 7, 3), "{q:?}");
        }
        let filter = Filter { q: q.into(), page: 4, per: 7, ..Filter::default() };
        assert_eq!(store.entries(&filter, Visible::All).await.unwrap().items.len(), 7);
        let nothing =
            Filter { q: q.into(), actor: Some("nobody".into()), page: 2, per: 0, events: vec![], cluster: None };
        let page = store.entries(&nothing, Visible::All).await.unwrap();
        assert_eq!((page.total, page.page, page.per, page.items.len()), (0, 1, 1, 0));
    }
}

#[tokio::test]
async fn appends_from_everywhere_keep_one_chain() {
    let (folder, store) = store().await;
    let other = Store::open(folder.path()).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8_u8 {
        let store = if task % 2 == 0 { store.clone() } else { other.clone() };
        tasks.spawn(async move {
            for at in 0..20 {
                store.append(&record(at, &format!("task-{task}"), None, Event::SignedIn)).await.unwrap();
            }
        });
    }
    // All submit the same form.
    for _ in 0..4 {
        let store = store.clone();
        tasks.spawn(async move { drop(store.intent(&intent(1, "prod", "orders")).await.unwrap()) });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let verification = other.verify().await.unwrap();
    assert_eq!((verification.entries, verification.broken), (161, None));
}

#[tokio::test]
async fn going_back_by_number_finds_everything_once_while_more_comes() {
    let (_folder, store) = store().await;
    for at in 1..=1_000 {
        let actor = if at % 2 == 0 { "alice" } else { "bob" };
        store.append(&record(at, actor, None, Event::SignedIn)).await.unwrap();
    }
    assert_eq!(store.newest_entry().await.unwrap(), 1_000);
    for (q, actor, step, expected) in
        [("", None, 500, 1_000), ("", Some("alice"), 100, 500), ("alice", None, 250, 500), ("nowhere", None, 9, 0)]
    {
        let filter = Filter { q: q.into(), actor: actor.map(str::to_owned), ..Filter::default() };
        let first = store.newest_entry().await.unwrap() + 1;
        let (mut seq, mut found) = (first, Vec::new());
        loop {
            let entries = store.entries_before(&filter, seq, step, Visible::All).await.unwrap();
            found.extend(seqs(&entries));
            let Some(last) = entries.last().filter(|_| entries.len() == step as usize) else { break };
            seq = last.seq;
            store.append(&record(0, "carol", None, Event::SignedOut)).await.unwrap();
        }
        found.retain(|seq| *seq <= 1_000);
        assert_eq!(found.len(), expected, "{q:?} {actor:?}");
        assert!(found.is_sorted_by(|a, b| a > b), "{q:?} {actor:?}");
    }
    let none = Visible::Clusters { names: &[], others: false };
    assert!(store.entries_before(&Filter::default(), i64::MAX, 9, none).await.unwrap().is_empty());
}

/// As a newer version might have written it.
#[tokio::test]
async fn a_change_of_another_version_does_not_hide_the_others() {
    let (folder, store) = store().await;
    store.intent(&intent(1, "prod", "orders")).await.unwrap();
    let body = serde_json::to_string(&intent(2, "prod", "orders")).unwrap().replace("create_topic", "paint_topic");
    let raw = raw(&folder).await;
    let (insert, head) =
        ("INSERT INTO audit (seq, body, hash) VALUES (2, $1, zeroblob(32))", "UPDATE audit_head SET seq = 2");
    sqlx::query(insert).bind(body).execute(&raw).await.unwrap();
    sqlx::query(head).execute(&raw).await.unwrap();
    store.intent(&intent(3, "prod", "orders")).await.unwrap();
    let unfinished = store.unfinished().await.unwrap();
    assert_eq!(unfinished.iter().map(|change| change.id.clone()).collect::<Vec<_>>(), [id(1), id(3)]);
}
