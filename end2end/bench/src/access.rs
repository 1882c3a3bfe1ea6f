//! With users: what sessions cost, what is left for pages while somebody guesses passwords, what an entry of the audit log takes.

use crate::Fallible;
use crate::client::{Client, median, percentile};
use crate::latency::during;
use crate::report::Report;
use crate::server::Server;
use model::Timestamp;
use model::audit::{Event, Record};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use store::Store;

const NAME: &str = "root";
const PASSWORD: &str = "the password of the bench";
const PAGE: &str = "/clusters/synthetic/topics";
const SESSIONS: usize = 1_000;
const GUESSERS: usize = 8;
const PHASE: Duration = Duration::from_secs(5);
const ENTRIES: i64 = 300;

pub fn measure(steward: &Path, report: &mut Report) -> Fallible<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().ok_or("a folder whose name is no text")?;
    add_user(steward, data)?;
    report.section("With users, over 1,000 topics");
    let server = Server::start(steward, &["--synthetic", "1000", "--data", data])?;
    sessions(&server, report)?;
    flood(&server, report)?;
    drop(server);
    entries(report)
}

fn add_user(steward: &Path, data: &str) -> Fallible<()> {
    let arguments = ["user", "add", NAME, "--role", "admin", "--password-stdin", "--data", data];
    let mut child = Command::new(steward).args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        writeln!(input, "{PASSWORD}")?;
    }
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(format!("`steward user add` ended with {status}").into()) }
}

fn signed_in(server: &Server) -> Fallible<Client> {
    let mut client = Client::new(server.port);
    match client.sign_in(NAME, PASSWORD)? {
        303 => Ok(client),
        status => Err(format!("signing in is answered with {status}").into()),
    }
}

/// Each signs in and looks at a page.
fn sessions(server: &Server, report: &mut Report) -> Fallible<()> {
    let begin = |count: usize| -> Fallible<Vec<Duration>> {
        let mut times = Vec::new();
        for _ in 0..count {
            let clock = Instant::now();
            let client = signed_in(server)?;
            times.push(clock.elapsed());
            client.get(PAGE)?;
        }
        Ok(times)
    };
    // What serving and hashing themselves need, before sessions are counted.
    begin(20)?;
    during(&signed_in(server)?, &[PAGE.to_owned()], PHASE)?;
    let before = server.memory("VmRSS")?;
    let times = begin(SESSIONS)?;
    let grown = (server.memory("VmRSS")? - before).max(0.0);
    report.budget("memory that 1,000 sessions add", grown, "MiB", 10.0);
    report.figure("signing in, p50", percentile(&times, 50), "ms");
    Ok(())
}

/// Rest and flood in turn, so that what else the machine does falls on both.
fn flood(server: &Server, report: &mut Report) -> Fallible<()> {
    let client = signed_in(server)?;
    let pages = [PAGE.to_owned()];
    let (mut rest, mut flooded, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        rest.extend(during(&client, &pages, PHASE)?);
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| -> Fallible<()> {
            let guessers: Vec<_> = (0..GUESSERS).map(|_| scope.spawn(|| guess(server.port, &is_over))).collect();
            let times = during(&client, &pages, PHASE);
            is_over.store(true, Ordering::Relaxed);
            for guesser in guessers {
                answers.extend(guesser.join().map_err(|_| "a guesser is lost")?);
            }
            flooded.extend(times?);
            Ok(())
        })?;
    }
    let (calm, busy) = (percentile(&rest, 99), percentile(&flooded, 99));
    report.figure("page at rest, p99", calm, "ms");
    report.figure(&format!("page while {GUESSERS} guess passwords, p99"), busy, "ms");
    report.budget(&format!("page while {GUESSERS} guess passwords, p99 against rest"), busy / calm, "×", 1.5);
    let share = |status: u16| answers.iter().filter(|answer| **answer == status).count() as f64;
    let all = answers.len() as f64;
    report.figure("  guesses a second", all / (PHASE.as_secs_f64() * 3.0), "");
    report.figure("  of them answered 429", share(429) / all * 100.0, "%");
    let looked_at = share(401);
    if share(429) == 0.0 || looked_at + share(429) < all {
        return Err(format!("of {all} guesses {looked_at} were answered 401 and {} 429", share(429)).into());
    }
    Ok(())
}

/// The statuses of all guesses until it is over.
fn guess(port: u16, is_over: &AtomicBool) -> Vec<u16> {
    let mut client = Client::new(port);
    let mut answers = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        // No answer at all counts as one that nobody expects.
        answers.push(client.sign_in(NAME, "not the password").unwrap_or_default());
    }
    answers
}

/// What every change of a cluster pays twice: for its intent and for its outcome.
fn entries(report: &mut Report) -> Fallible<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let times: Fallible<Vec<Duration>> = runtime.block_on(async {
        let store = Store::open(folder.path()).await?;
        let mut times = Vec::new();
        for at in 0..ENTRIES {
            let (actor, address, request) = (NAME.to_owned(), "127.0.0.1".to_owned(), String::new());
            let record = Record { at: Timestamp(at), actor, address, request, cluster: None, event: Event::SignedIn };
            let clock = Instant::now();
            store.append(&record).await?;
            times.push(clock.elapsed());
        }
        store.close().await;
        Ok(times)
    });
    let times = times?;
    report.figure("entry of the audit log, on the disk, p50", median(&times), "ms");
    report.figure("entry of the audit log, p99", percentile(&times, 99), "ms");
    Ok(())
}
