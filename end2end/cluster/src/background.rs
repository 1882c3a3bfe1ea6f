//! The traffic as a process of its own.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cluster::{Cluster, Error, Result};
use tokio::signal::unix::{SignalKind, signal};

fn io(what: &str) -> impl FnOnce(std::io::Error) -> Error {
    let what = what.to_owned();
    move |source| Error::Io { what, source }
}

/// Writes and reads until Ctrl-C or SIGTERM.
pub fn run(cluster: &Cluster) -> Result<()> {
    cluster.register_traffic()?;
    let traffic = cluster.traffic()?;
    println!("traffic runs until Ctrl-C");
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(io("starting a runtime"))?;
    runtime
        .block_on(async {
            let mut interrupt = signal(SignalKind::interrupt())?;
            let mut terminate = signal(SignalKind::terminate())?;
            let mut hang_up = signal(SignalKind::hangup())?;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
            Ok(())
        })
        .map_err(io("waiting for a signal"))?;
    drop(traffic);
    Ok(())
}

/// Starts [`run`] as a process that outlives this one.
pub fn detach(cluster: &Cluster) -> Result<()> {
    let path = cluster.folder().join("traffic.log");
    let log = File::create(&path).map_err(io("creating traffic.log"))?;
    let err = log.try_clone().map_err(io("opening traffic.log"))?;
    let own = std::env::current_exe().map_err(io("finding this program"))?;
    let parent = cluster.folder().parent().unwrap_or(cluster.folder());
    let mut child = Command::new(own)
        .args(["traffic", "--name", &cluster.spec().name, "--dir"])
        .arg(parent)
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(err)
        .process_group(0)
        .spawn()
        .map_err(io("starting the traffic"))?;
    let end = Instant::now() + Duration::from_secs(10);
    while Instant::now() < end {
        if cluster.process("traffic")?.is_some_and(|p| p.is_alive()) {
            return Ok(());
        }
        if child.try_wait().map_err(io("starting the traffic"))?.is_some() {
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
    Err(Error::Program { program: "traffic".to_owned(), output: std::fs::read_to_string(&path).unwrap_or_default() })
}
