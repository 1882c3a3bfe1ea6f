//! An HTTP client with a clock.

use crate::Fallible;
use std::time::{Duration, Instant};
use ureq::Agent;

/// Keeps one connection alive from request to request.
pub struct Client {
    agent: Agent,
    base: String,
    /// Of the session, once signed in.
    cookie: String,
}

/// A whole answer, not decompressed.
pub struct Answer {
    pub status: u16,
    /// From sending to the last byte of the body.
    pub took: Duration,
    pub body: Vec<u8>,
    /// Bytes of status line and headers, as HTTP/1.1 writes them.
    pub head: usize,
}

impl Client {
    pub fn new(port: u16) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(10)))
            .max_idle_connections(1)
            .build();
        Self { agent: config.into(), base: format!("http://127.0.0.1:{port}"), cookie: String::new() }
    }

    /// Tries to sign in; the status, and with the right password the session of all further requests.
    ///
    /// # Errors
    /// No answer at all.
    pub fn sign_in(&mut self, name: &str, password: &str) -> Result<u16, ureq::Error> {
        let request = self.agent.post(format!("{}/login", self.base)).header("sec-fetch-site", "same-origin");
        // Where it leads to is not wanted.
        let request = request.config().max_redirects(0).max_redirects_will_error(false).build();
        let mut answer = request.send_form([("name", name), ("password", password)])?;
        let cookie = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        if let Some((cookie, _)) = cookie.and_then(|cookie| cookie.split_once(';')) {
            cookie.clone_into(&mut self.cookie);
        }
        let status = answer.status().as_u16();
        answer.body_mut().read_to_vec()?;
        Ok(status)
    }

    /// # Errors
    /// No answer at all.
    pub fn ask(&self, path: &str, encoding: &str) -> Result<Answer, ureq::Error> {
        let clock = Instant::now();
        let request = self.agent.get(format!("{}{path}", self.base)).header("accept-encoding", encoding);
        let request = request.header("accept-language", "en").header("cookie", &self.cookie);
        let mut answer = request.call()?;
        let body = answer.body_mut().with_config().limit(256 << 20).read_to_vec()?;
        let took = clock.elapsed();
        let head: usize = answer.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        Ok(Answer { status: answer.status().as_u16(), took, body, head: head + "HTTP/1.1 200 OK\r\n\r\n".len() })
    }

    /// An answer that must be there.
    ///
    /// # Errors
    /// None, or none with status 200.
    pub fn get(&self, path: &str) -> Fallible<Answer> {
        self.get_as(path, "identity")
    }

    /// As [`Client::get`], in an encoding of the client's choice.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub fn get_as(&self, path: &str, encoding: &str) -> Fallible<Answer> {
        let answer = self.ask(path, encoding)?;
        if answer.status == 200 { Ok(answer) } else { Err(format!("{path} answers {}", answer.status).into()) }
    }
}

/// The smallest value that at least `percent` of all are not above, in milliseconds; 0 if there are none.
pub fn percentile(times: &[Duration], percent: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

/// The middle one, in milliseconds.
pub fn median(times: &[Duration]) -> f64 {
    percentile(times, 50)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!([50, 99, 100].map(|percent| percentile(&times, percent)), [100.0, 198.0, 200.0]);
        assert_eq!(percentile(&times[..1], 99), 200.0);
        assert_eq!(percentile(&[], 50), 0.0);
    }
}
