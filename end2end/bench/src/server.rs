//! A running `steward`, seen from outside.

use crate::Fallible;
use crate::client::Client;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Ends with this value.
pub struct Server {
    child: Child,
    pub port: u16,
    pub client: Client,
    /// From the start of the process to its first page.
    pub first_answer: Duration,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts it with `arguments` added and waits until it has answered `/`.
    ///
    /// # Errors
    /// It ends, or does not answer in 30 s.
    pub fn start(steward: &Path, arguments: &[&str]) -> Fallible<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let clock = Instant::now();
        let mut child = Command::new(steward)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .args(arguments)
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let client = Client::new(port);
        loop {
            if client.ask("/", "identity").is_ok_and(|answer| answer.status == 200) {
                return Ok(Self { child, port, client, first_answer: clock.elapsed() });
            }
            if let Some(status) = child.try_wait()? {
                return Err(format!("{} ended with {status}", steward.display()).into());
            }
            if clock.elapsed() > Duration::from_secs(30) {
                let _ = child.kill();
                return Err("no answer in 30 s".into());
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits until `/ready`.
    ///
    /// # Errors
    /// It is not, in a minute.
    pub fn wait_ready(&self) -> Fallible<()> {
        let clock = Instant::now();
        while self.client.ask("/ready", "identity")?.status != 200 {
            if clock.elapsed() > Duration::from_secs(60) {
                return Err("not ready after a minute".into());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Processor time used so far by the threads that live; Steward's do as long as it does.
    ///
    /// # Errors
    /// The process is gone.
    pub fn processor_time(&self) -> Fallible<Duration> {
        let mut all = Duration::ZERO;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            // The first number: nanoseconds on a processor. `stat` counts hundredths of a second and misses short work.
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            let nanoseconds = text.split_whitespace().next().ok_or("an unknown schedstat")?.parse()?;
            all += Duration::from_nanos(nanoseconds);
        }
        Ok(all)
    }

    /// A line of `/proc/PID/status` in MiB: `VmRSS` is `RssAnon` (its own data) and `RssFile` (parts of the binary in use).
    ///
    /// # Errors
    /// The process is gone.
    pub fn memory(&self, line: &str) -> Fallible<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let value = status
            .lines()
            .find_map(|l| l.strip_prefix(line)?.strip_prefix(':')?.split_whitespace().next()?.parse::<f64>().ok());
        Ok(value.ok_or_else(|| format!("no {line} in /proc/PID/status"))? / 1024.0)
    }
}
