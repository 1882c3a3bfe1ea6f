//! A connection for one request that must not be sent twice: a change of the cluster.
//!
//! It is dialled for this request, so the broker has just proved that it is alive, and no broker can have closed it while it
//! lay idle, which is what makes a [`link`](super::link) ask again. Changes are rare: the handshakes do not matter.

use super::dial::Dialer;
use super::link::Reply;
use super::request::{self, Request, negotiate};
use crate::address::Address;
use crate::fault;
use model::{Fault, FaultKind};
use std::time::Duration;
use tokio::time::timeout;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// No byte of it has left: nothing was done.
    NotSent(Fault),
    /// It left, or some of it did. Whether it was done is unknown.
    NoAnswer(Fault),
}

impl Unanswered {
    /// The broker could not be reached, so that another one may be asked.
    pub fn is_unsent_for_the_connection(&self) -> bool {
        matches!(self, Self::NotSent(fault) if fault::is_about_the_connection(fault))
    }

    pub fn fault(self) -> Fault {
        match self {
            Self::NotSent(fault) | Self::NoAnswer(fault) => fault,
        }
    }
}

/// Dials whichever of `targets` answers, sends what `build` makes for the version agreed on, once, and waits `within`
/// for the answer.
pub(crate) async fn once<R, B>(
    dialer: &Dialer,
    targets: &[Address],
    build: &B,
    within: Duration,
) -> Result<Reply<R::Response>, Unanswered>
where
    R: Request,
    B: Fn(i16) -> Result<R, Fault>,
{
    let mut connection = dialer.dial(targets).await.map_err(Unanswered::NotSent)?;
    let version = negotiate::<R>(&connection.apis).map_err(Unanswered::NotSent)?;
    let request = build(version).map_err(Unanswered::NotSent)?;
    let prepared = connection.prepare(version, &request).map_err(Unanswered::NotSent)?;
    let asked = timeout(within, connection.deliver(&prepared)).await;
    let mut body = match asked {
        Ok(answer) => answer.map_err(Unanswered::NoAnswer)?,
        Err(_) => {
            let words = format!(
                "{}: no answer to {} within {:.0} s",
                connection.peer,
                request::name(R::KEY),
                within.as_secs_f32()
            );
            return Err(Unanswered::NoAnswer(Fault::new(FaultKind::Timeout, words)));
        }
    };
    R::read(&mut body, version).map(|body| Reply { version, body }).map_err(|error| {
        let words = format!("{}: its answer to {} cannot be read: {error}", connection.peer, request::name(R::KEY));
        Unanswered::NoAnswer(Fault::new(FaultKind::NotKafka, words))
    })
}
