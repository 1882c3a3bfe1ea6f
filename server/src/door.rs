//! Connections: how many there may be, and how long somebody may take to say what they want.

use axum_server::Server;
use axum_server::accept::Accept;
use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::Service;

/// For all of a request's head, and between two requests of a connection.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// At once; further ones are closed. Each takes a file descriptor and a few kilobytes.
const MOST: usize = 2_000;
/// Of HTTP/2: whether somebody is still there.
const ALIVE_EVERY: Duration = Duration::from_secs(20);

/// The server with limits on time.
pub fn limited<A>(server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    let mut server = server.first_request_timeout(HEAD_WITHIN);
    let http = server.http_builder();
    http.http1().header_read_timeout(HEAD_WITHIN);
    http.http2().keep_alive_interval(ALIVE_EVERY).keep_alive_timeout(HEAD_WITHIN);
    server
}

/// Lets so many in; clones count together.
#[derive(Clone)]
pub struct Doorkeeper(Arc<Semaphore>);

impl Default for Doorkeeper {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST)))
    }
}

impl<S> Accept<TcpStream, S> for Doorkeeper {
    type Stream = TcpStream;
    type Service = Guest<S>;
    type Future = std::future::Ready<std::io::Result<(TcpStream, Guest<S>)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = Arc::clone(&self.0).try_acquire_owned();
        let place = place.map_err(|_| Error::new(ErrorKind::ConnectionRefused, "too many connections"));
        // Answers are small and waited for.
        let _ = stream.set_nodelay(true);
        std::future::ready(place.map(|place| (stream, Guest { service, _place: Arc::new(place) })))
    }
}

/// What answers one connection; has its place for as long as that lasts.
#[derive(Clone)]
pub struct Guest<S> {
    service: S,
    _place: Arc<OwnedSemaphorePermit>,
}

impl<S: Service<R>, R> Service<R> for Guest<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.service.call(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn who_comes_too_many_is_turned_away_until_somebody_leaves() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let doorkeeper = Doorkeeper(Arc::new(Semaphore::new(2)));
        let come = async || {
            let (_client, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
            doorkeeper.clone().accept(accepted.unwrap().0, ()).await
        };
        let (one, two) = (come().await.unwrap(), come().await.unwrap());
        assert_eq!(come().await.err().map(|error| error.kind()), Some(ErrorKind::ConnectionRefused));
        // A service is cloned for each request.
        let clone = one.1.clone();
        drop(one);
        assert!(come().await.is_err());
        drop(clone);
        assert!(come().await.is_ok());
        drop(two);
    }
}
