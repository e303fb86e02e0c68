//! How much may be open at once, in all and for each client, so that one that opens too much
//! locks out itself alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::principal::Principal;

/// Places for what stays open, such as streams.
#[derive(Debug)]
pub(super) struct Shares {
    most: usize,
    most_each: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    each: HashMap<Principal, usize>,
}

/// A place; it is free again once this is dropped.
#[derive(Debug)]
pub(super) struct Share {
    shares: Arc<Shares>,
    principal: Principal,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// All are taken.
    Full(usize),
    /// The client has as many as one may have.
    OverShare(usize),
}

impl Shares {
    /// So many places, and so many for each client.
    pub(super) fn new(most: usize, most_each: usize) -> Arc<Self> {
        Arc::new(Self { most, most_each, taken: Mutex::default() })
    }

    /// A place for a client.
    pub(super) fn take(self: &Arc<Self>, principal: Principal) -> Result<Share, Refusal> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.each.get(&principal).copied().unwrap_or(0);
        if own >= self.most_each {
            return Err(Refusal::OverShare(self.most_each));
        }
        if taken.all >= self.most {
            return Err(Refusal::Full(self.most));
        }
        taken.all += 1;
        taken.each.insert(principal, own + 1);
        Ok(Share { shares: Arc::clone(self), principal })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.shares.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        let own = taken.each.get(&self.principal).copied().unwrap_or(0);
        if own > 1 {
            taken.each.insert(self.principal, own - 1);
        } else {
            taken.each.remove(&self.principal);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::service::principal::principal;
    use tonic::Request;
    use tonic::transport::server::TcpConnectInfo;

    fn from(address: &str) -> Principal {
        let mut request = Request::new(());
        let remote_addr = Some(address.parse().unwrap());
        request.extensions_mut().insert(TcpConnectInfo { local_addr: None, remote_addr });
        principal(&request)
    }

    #[test]
    fn one_client_cannot_lock_others_out() {
        let shares = Shares::new(3, 2);
        let (greedy, other) = (from("10.0.0.1:1000"), from("10.0.0.2:1000"));
        let first = shares.take(greedy).unwrap();
        let _second = shares.take(from("10.0.0.1:2000")).unwrap();
        assert_eq!(shares.take(greedy).unwrap_err(), Refusal::OverShare(2));
        let _third = shares.take(other).unwrap();
        assert_eq!(shares.take(other).unwrap_err(), Refusal::Full(3));
        drop(first);
        let _again = shares.take(other).unwrap();
        assert_eq!(shares.take(greedy).unwrap_err(), Refusal::Full(3));
    }

    #[test]
    fn who_has_nothing_open_is_forgotten() {
        let shares = Shares::new(3, 2);
        drop(shares.take(from("10.0.0.1:1000")).unwrap());
        assert!(shares.taken.lock().unwrap().each.is_empty());
    }
}
