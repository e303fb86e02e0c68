//! What the service manager is told: systemd waits for it where the service file says
//! `Type=notify`, and ends a daemon that stops telling where it says `WatchdogSec`. Without
//! `NOTIFY_SOCKET` in the environment nobody is told, and nothing happens.

use std::net::SocketAddr;

use sd_notify::NotifyState;
use tracing::warn;

/// Everything runs.
pub(super) fn ready(address: Option<SocketAddr>) {
    let status = match address {
        Some(address) => format!("serving at {address}"),
        None => "running".to_owned(),
    };
    tell(&[NotifyState::Ready, NotifyState::Status(&status)]);
}

/// Not yet, and what for.
pub(super) fn waiting(status: &str) {
    tell(&[NotifyState::Status(status)]);
}

/// Every part still runs. Told only where the service manager listens for it.
pub(super) fn alive() {
    if sd_notify::watchdog_enabled().is_some() {
        tell(&[NotifyState::Watchdog]);
    }
}

/// It ends: work at hand is finished first.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("ending: work at hand is finished first")]);
}

fn tell(states: &[NotifyState<'_>]) {
    // One that is not heard costs at most a restart, by whoever did not hear it.
    if let Err(error) = sd_notify::notify(states) {
        warn!(%error, "the service manager could not be told");
    }
}
