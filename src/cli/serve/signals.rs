//! The signals that ask the daemon to end.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Cancelled by the first SIGTERM or SIGINT; the second ends the process at once, which loses
/// nothing but time.
pub(super) fn stop() -> io::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        loop {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            if stopping.is_cancelled() {
                warn!(signal = name, "told twice to end: ending at once");
                std::process::exit(130);
            }
            info!(signal = name, "ending: work at hand is finished first");
            stopping.cancel();
        }
    });
    Ok(stop)
}
