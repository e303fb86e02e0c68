//! Whom a call is counted for.

use std::net::{IpAddr, Ipv6Addr};

use tonic::Request;
use uuid::Uuid;

use crate::access::Caller;

/// Whom a call is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Principal {
    /// The credential that was shown.
    Credential(Uuid),
    /// Where nobody is asked, the address it comes from. Behind a proxy that is the proxy.
    Address(Option<IpAddr>),
}

/// Whom a call is counted for.
pub(super) fn principal<T>(request: &Request<T>) -> Principal {
    match request.extensions().get::<Caller>().and_then(|caller| caller.credential) {
        Some(credential) => Principal::Credential(credential),
        None => Principal::Address(request.remote_addr().map(|address| network(address.ip()))),
    }
}

/// A machine has one IPv4 address, and of IPv6 as many as it likes of a network of 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_machine_are_one() {
        let of = |address: &str| network(address.parse().unwrap());
        assert_eq!(of("10.0.0.7"), of("::ffff:10.0.0.7"));
        assert_ne!(of("10.0.0.7"), of("10.0.0.8"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::1"), "::1".parse::<IpAddr>().unwrap());
    }
}
