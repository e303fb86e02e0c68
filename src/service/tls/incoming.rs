//! Accepts connections. Each has its handshake by itself, so that one that says nothing holds up
//! nobody, and so many at once that a crowd takes no more memory than that.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;

use super::certificates::Certificates;
use super::connection::Connection;

/// Longest handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Handshakes at once.
const AT_ONCE: usize = 256;
/// Wait when the system has no connection to give, out of file descriptors for example.
const PAUSE: Duration = Duration::from_millis(100);

/// What comes in, until the server drains.
pub(in crate::service) fn connections(
    listener: TcpListener,
    certificates: Option<Certificates>,
    draining: CancellationToken,
) -> ReceiverStream<io::Result<Connection>> {
    let (sender, receiver) = mpsc::channel(AT_ONCE);
    tokio::spawn(async move {
        let following = async {
            match certificates.clone() {
                Some(certificates) => certificates.follow().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = accept(&listener, certificates.as_ref(), &sender) => {}
            () = following => {}
            () = draining.cancelled() => {}
        }
    });
    ReceiverStream::new(receiver)
}

async fn accept(
    listener: &TcpListener,
    certificates: Option<&Certificates>,
    sender: &mpsc::Sender<io::Result<Connection>>,
) {
    let handshakes = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        // Never closed.
        let Ok(turn) = Arc::clone(&handshakes).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::debug!(%error, "a connection could not be accepted");
                sleep(PAUSE).await;
                continue;
            }
        };
        // Answers are whole messages: none is to wait for the next.
        let _ = stream.set_nodelay(true);
        let Some(certificates) = certificates else {
            if sender.send(Ok(Connection::Plain(stream))).await.is_err() {
                return;
            }
            continue;
        };
        let (acceptor, sender) = (TlsAcceptor::from(certificates.shown()), sender.clone());
        tokio::spawn(async move {
            let _turn = turn;
            if let Some(connection) = handshake(&acceptor, stream).await {
                // A closed channel: the server has ended.
                let _ = sender.send(Ok(connection)).await;
            }
        });
    }
}

async fn handshake(acceptor: &TlsAcceptor, stream: TcpStream) -> Option<Connection> {
    let from = stream.peer_addr().ok();
    match timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(encrypted)) => Some(Connection::Encrypted(Box::new(encrypted))),
        Ok(Err(error)) => {
            tracing::debug!(?from, %error, "no TLS was spoken");
            None
        }
        Err(_) => {
            tracing::debug!(?from, "a TLS handshake took too long");
            None
        }
    }
}
