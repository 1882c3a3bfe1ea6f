//! Answers that get lost: a change is sent once, and what is not known is called unknown.

use crate::changing::{collector, name, tool};
use crate::{config, until};
use cluster::{Cluster, Listener};
use kafka::Collector;
use model::change::{Change, CreateTopic, DeleteTopics, ItemOutcome};
use model::{BrokerId, Snapshot};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const CREATE_TOPICS: i16 = 19;
const DELETE_TOPICS: i16 = 20;

/// What happens to a request of the kind that is waited for.
#[derive(Clone)]
enum Mischief {
    /// It reaches the broker; the connection is cut before the answer comes back.
    Cut,
    /// The broker freezes before it reaches it.
    Freeze(Arc<Cluster>),
    /// Nobody is let through any more.
    Close,
}

/// Stands between Steward and a broker and counts what Steward sends.
#[derive(Clone, Default)]
struct Between(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    broker: String,
    seen: BTreeMap<i16, u32>,
    awaited: Option<(i16, Mischief)>,
}

impl Between {
    fn listen(&self) -> u16 {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = door.local_addr().unwrap().port();
        let this = self.clone();
        std::thread::spawn(move || {
            for client in door.incoming().flatten() {
                let this = this.clone();
                std::thread::spawn(move || this.serve(client));
            }
        });
        port
    }

    fn serve(&self, mut client: TcpStream) -> Option<()> {
        let address = {
            let inside = self.0.lock().unwrap();
            if matches!(inside.awaited, Some((_, Mischief::Close))) {
                return None;
            }
            inside.broker.clone()
        };
        let mut broker = TcpStream::connect(address).ok()?;
        let (mut answers, mut back) = (broker.try_clone().ok()?, client.try_clone().ok()?);
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut answers, &mut back);
            let _ = back.shutdown(Shutdown::Both);
        });
        loop {
            let mut length = [0; 4];
            client.read_exact(&mut length).ok()?;
            let mut frame = vec![0; usize::try_from(i32::from_be_bytes(length)).ok()?];
            client.read_exact(&mut frame).ok()?;
            let key = i16::from_be_bytes([frame[0], frame[1]]);
            let mischief = {
                let mut inside = self.0.lock().unwrap();
                *inside.seen.entry(key).or_default() += 1;
                inside.awaited.clone().filter(|(awaited, _)| *awaited == key)
            };
            match mischief {
                Some((_, Mischief::Cut)) => {
                    client.shutdown(Shutdown::Both).ok()?;
                    broker.write_all(&length).ok()?;
                    broker.write_all(&frame).ok()?;
                    // A broker drops the work of those that have gone.
                    std::thread::sleep(Duration::from_secs(2));
                    return None;
                }
                Some((_, Mischief::Freeze(cluster))) => cluster.stop(1).unwrap(),
                _ => {}
            }
            broker.write_all(&length).ok()?;
            broker.write_all(&frame).ok()?;
        }
    }

    fn await_key(&self, key: i16, mischief: Mischief) {
        self.0.lock().unwrap().awaited = Some((key, mischief));
    }

    fn behave(&self) {
        self.0.lock().unwrap().awaited = None;
    }

    fn seen(&self, key: i16) -> u32 {
        self.0.lock().unwrap().seen.get(&key).copied().unwrap_or_default()
    }
}

fn creation(topic: &str) -> Change {
    Change::CreateTopic(CreateTopic {
        name: name(topic),
        partitions: 1,
        replication_factor: 1,
        configs: BTreeMap::new(),
        assignment: None,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_lost_is_unknown_and_nothing_is_sent_twice() {
    let between = Between::default();
    let port = between.listen();
    let advertised = format!("PLAINTEXT://127.0.0.1:{port}");
    let cluster = Cluster::builder().name("losing").brokers(1).property("advertised.listeners", &advertised);
    let cluster = Arc::new(cluster.start().unwrap());
    between.0.lock().unwrap().broker = cluster.address(1, Listener::Plaintext).unwrap();
    let mut config = config(&cluster, Listener::Plaintext);
    config.bootstrap = vec![kafka::Address::new("127.0.0.1", port)];
    let handle = Collector::start(config);
    let is_up = |snapshot: &Snapshot| snapshot.broker(BrokerId(1)).is_some_and(model::Broker::is_up);
    until(&handle, Duration::from_secs(60), "one broker", is_up).await;
    let writer = handle.writer();

    between.await_key(CREATE_TOPICS, Mischief::Cut);
    let items = writer.apply(&creation("half"), &handle.snapshot()).await;
    assert!(matches!(items[0].outcome, ItemOutcome::Unknown { .. }), "{items:?}");
    assert_eq!(between.seen(CREATE_TOPICS), 1);
    between.behave();
    let subject = [name("half")].into();
    let there = |snapshot: &Snapshot| snapshot.topic("half").is_some();
    let (_, is_there) = handle.refresh_until(&subject, &[], there, Duration::from_secs(10)).await;
    assert!(is_there, "it was done all the same, and reading tells");

    between.await_key(DELETE_TOPICS, Mischief::Freeze(Arc::clone(&cluster)));
    let delete = Change::DeleteTopics(DeleteTopics { topic: Some(name("half")), ..Default::default() });
    let items = writer.apply(&delete, &handle.snapshot()).await;
    let ItemOutcome::Unknown { message } = &items[0].outcome else { panic!("{items:?}") };
    assert!(message.contains("no answer to DeleteTopics within 30 s"), "{message}");
    assert_eq!(between.seen(DELETE_TOPICS), 1);
    between.behave();

    // Frozen: a new change does not even leave.
    let items = writer.apply(&creation("never"), &handle.snapshot()).await;
    assert!(matches!(&items[0].outcome, ItemOutcome::Refused { code: 0, name, .. } if name.is_empty()), "{items:?}");
    let frozen = handle.refresh_subject(&subject, &[]).await;
    assert!(frozen.is_err());
    cluster.cont(1).unwrap();
    let gone = |snapshot: &Snapshot| snapshot.topic("half").is_none();
    let (_, is_gone) = handle.refresh_until(&subject, &[], gone, Duration::from_secs(30)).await;
    assert!(is_gone);
    assert_eq!((between.seen(CREATE_TOPICS), between.seen(DELETE_TOPICS)), (1, 1));

    between.await_key(CREATE_TOPICS, Mischief::Close);
    let items = writer.apply(&creation("never"), &handle.snapshot()).await;
    assert!(matches!(&items[0].outcome, ItemOutcome::Refused { code: 0, .. }), "{items:?}");
    assert_eq!(between.seen(CREATE_TOPICS), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_or_frozen_controller_is_replaced_and_the_change_done() {
    let cluster = Cluster::builder().name("headless").start().unwrap();
    let handle = collector(&cluster).await;
    let leader = |snapshot: &Snapshot| snapshot.quorum.as_ref().map(|quorum| quorum.leader_id.0);
    let has_leader = |snapshot: &Snapshot| leader(snapshot).is_some();
    let known = until(&handle, Duration::from_secs(30), "a controller", has_leader).await;
    let first = leader(&known).unwrap();

    cluster.kill(first).unwrap();
    let items = handle.writer().apply(&creation("orphan"), &handle.snapshot()).await;
    assert_eq!(items[0].outcome, ItemOutcome::Done, "{items:?}");
    assert!(tool(&cluster, "kafka-topics", &["--list"]).contains("orphan"));
    cluster.start(first).unwrap();
    let is_back =
        |snapshot: &Snapshot| (1..=3).all(|id| snapshot.broker(BrokerId(id)).is_some_and(model::Broker::is_up));
    until(&handle, Duration::from_secs(30), "all back", is_back).await;
    handle.refresh().await;

    let second = leader(&handle.snapshot()).unwrap();
    cluster.stop(second).unwrap();
    let begun = std::time::Instant::now();
    let items = handle.writer().apply(&creation("foundling"), &handle.snapshot()).await;
    eprintln!("frozen controller: {items:?} after {:.1} s", begun.elapsed().as_secs_f32());
    // The broker asked waits 30 s for the frozen one before it passes the change on to the new one, about as long as we do.
    assert!(matches!(items[0].outcome, ItemOutcome::Done | ItemOutcome::Unknown { .. }), "{items:?}");
    let there = |snapshot: &Snapshot| snapshot.topic("foundling").is_some();
    // A request held back can take effect for 90 s.
    let (_, is_there) = handle.refresh_until(&[name("foundling")].into(), &[], there, Duration::from_secs(120)).await;
    assert!(is_there);
    eprintln!("there: after {:.1} s", begun.elapsed().as_secs_f32());
    cluster.cont(second).unwrap();
}
