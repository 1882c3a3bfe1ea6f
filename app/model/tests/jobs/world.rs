//! A runner in virtual time over a simulated cluster: the same loop as the real one, and it may die anywhere.

use model::audit::ChangeId;
use model::job::action::{Action, Assignment, Outcome};
use model::job::begin::{self, Cause};
use model::job::seen::Seen;
use model::job::simulated::{Cluster, Fate, Permission, Rules, Who};
use model::job::{Control, Job, JobMove, MoveState, Pace, Phase, control, engine, turn};
use model::plan::{Metrics, Move, Plan};
use model::{BrokerId, ClusterName, Timestamp, TopicName};

pub const START: Timestamp = Timestamp(1_790_000_000_000);
pub const RATE: u64 = 1_000_000;

pub fn topic(name: &str) -> TopicName {
    TopicName::parse(name).unwrap()
}

pub fn ids(list: &[i32]) -> Vec<BrokerId> {
    list.iter().copied().map(BrokerId).collect()
}

pub fn plan(moves: &[(&str, i32, &[i32], &[i32])], size: u64) -> Plan {
    let moves = moves.iter().map(|(name, partition, from, to)| Move {
        topic: topic(name),
        partition: *partition,
        from: ids(from),
        to: ids(to),
        size_bytes: size,
    });
    Plan { moves: moves.collect(), metrics: Metrics::default() }
}

pub fn cause() -> Cause {
    Cause {
        id: ChangeId::from_bytes([7; 16]),
        cluster: ClusterName::parse("c").unwrap(),
        title: "empty broker 2".to_owned(),
        actor: "ann".to_owned(),
    }
}

pub struct World {
    pub cluster: Cluster,
    /// As the store has it.
    pub job: Job,
    /// Metadata tell everything at once.
    pub is_prompt: bool,
    pub requests: u64,
    pub stores: u64,
    /// The runner dies at that point, counted over requests and writes.
    pub dies_at: Option<u64>,
    pub points: u64,
    pub deaths: u64,
    /// From the reading to the sending, and from the sending until an answer is waited for no longer, in milliseconds.
    pub reading_ms: i64,
    pub patience_ms: i64,
    /// Few move, so they are looked at every second.
    pub is_brisk: bool,
    /// Other jobs of Steward.
    pub others: Vec<Job>,
    /// What was read last.
    pub seen: Seen,
}

impl World {
    pub fn new(cluster: Cluster, plan: &Plan, pace: Pace) -> Self {
        let id = |name: &TopicName| cluster.topics.get(name).map(|topic| topic.id.clone());
        let job = begin::new(cause(), plan, id, pace, cluster.now);
        Self::with(cluster, job)
    }

    pub fn with(cluster: Cluster, job: Job) -> Self {
        Self {
            cluster,
            job,
            is_prompt: false,
            requests: 0,
            stores: 0,
            dies_at: None,
            points: 0,
            deaths: 0,
            reading_ms: 0,
            patience_ms: 0,
            is_brisk: false,
            others: Vec::new(),
            seen: Seen::default(),
        }
    }

    /// One topic `t` with these replicas, and their moves.
    pub fn of(rules: Rules, brokers: i32, moves: &[(&[i32], &[i32])], size: u64, throttle: Option<u64>) -> Self {
        let mut cluster = Cluster::new(rules, brokers, START);
        let from: Vec<_> = moves.iter().map(|(from, _)| *from).collect();
        cluster.create(&topic("t"), &from, size);
        let moves: Vec<_> = moves.iter().enumerate().map(|(i, (from, to))| ("t", i as i32, *from, *to)).collect();
        Self::new(cluster, &plan(&moves, size), Pace { throttle, ..Pace::default() })
    }

    fn is_death(&mut self) -> bool {
        self.points += 1;
        let is_death = self.dies_at == Some(self.points);
        if is_death {
            self.deaths += 1;
            // Who comes next sees what is stored.
            self.job = self.job.after_restart(self.cluster.now);
        }
        is_death
    }

    /// One turn of the runner; `fate` decides about each request. A runner that dies leaves the stored job as it is.
    pub fn turn(&mut self, fate: impl FnMut(&Action) -> Fate) {
        if let Some(actions) = self.look() {
            self.act(&actions, fate);
        }
    }

    /// The first half of a turn: reads, decides, stores. What is to be done, if the runner lives.
    pub fn look(&mut self) -> Option<Vec<Action>> {
        let needs = engine::needs(&self.job);
        let wait = if self.is_brisk { needs.wait_ms.min(1_000) } else { needs.wait_ms };
        self.cluster.pass(wait as i64, self.is_prompt);
        self.seen = self.cluster.see(&needs);
        self.seen.others = turn::others(&self.job, &self.others);
        self.cluster.pass(self.reading_ms, self.is_prompt);
        let step = engine::step(&self.job, &self.seen);
        if self.is_death() {
            return None;
        }
        if step.job != self.job {
            self.stores += 1;
            self.job = step.job;
        }
        (!self.is_death()).then_some(step.actions)
    }

    /// The second half: sends, and stores what became of it.
    pub fn act(&mut self, actions: &[Action], mut fate: impl FnMut(&Action) -> Fate) {
        if actions.is_empty() {
            return;
        }
        let mut performed = Vec::new();
        for action in actions {
            if let Some(job) = engine::sending(&self.job, action, self.cluster.now) {
                self.stores += 1;
                self.job = job;
                if self.is_death() {
                    return;
                }
            }
            self.requests += 1;
            let done = self.cluster.perform(action, fate(action));
            if self.is_death() {
                return;
            }
            if done.outcomes.contains(&Outcome::Unknown) {
                self.cluster.pass(self.patience_ms, self.is_prompt);
            }
            performed.push(done);
        }
        let job = engine::record(&self.job, &performed, self.cluster.now);
        if self.is_death() {
            return;
        }
        self.stores += 1;
        self.job = job;
        self.is_death();
    }

    pub fn turns(&mut self, count: usize) -> &mut Self {
        (0..count).for_each(|_| self.turn(|_| Fate::Answered));
        self
    }

    /// Until the job is over and has nothing left to put back; at most some hours.
    pub fn finish(&mut self) -> &mut Self {
        for _ in 0..3_000 {
            if self.job.is_settled() {
                return self;
            }
            self.turn(|_| Fate::Answered);
        }
        panic!("does not end: {:#?}\n{:#?}", self.job, self.cluster);
    }

    pub fn until(&mut self, is_it: impl Fn(&Self) -> bool) -> &mut Self {
        for _ in 0..3_000 {
            if is_it(self) {
                return self;
            }
            self.turn(|_| Fate::Answered);
        }
        panic!("never so: {:#?}\n{:#?}", self.job, self.cluster);
    }

    pub fn control(&mut self, control: &Control) {
        self.job = control::apply(&self.job, control, self.cluster.now).unwrap();
    }

    pub fn state(&self, partition: i32) -> MoveState {
        self.moved(partition).state
    }

    pub fn moved(&self, partition: i32) -> &JobMove {
        self.job.moves.iter().find(|moved| moved.partition == partition).unwrap()
    }

    pub fn replicas(&self, partition: i32) -> Vec<i32> {
        self.cluster.partition(&topic("t"), partition).unwrap().replicas.iter().map(|broker| broker.0).collect()
    }

    pub fn leader(&self, partition: i32) -> Option<i32> {
        self.cluster.partition(&topic("t"), partition).unwrap().leader.map(|broker| broker.0)
    }

    /// Somebody else at work.
    pub fn others(&mut self, partition: i32, replicas: Option<&[i32]>) {
        let replicas = replicas.map(ids);
        self.cluster.assign(&Assignment { topic: topic("t"), partition, replicas }, true, Who::Others, true);
    }

    pub fn forbid(&mut self, permission: Permission) {
        self.cluster.forbidden.insert(permission);
    }

    /// No value of a throttle is left anywhere.
    pub fn has_no_throttle(&self) -> bool {
        self.cluster.brokers.values().all(|broker| broker.configs.is_empty())
            && self.cluster.topics.values().all(|topic| topic.configs.is_empty())
    }

    pub fn assert_clean(&self) {
        assert_eq!(self.cluster.violations, Vec::<String>::new());
        assert!(self.has_no_throttle(), "{:#?}", self.cluster);
        assert!(self.job.phase.is_over());
    }

    pub fn ended(&mut self, phase: Phase) -> &mut Self {
        self.finish();
        assert_eq!(self.job.phase, phase, "{:#?}", self.job);
        self.assert_clean();
        self
    }
}
