//! Made-up drafts and jobs of a made-up cluster, and how their pages are rendered.

use app::console::{Console, Obstacle, Pending, Search, Tracked, Trouble};
use app::text::Lang;
use app::visit::{Theme, Visit};
use futures::StreamExt;
use futures::executor::block_on;
use leptos::config::LeptosOptions;
use leptos::prelude::{Owner, RenderHtml, provide_context};
use leptos_router::location::RequestUrl;
use model::audit::ChangeId;
use model::balance::{Balance, Measure};
use model::change::{Change, Preview, Setting};
use model::draft::{Draft, FrontPoint, Planned};
use model::job::{
    Job, JobMove, Memory, Mishap, MoveState, Pace, Phase, Progress, Stall, ThrottleRecord, ThrottleResource,
    Trouble as Happened, Why,
};
use model::observation::Reassignment;
use model::plan::{BrokerLoad, Goal, Impossible, Metrics, Move, PeakDisk, Plan, Range, Wish};
use model::query::url;
use model::synthetic::{OBSERVED_AT, synthetic};
use model::{BrokerId, Snapshot, Timestamp, TopicName};
use std::cell::{Cell, RefCell};
use std::future::ready;
use std::sync::Arc;

pub const HOSTILE: &str = "</title><script>alert(1)</script>";

pub struct World {
    pub snapshot: Arc<Snapshot>,
    pub drafts: Vec<Draft>,
    pub jobs: Vec<Tracked>,
    pub searches: Vec<(ChangeId, Search)>,
}

impl Console for World {
    fn clusters(&self) -> Vec<Arc<Snapshot>> {
        vec![Arc::clone(&self.snapshot)]
    }

    fn cluster(&self, name: &str) -> Option<Arc<Snapshot>> {
        (self.snapshot.cluster.as_str() == name).then(|| Arc::clone(&self.snapshot))
    }

    fn now(&self) -> Timestamp {
        OBSERVED_AT
    }

    fn review<'a>(&'a self, _: &'a str, change: Change) -> Pending<'a, Option<Preview>> {
        let setting = Setting {
            snapshot: &self.snapshot,
            bootstrap: "b1:9092",
            is_secured: false,
            now: OBSERVED_AT,
            jobs: &[],
            elections_every: None,
        };
        Box::pin(ready(Some(change.preview(&setting))))
    }

    fn drafts<'a>(&'a self, _: &'a str) -> Pending<'a, Result<Vec<Draft>, Trouble>> {
        Box::pin(ready(Ok(self.drafts.clone())))
    }

    fn draft<'a>(&'a self, _: &'a str, id: &'a ChangeId) -> Pending<'a, Result<Option<Draft>, Trouble>> {
        Box::pin(ready(Ok(self.drafts.iter().find(|draft| draft.id == *id).cloned())))
    }

    fn search(&self, draft: &Draft) -> Option<Search> {
        self.searches.iter().find(|(id, _)| *id == draft.id).map(|(_, search)| search.clone())
    }

    fn jobs<'a>(&'a self, _: &'a str) -> Pending<'a, Result<Vec<Tracked>, Trouble>> {
        Box::pin(ready(Ok(self.jobs.clone())))
    }

    fn job<'a>(&'a self, _: &'a str, id: &'a ChangeId) -> Pending<'a, Result<Option<Tracked>, Trouble>> {
        Box::pin(ready(Ok(self.jobs.iter().find(|(job, _)| job.id == *id).cloned())))
    }
}

pub fn id(number: u8) -> ChangeId {
    ChangeId::from_bytes([number; 16])
}

/// Some partitions lose their last replica to a broker that has none of them; with `count` of them made up at most.
pub fn moves(snapshot: &Snapshot, count: usize) -> Vec<Move> {
    let ids: Vec<BrokerId> = snapshot.brokers.iter().map(|broker| broker.id).collect();
    let mut moves = Vec::new();
    for topic in &snapshot.topics {
        for partition in topic.partitions.iter().filter(|one| one.partition % 3 == 0) {
            let from = partition.replicas.to_vec();
            let Some(new) = ids.iter().rev().find(|id| !from.contains(id)) else { continue };
            let mut to = from.clone();
            if let Some(last) = to.last_mut() {
                *last = *new;
            }
            let size_bytes = partition.size_bytes.unwrap_or(1 << 30).unsigned_abs();
            moves.push(Move { topic: topic.name.clone(), partition: partition.partition, from, to, size_bytes });
            if moves.len() == count {
                return moves;
            }
        }
    }
    moves
}

pub fn plan(snapshot: &Snapshot, count: usize) -> Plan {
    let moves = moves(snapshot, count);
    let balance = Balance::of(&snapshot.brokers, Measure::Bytes);
    let brokers = snapshot
        .brokers
        .iter()
        .map(|broker| {
            let bytes_in: u64 =
                moves.iter().filter(|one| one.adding().any(|id| id == broker.id)).map(|one| one.size_bytes).sum();
            let bytes_out: u64 =
                moves.iter().filter(|one| one.removing().any(|id| id == broker.id)).map(|one| one.size_bytes).sum();
            let bytes_before = broker.size_bytes.unwrap_or(0).unsigned_abs();
            let gained = moves.iter().filter(|one| one.adding().any(|id| id == broker.id)).count() as u32;
            let lost = moves.iter().filter(|one| one.removing().any(|id| id == broker.id)).count() as u32;
            BrokerLoad {
                broker: broker.id,
                rack: broker.rack.clone(),
                replicas_before: broker.replicas,
                replicas: broker.replicas + gained - lost,
                leaders_before: broker.preferred,
                leaders: broker.preferred,
                bytes_before,
                bytes: (bytes_before + bytes_in).saturating_sub(bytes_out),
                bytes_in,
                peak_percent: Some(60),
            }
        })
        .collect::<Vec<_>>();
    let bytes: u64 = moves.iter().map(Move::bytes).sum();
    let range = |of: fn(&BrokerLoad) -> u32| Range {
        min: brokers.iter().map(of).min().unwrap_or(0),
        max: brokers.iter().map(of).max().unwrap_or(0),
    };
    let metrics = Metrics {
        partitions: moves.len() as u32,
        moves: moves.len() as u32,
        moves_min: moves.len() as u32,
        bytes,
        bytes_min: bytes - bytes / 100,
        cross_rack_bytes: bytes / 4,
        rack_violations_before: 4,
        rack_violations: 0,
        replicas_before: range(|load| load.replicas_before),
        replicas: range(|load| load.replicas),
        leaders_before: range(|load| load.leaders_before),
        leaders: range(|load| load.leaders),
        leaders_max_min: 1,
        leader_changes: 0,
        bytes_skew_before: 1.0 + balance.bars.iter().map(|bar| bar.over_percent).fold(0.0, f64::max) / 100.0,
        bytes_skew: 1.01,
        bytes_skew_min: 1.0,
        peak_disk: Some(PeakDisk { broker: BrokerId(5), percent: 68.0 }),
        brokers,
        unknown_sizes: 2,
        without_source: 1,
    };
    Plan { moves, metrics }
}

pub fn draft(number: u8, goal: Goal, result: Option<Result<Plan, Vec<Impossible>>>) -> Draft {
    let bytes = result.as_ref().and_then(|result| result.as_ref().ok()).map_or(0, |plan| plan.metrics.bytes);
    let point = |share: u64, bytes_skew| FrontPoint {
        max_bytes: (share < 10).then_some(bytes * share / 10),
        bytes: bytes * share / 10,
        moves: share as u32,
        bytes_skew,
    };
    let planned = result.map(|result| Planned {
        at: OBSERVED_AT,
        checks: 12,
        front: if result.as_ref().is_ok_and(|plan| !plan.moves.is_empty()) {
            vec![point(0, 1.26), point(3, 1.11), point(10, 1.01)]
        } else {
            Vec::new()
        },
        result,
    });
    Draft {
        id: id(number),
        cluster: model::ClusterName::parse("synthetic").expect("a name"),
        actor: HOSTILE.to_owned(),
        created_at: Timestamp(OBSERVED_AT.0 - 600_000),
        saved_at: Timestamp(OBSERVED_AT.0 - 120_000),
        wish: Wish::of(goal),
        edits: Vec::new(),
        pace: Pace { throttle: Some(50_000_000), ..Pace::default() },
        planned,
    }
}

pub fn job(number: u8, phase: Phase, plan: &Plan) -> Tracked {
    let states = [MoveState::Done, MoveState::Copying, MoveState::Pending, MoveState::Failed, MoveState::Skipped];
    let moves = plan
        .moves
        .iter()
        .enumerate()
        .map(|(at, one)| JobMove {
            topic: one.topic.clone(),
            topic_id: None,
            partition: one.partition,
            original: one.from.clone(),
            target: one.to.clone(),
            size_bytes: one.size_bytes,
            state: if phase == Phase::Done { MoveState::Done } else { states[at % states.len()] },
            attempts: 1 + (at % 2) as u32,
            submitted_at: Some(OBSERVED_AT),
            finished_at: None,
            copied_bytes: Some(one.size_bytes / 3),
            memory: Memory::default(),
            why: match at % 5 {
                3 => Some(Why::GivenUp { broker: Some(BrokerId(5)) }),
                // As it was stored once.
                4 => Some(Why::Told(format!("broker 5 is down {HOSTILE}"))),
                _ => None,
            },
        })
        .collect::<Vec<_>>();
    let is_over = phase.is_over();
    let job = Job {
        id: id(number),
        cluster: model::ClusterName::parse("synthetic").expect("a name"),
        title: format!("empty broker 2 {}", if number == 21 { HOSTILE } else { "" }),
        actor: "alice".to_owned(),
        created_at: Timestamp(OBSERVED_AT.0 - 900_000),
        finished_at: is_over.then_some(OBSERVED_AT),
        phase,
        pace: Pace { throttle: Some(50_000_000), ..Pace::default() },
        throttles: if is_over {
            Vec::new()
        } else {
            vec![ThrottleRecord {
                resource: ThrottleResource::Broker(BrokerId(1)),
                key: "leader.replication.throttled.rate".to_owned(),
                before: None,
                ours: "50000000".to_owned(),
                earlier: None,
                written_at: None,
                is_answered: true,
            }]
        },
        troubles: vec![
            Happened { at: OBSERVED_AT, what: Mishap::Paused },
            Happened { at: OBSERVED_AT, what: Mishap::Told(format!("orders-3 was refused: {HOSTILE}")) },
        ],
        behind: None,
        moves,
    };
    let total = plan.metrics.bytes;
    let progress = Progress {
        at: OBSERVED_AT,
        bytes: if is_over { total } else { total / 3 },
        bytes_total: total,
        moves_done: job.moves.iter().filter(|one| one.state == MoveState::Done).count() as u32,
        moves_total: job.moves.len() as u32,
        partitions: job.moves.len() as u32,
        moved: job.moves.iter().filter(|one| one.state == MoveState::Done).count() as u32,
        bytes_per_second: (!is_over).then_some(48e6),
        ends_at: (!is_over).then_some((Timestamp(OBSERVED_AT.0 + 1_200_000), Timestamp(OBSERVED_AT.0 + 1_700_000))),
        stalls: if phase == Phase::Paused {
            let waits = |partition: i32| Stall::Move {
                topic: TopicName::from_broker("orders"),
                partition,
                why: Why::BrokerDown { broker: BrokerId(5) },
            };
            (0..5).map(waits).chain([Stall::Told("As it was stored once.".to_owned())]).collect()
        } else {
            Vec::new()
        },
    };
    (Arc::new(job), progress)
}

pub fn world() -> Arc<World> {
    let mut facts = synthetic(120, 9, 6, 1);
    facts.cluster = model::ClusterName::parse("synthetic").expect("a name");
    let first = Snapshot::build(Arc::new(facts.clone()), 1, OBSERVED_AT);
    let topic = first.topics.get(3).expect("a topic");
    let running = vec![Reassignment {
        topic: topic.name.clone(),
        partition: 1,
        replicas: topic.partitions.get(1).map(|one| one.replicas.to_vec()).unwrap_or_default(),
        adding: vec![BrokerId(5)],
        removing: vec![BrokerId(2)],
    }];
    facts.reassignments.record(Ok(Arc::new(running)), OBSERVED_AT, 1);
    let snapshot = Arc::new(Snapshot::build(Arc::new(facts), 2, OBSERVED_AT));
    let full = plan(&snapshot, 150);
    let empty = Plan { moves: Vec::new(), metrics: full.metrics.clone() };
    let why = vec![
        Impossible::TooFewBrokers { replication_factor: 4, allowed: 3 },
        Impossible::NoSource { topic: TopicName::parse("orders").expect("a name"), partition: 3 },
        Impossible::DiskFull { broker: BrokerId(2), needed_bytes: 3 << 40, limit_bytes: 1 << 40 },
    ];
    let drafts = vec![
        draft(1, Goal::Rebalance, Some(Ok(full.clone()))),
        draft(2, Goal::ChangeReplicationFactor(4), Some(Err(why))),
        draft(3, Goal::Drain([BrokerId(2)].into()), Some(Ok(empty.clone()))),
        draft(4, Goal::AddBrokers([BrokerId(4), BrokerId(5)].into()), None),
        draft(5, Goal::Manual(Vec::new()), Some(Ok(empty))),
        draft(6, Goal::Rebalance, None),
        draft(7, Goal::Rebalance, None),
        draft(8, Goal::Rebalance, Some(Ok(full.clone()))),
    ];
    let since = Timestamp(OBSERVED_AT.0 - 42_000);
    let cannot = Obstacle::Impossible(Impossible::NoSuchBroker { broker: BrokerId(999) });
    let searches = vec![
        (id(6), Search { since, failed: None }),
        (id(7), Search { since, failed: Some(cannot) }),
        (id(8), Search { since, failed: None }),
    ];
    let jobs = vec![
        job(21, Phase::Running, &full),
        job(22, Phase::Paused, &full),
        job(23, Phase::Done, &full),
        job(24, Phase::Failed, &full),
    ];
    Arc::new(World { snapshot, drafts, jobs, searches })
}

/// Nothing was ever moved.
pub fn quiet() -> Arc<World> {
    let mut facts = synthetic(40, 6, 6, 1);
    facts.cluster = model::ClusterName::parse("synthetic").expect("a name");
    facts.reassignments.record(Ok(Arc::new(Vec::new())), OBSERVED_AT, 1);
    let snapshot = Arc::new(Snapshot::build(Arc::new(facts), 1, OBSERVED_AT));
    Arc::new(World { snapshot, drafts: Vec::new(), jobs: Vec::new(), searches: Vec::new() })
}

thread_local! {
    pub static STATUS: Cell<u16> = const { Cell::new(200) };
    pub static LED: RefCell<Option<String>> = const { RefCell::new(None) };
}

pub fn render(world: &Arc<World>, address: &str, lang: Lang, theme: Theme) -> (u16, String) {
    let world: Arc<dyn Console> = world.clone();
    let _ = any_spawner::Executor::init_futures_executor();
    STATUS.set(200);
    LED.set(None);
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(RequestUrl::new(address));
        provide_context(Visit {
            console: world,
            lang,
            text: lang.text(),
            theme,
            now: OBSERVED_AT,
            path: path.to_owned(),
            query: url::pairs(query).collect(),
            set_status: |status| STATUS.set(status),
            redirect: |to| LED.set(Some(to.to_owned())),
            is_open: false,
        });
        app::document(LeptosOptions::builder().output_name("app").build()).to_html_stream_in_order()
    });
    let html = block_on(html.collect::<String>());
    (STATUS.get(), html)
}

pub fn addresses() -> Vec<(&'static str, String)> {
    let at = |below: String| format!("/clusters/synthetic/reassignments{below}");
    let draft = |number: u8, step: &str| at(format!("/drafts/{}/{step}", id(number)));
    vec![
        ("list", at(String::new())),
        ("new", at("/new".to_owned())),
        ("new-drain", at("/new?goal=drain&brokers=2".to_owned())),
        ("goal", draft(1, "goal")),
        ("scope", draft(1, "scope")),
        ("scope-typed", draft(1, "scope?topics=orders*&locked=&headroom=ten&tolerance=5&budget=1")),
        ("plan", draft(1, "plan")),
        ("plan-leaders", draft(1, "plan?balance=leaders&show=all&page=2")),
        ("plan-impossible", draft(2, "plan")),
        ("plan-good", draft(3, "plan")),
        ("plan-none", draft(4, "plan")),
        ("plan-manual", draft(5, "plan")),
        ("plan-searching", draft(6, "plan")),
        ("plan-failed", draft(7, "plan")),
        ("pace", draft(1, "pace")),
        ("pace-slow", draft(1, "pace?rate=0.000001&at_once=50&inbound=2&outbound=3&order=by_name")),
        ("pace-free", draft(1, "pace?rate=&at_once=50&inbound=2&outbound=3&order=by_name")),
        ("review", draft(1, "review")),
        ("job", at(format!("/{}", id(21)))),
        ("job-paused", at(format!("/{}?pace=1", id(22)))),
        ("job-done", at(format!("/{}", id(23)))),
        ("job-failed", at(format!("/{}?show=other", id(24)))),
    ]
}
