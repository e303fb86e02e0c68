//! Who calls.

use std::net::{IpAddr, Ipv6Addr};

use tonic::Request;

/// Whom a call is counted for: the address it comes from, as long as nobody says who he is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Principal(Option<IpAddr>);

/// Who makes a call. Behind a proxy that is the proxy.
pub(super) fn principal<T>(request: &Request<T>) -> Principal {
    Principal(request.remote_addr().map(|address| network(address.ip())))
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
