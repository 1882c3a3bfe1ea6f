//! `steward serve` as a process of its own, to be killed.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

pub const BINARY: &str = env!("CARGO_BIN_EXE_steward");

pub struct Served {
    child: Child,
    base: String,
    log: PathBuf,
}

/// A folder that is gone afterwards.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("steward-crash-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Served {
    /// Serves the cluster at `bootstrap`, with its records in `data`; until it is ready.
    pub fn start(bootstrap: &str, data: &Path, environment: &[(&str, String)]) -> Self {
        let port = free_port();
        let path = data.with_extension(format!("{port}.log"));
        let log = fs::File::create(&path).expect("a log file");
        let child = Command::new(BINARY)
            .args([
                "serve",
                "--bootstrap",
                bootstrap,
                "--name",
                "crash",
                "--listen",
                &format!("127.0.0.1:{port}"),
                "--data",
            ])
            .arg(data)
            .envs(environment.iter().map(|(name, value)| (*name, value.as_str())))
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log file"))
            .stderr(log)
            .spawn()
            .expect("steward starts");
        let served = Self { child, base: format!("http://127.0.0.1:{port}"), log: path };
        wait("ready", || served.get("/ready").is_some_and(|(status, _)| status == 200));
        wait("the cluster is known", || {
            served.get("/api/v1/clusters/crash/topics").is_some_and(|(status, _)| status == 200)
        });
        served
    }

    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        let mut answer = agent().get(format!("{}{path}", self.base)).call().ok()?;
        Some((answer.status().as_u16(), answer.body_mut().read_to_string().ok()?))
    }

    pub fn json(&self, path: &str) -> (u16, Value) {
        let (status, body) = self.get(path).unwrap_or_else(|| panic!("no answer to {path}"));
        (status, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    /// `None` if no answer came, e.g. because the process was killed.
    pub fn submit(&self, id: &str, query: &str, change: &Value) -> Option<(u16, Value)> {
        let mut answer = agent()
            .post(format!("{}/api/v1/clusters/crash/changes{query}", self.base))
            .header("idempotency-key", id)
            .header("content-type", "application/json")
            .send(change.to_string())
            .ok()?;
        let body = answer.body_mut().read_to_string().ok()?;
        Some((answer.status().as_u16(), serde_json::from_str(&body).unwrap_or(Value::String(body))))
    }

    /// The outcome of a change once it is known for good.
    pub fn settled(&self, id: &str) -> Value {
        let mut last = Value::Null;
        wait_for("the change is settled", Duration::from_secs(150), || {
            let (_, record) = self.json(&format!("/api/v1/clusters/crash/changes/{id}"));
            last = record;
            matches!(last["outcome"].as_str(), Some("done" | "refused" | "partly"))
        });
        last
    }

    /// SIGKILL: no destructor, no last word.
    pub fn kill_now(&self) {
        let killed = Command::new("kill").args(["-KILL", &self.child.id().to_string()]).status().expect("kill");
        assert!(killed.success(), "it does not run");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // What a failed test leaves tells why.
        if !std::thread::panicking() {
            let _ = fs::remove_file(&self.log);
        }
    }
}

pub fn steward(arguments: &[&str]) -> Output {
    Command::new(BINARY).args(arguments).stdin(Stdio::null()).output().expect("steward runs")
}

fn agent() -> ureq::Agent {
    let config =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(60))).build();
    config.into()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

pub fn wait(what: &str, holds: impl FnMut() -> bool) {
    wait_for(what, Duration::from_secs(40), holds);
}

pub fn wait_for(what: &str, within: Duration, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < within, "not within {within:?}: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
