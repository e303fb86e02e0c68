//! Whether callers are asked who they are.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// `[access]`: who may see and change what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessSettings {
    /// Ask everybody for a credential; unset: where other machines reach the service.
    pub required: Option<bool>,
}

impl AccessSettings {
    /// Whether callers of a service at `address` are asked; `unprotected` says that they are not
    /// wherever it is.
    #[must_use]
    pub fn required_at(&self, address: &SocketAddr, unprotected: bool) -> bool {
        self.required.unwrap_or_else(|| !address.ip().is_loopback() && !unprotected)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn by_itself_only_other_machines_are_asked() {
        let unset = AccessSettings::default();
        let (here, everywhere) =
            ("127.0.0.1:50151".parse().unwrap(), "0.0.0.0:50151".parse().unwrap());
        assert!(!unset.required_at(&here, false));
        assert!(unset.required_at(&everywhere, false));
        assert!(!unset.required_at(&everywhere, true));
        let on = AccessSettings { required: Some(true) };
        assert!(on.required_at(&here, false) && on.required_at(&everywhere, true));
    }
}
