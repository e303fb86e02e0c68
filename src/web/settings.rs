//! Whether there is a page.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// `[web]`: the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebSettings {
    /// Serve the page; unset: where the service listens on this machine alone, or asks who calls.
    pub enabled: Option<bool>,
}

impl WebSettings {
    /// Whether the page is served by a service that listens at `address` and asks, or not, who calls.
    #[must_use]
    pub fn enabled_at(&self, address: &SocketAddr, is_asked: bool) -> bool {
        self.enabled.unwrap_or_else(|| is_asked || address.ip().is_loopback())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn by_itself_the_page_is_served_to_this_machine_and_to_those_who_say_who_they_are() {
        let unset = WebSettings::default();
        assert!(unset.enabled_at(&"127.0.0.1:50151".parse().unwrap(), false));
        assert!(unset.enabled_at(&"[::1]:50151".parse().unwrap(), false));
        let everywhere = "0.0.0.0:50151".parse().unwrap();
        assert!(!unset.enabled_at(&everywhere, false));
        assert!(unset.enabled_at(&everywhere, true));
        let on = WebSettings { enabled: Some(true) };
        assert!(on.enabled_at(&everywhere, false));
        let off = WebSettings { enabled: Some(false) };
        assert!(!off.enabled_at(&"127.0.0.1:50151".parse().unwrap(), true));
    }
}
