//! The binary itself: when it starts, over HTTPS, what it writes down, what sessions cost.
#![expect(clippy::expect_used, reason = "a test that cannot go on says why")]

use model::Timestamp;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{SessionKey, Store, StoredSession};
use tempfile::TempDir;
use tokio_rustls::rustls;

const STEWARD: &str = env!("CARGO_BIN_EXE_steward");
const PASSWORD: &str = "canary-of-the-password";

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// A folder with a configuration whose cluster nobody answers for.
fn configured(top: &str, below: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let text = format!(
        "data = {data:?}\n{top}\n[[cluster]]\nname = \"prod\"\nbootstrap = \"127.0.0.1:{}\"\n{below}\n",
        free_port()
    );
    fs::write(folder.path().join("steward.toml"), text).expect("a file");
    folder
}

fn steward(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(STEWARD);
    command.args(arguments).arg("--config").arg(folder.path().join("steward.toml")).env_remove("STEWARD_DATA");
    command
}

fn run(folder: &TempDir, arguments: &[&str], input: &str) -> (Output, String) {
    let mut command = steward(folder, arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("steward");
    child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("an end");
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    (output, String::from_utf8(said).expect("text"))
}

fn add(folder: &TempDir, name: &str, role: &str) {
    let (output, said) =
        run(folder, &["user", "add", name, "--role", role, "--password-stdin"], &format!("{PASSWORD}\n"));
    assert!(output.status.success(), "{said}");
    assert!(!said.contains(PASSWORD));
}

/// A running Steward; stopped when dropped.
struct Served {
    child: Child,
    address: SocketAddr,
    log: std::path::PathBuf,
}

impl Served {
    /// With its log at the most talkative level.
    fn start(folder: &TempDir, listen: &str) -> Self {
        let port = free_port();
        let log = folder.path().join("log");
        let out = fs::File::create(&log).expect("a file");
        let child = steward(folder, &["serve", "--listen", &format!("{listen}:{port}")])
            .env("RUST_LOG", "trace")
            .stderr(out)
            .spawn()
            .expect("steward");
        let served = Self { child, address: SocketAddr::from(([127, 0, 0, 1], port)), log };
        let clock = Instant::now();
        while TcpStream::connect(served.address).is_err() {
            assert!(clock.elapsed() < Duration::from_secs(30), "{}", served.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        served
    }

    fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).expect("a log")).into_owned()
    }

    /// Kilobytes.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a status");
        let line = status.lines().find(|line| line.starts_with("VmRSS")).expect("a size");
        line.split_whitespace().nth(1).and_then(|size| size.parse().ok()).expect("a number")
    }

    /// Asks politely; gives how it ended.
    fn stop(mut self) -> std::process::ExitStatus {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(told.success());
        let clock = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                return status;
            }
            assert!(clock.elapsed() < Duration::from_secs(40), "it does not stop");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends one request and reads the whole answer.
fn ask(mut stream: impl Read + Write, request: &str) -> String {
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    // A peer that closes without TLS' goodbye has said everything all the same.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn request(method: &str, path: &str, headers: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

fn plain(served: &Served, request: &str) -> String {
    ask(TcpStream::connect(served.address).expect("a connection"), request)
}

fn cookie(answer: &str) -> String {
    let line = answer.lines().find(|line| line.to_lowercase().starts_with("set-cookie:")).expect("a cookie");
    line["set-cookie:".len()..].split(';').next().expect("a value").trim().to_owned()
}

const FORM: &str = "content-type: application/x-www-form-urlencoded\r\nsec-fetch-site: same-origin\r\n";

#[test]
fn it_is_never_open_to_others() {
    let folder = configured("", "");
    let listen = format!("0.0.0.0:{}", free_port());
    let (output, said) = run(&folder, &["serve", "--listen", &listen], "");
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("steward user add NAME --role admin"), "{said}");
    add(&folder, "root", "admin");
    let (output, said) = run(&folder, &["serve", "--listen", &listen], "");
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("[tls]") && said.contains("`proxy`"), "{said}");
    let unusable = configured("[tls]\ncert = \"nowhere.pem\"\nkey = \"nowhere.key\"", "");
    let (output, said) = run(&unusable, &["serve", "--listen", &format!("127.0.0.1:{}", free_port())], "");
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("nowhere.pem"), "{said}");
}

#[test]
fn records_that_cannot_be_opened_are_named() {
    let folder = configured("", "");
    fs::create_dir(folder.path().join("data")).expect("a folder");
    fs::write(folder.path().join("data/steward.db"), "not a database, but long enough to be taken for one".repeat(100))
        .expect("a file");
    let (output, said) = run(&folder, &["serve", "--listen", &format!("127.0.0.1:{}", free_port())], "");
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("steward.db"), "{said}");
}

#[test]
fn https_with_its_own_certificate() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let folder = configured("[tls]\ncert = \"CERT\"\nkey = \"KEY\"", "");
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    fs::write(&cert, made.cert.pem()).expect("a file");
    fs::write(&key, made.signing_key.serialize_pem()).expect("a file");
    let file = folder.path().join("steward.toml");
    let text = fs::read_to_string(&file).expect("a file");
    let text = text.replace("CERT", &cert.display().to_string()).replace("KEY", &key.display().to_string());
    fs::write(&file, text).expect("a file");
    add(&folder, "root", "admin");

    let served = Served::start(&folder, "0.0.0.0");
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let config = Arc::new(config);
    let secure = |request: &str| {
        let name = "localhost".try_into().expect("a name");
        let client = rustls::ClientConnection::new(Arc::clone(&config), name).expect("a client");
        ask(rustls::StreamOwned::new(client, TcpStream::connect(served.address).expect("a connection")), request)
    };
    let health = secure(&request("GET", "/health", "", ""));
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    assert!(health.contains("strict-transport-security: max-age=31536000"), "{health}");
    let entered = secure(&request("POST", "/login", FORM, &format!("name=root&password={PASSWORD}")));
    assert!(entered.starts_with("HTTP/1.1 303"), "{entered}");
    let cookie = cookie(&entered);
    assert!(cookie.starts_with("__Host-steward=") && entered.contains("Secure"), "{entered}");
    let home = secure(&request("GET", "/clusters/prod", &format!("cookie: {cookie}\r\n"), ""));
    assert!(home.starts_with("HTTP/1.1 200"), "{home}");
    assert!(served.stop().success());
}

/// Everything Steward leaves behind.
fn written(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(written(&path));
        } else {
            files.insert(path.display().to_string(), fs::read(&path).expect("a file"));
        }
    }
    files
}

#[test]
fn secrets_are_written_nowhere() {
    let folder = configured("", "");
    add(&folder, "root", "admin");
    let served = Served::start(&folder, "127.0.0.1");
    let mut answers = Vec::new();
    let wrong = "canary-of-a-wrong-password";
    answers.push(plain(&served, &request("POST", "/login", FORM, &format!("name=root&password={wrong}"))));
    let entered = plain(&served, &request("POST", "/login", FORM, &format!("name=root&password={PASSWORD}")));
    let cookie = cookie(&entered);
    let mine = format!("cookie: {cookie}\r\n");
    for path in ["/", "/account", "/users", "/users/root", "/audit", "/api/v1/clusters", "/metrics", "/ready"] {
        let answer = plain(&served, &request("GET", path, &format!("{mine}accept: text/html\r\n"), ""));
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        answers.push(answer);
    }
    // A token, shown once on the page that follows.
    let form = format!("{mine}{FORM}accept: text/html\r\nreferer: http://localhost/account\r\n");
    let asked = format!("name=root&label=ci&days=1&role=viewer&clusters=*&topics=*&current={PASSWORD}");
    let made = plain(&served, &request("POST", "/do/token-create", &form, &asked));
    let location = made.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_else(|| panic!("{made}"));
    let location = location.trim_start_matches("http://localhost");
    let shown = plain(&served, &request("GET", location, &mine, ""));
    let token: String = shown
        .split("stw_")
        .nth(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect())
        .unwrap_or_else(|| panic!("no token on {location}: {shown}"));
    let token = format!("stw_{token}");
    let again = plain(&served, &request("GET", location, &mine, ""));
    assert!(!again.contains(&token), "a token is shown twice");
    answers.push(again);
    let bearer = format!("authorization: Bearer {token}\r\n");
    let read = plain(&served, &request("GET", "/api/v1/clusters", &bearer, ""));
    assert!(read.starts_with("HTTP/1.1 200"), "{read}");
    answers.push(read);
    answers.push(plain(&served, &request("POST", "/logout", &format!("{mine}{FORM}"), "")));
    let (_, session) = cookie.split_once('=').expect("a value");
    let (session, log) = (session.to_owned(), served.log());
    assert!(log.contains("signed in") && log.contains("TRACE"), "the log says little: {log}");
    assert!(served.stop().success());

    let secret = token.splitn(3, '_').nth(2).expect("a secret").to_owned();
    for canary in [PASSWORD, wrong, session.as_str(), token.as_str(), secret.as_str()] {
        for (number, answer) in answers.iter().enumerate() {
            assert!(!answer.contains(canary), "answer {number} contains {canary}: {answer}");
        }
        for (path, bytes) in written(folder.path()) {
            let is_there = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
            assert!(!is_there, "{path} contains {canary}");
        }
    }
    let (output, said) = run(&folder, &["audit", "verify"], "");
    assert!(output.status.success(), "{said}");
    let (_, said) = run(&folder, &["audit", "export"], "");
    for event in ["user_added", "sign_in_failed", "signed_in", "token_created", "signed_out"] {
        assert!(said.contains(&format!("\"is\":\"{event}\"")), "{said}");
    }
}

#[test]
fn a_thousand_sessions_cost_little_memory() {
    let folder = configured("", "");
    add(&folder, "root", "admin");
    let served = Served::start(&folder, "127.0.0.1");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let begin = |count: usize| -> Vec<String> {
        runtime.block_on(async {
            let store = Store::open(&folder.path().join("data")).await.expect("records");
            let mut ids = Vec::new();
            let now = server::live::now();
            for _ in 0..count {
                let id = tower_sessions::session::Id::default().to_string();
                let who = server::session::Who {
                    user: "root".to_owned(),
                    epoch: 1,
                    signed_in_at: now,
                    address: "127.0.0.1".to_owned(),
                    agent: "a browser".to_owned(),
                };
                let session = StoredSession {
                    data: serde_json::to_vec(&serde_json::json!({ "who": who })).expect("JSON"),
                    user: Some("root".to_owned()),
                    signed_in_at: now,
                    last_seen_at: now,
                    expires_at: Timestamp(now.0 + 3_600_000),
                    address: who.address.clone(),
                    agent: who.agent.clone(),
                };
                assert!(store.create_session(&SessionKey::of(&id), &session).await.expect("a session"));
                ids.push(id);
            }
            ids
        })
    };
    let visit = |ids: &[String]| {
        for id in ids {
            let answer = plain(&served, &request("GET", "/clusters/prod", &format!("cookie: steward={id}\r\n"), ""));
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
    };
    // What serving itself needs, before sessions are counted.
    let few = begin(5);
    (0..60).for_each(|_| visit(&few));
    let before = served.memory();
    visit(&begin(1_000));
    let after = served.memory();
    println!("1,000 sessions: {} KiB more ({before} KiB before)", after.saturating_sub(before));
    assert!(after.saturating_sub(before) <= 10 * 1024, "{before} KiB before, {after} KiB after");
}

#[test]
fn who_does_not_finish_asking_is_not_waited_for() {
    let folder = configured("", "");
    let served = Served::start(&folder, "127.0.0.1");
    let clock = Instant::now();
    let mut halves: Vec<TcpStream> = ["", "GET /health HTT", "GET /health HTTP/1.1\r\nhost: loc"]
        .into_iter()
        .map(|half| {
            let mut stream = TcpStream::connect(served.address).expect("a connection");
            stream.write_all(half.as_bytes()).expect("sent");
            stream
        })
        .collect();
    // One that goes on, but never gets there.
    let mut slow = TcpStream::connect(served.address).expect("a connection");
    slow.write_all(b"GET /health HTTP/1.1\r\n").expect("sent");
    while clock.elapsed() < Duration::from_secs(20) && slow.write_all(b"x: y\r\n").is_ok() {
        assert!(plain(&served, &request("GET", "/health", "", "")).starts_with("HTTP/1.1 200"));
        std::thread::sleep(Duration::from_millis(500));
    }
    let took = clock.elapsed();
    assert!((8..15).contains(&took.as_secs()), "{took:?}");
    for stream in &mut halves {
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("set");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    assert!(clock.elapsed() < Duration::from_secs(20), "{:?}", clock.elapsed());
    // A request under way is answered when Steward is told to stop.
    let mut open = TcpStream::connect(served.address).expect("a connection");
    let (head, body) = ("POST /login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n", "name=root");
    write!(open, "{head}{FORM}\r\n").expect("sent");
    std::thread::sleep(Duration::from_millis(300));
    let answer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(1));
        ask(open, body)
    });
    assert!(served.stop().success());
    let answer = answer.join().expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 "), "{answer:?}");
}

/// Without a cluster: the file is for Kafka's own tool, the metrics for scripts, and an option that means nothing is refused.
#[test]
fn a_plan_is_made_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let brokers = [1, 2, 3].map(|id| serde_json::json!({ "id": id, "state": "active" }));
    let partitions = (0..6).map(|partition| {
        serde_json::json!({ "topic": "t", "partition": partition, "replicas": [1, 2], "leader": 1, "isr": [1, 2], "size_bytes": 10 })
    });
    let state = serde_json::json!({ "brokers": brokers, "partitions": partitions.collect::<Vec<_>>() });
    fs::write(folder.path().join("state.json"), state.to_string()).expect("a file");
    let plan = |arguments: &[&str]| {
        let mut command = Command::new(STEWARD);
        let output = command
            .current_dir(&folder)
            .arg("plan")
            .args(arguments)
            .args(["--state", "state.json"])
            .args(["--out", "plan.json"]);
        output.output().expect("steward")
    };
    let output = plan(&["drain", "--brokers", "2"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metrics: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&metrics["moves"], &metrics["bytes"], &metrics["moves_min"]), (&6.into(), &60.into(), &6.into()));
    assert!(metrics["planning_ms"].is_u64(), "{metrics}");
    let file: serde_json::Value = fs::read(folder.path().join("plan.json"))
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .expect("a file");
    assert_eq!(file["partitions"].as_array().map(Vec::len), Some(6));
    for wrong in [["rebalance", "--brokers", "2"], ["drain", "--rf", "2"], ["repair", "--rf", "2"]] {
        assert_eq!(plan(&wrong).status.code(), Some(2), "{wrong:?}");
    }
    assert!(!plan(&["drain", "--brokers", "1,2,3"]).status.success());
}
