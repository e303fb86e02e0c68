//! Where it will be reached: the port, what is shown there, and whether anybody can come in.

use std::io::ErrorKind;
use std::net::TcpListener;

use super::certificate;
use super::finding::Finding;
use crate::config::Config;
use crate::service::Certificates;

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let service = &config.service;
    let mut findings = vec![port(config)];
    match Certificates::open(&config.tls) {
        Ok(None) if !service.address.ip().is_loopback() => findings.push(Finding::warning(
            "tls",
            "what is said crosses the network in the clear",
            "name tls.certificate and tls.key (docs/access.md)",
        )),
        Ok(None) => {}
        Ok(Some(_)) => findings.extend(config.tls.certificate.as_deref().map(certificate::examine)),
        Err(error) => {
            let cure = "put certificate and key there as PEM, readable by Larmor's account";
            findings.push(Finding::fault("tls", &error, cure));
        }
    }
    let is_asked = config.access.required_at(&service.address, service.unprotected);
    findings.push(match (is_asked, service.address.ip().is_loopback()) {
        (true, _) => Finding::well("access", "everybody is asked for a token (larmor token list)"),
        (false, true) => {
            Finding::well("access", "everybody on this machine, and nobody else, sees everything")
        }
        (false, false) => Finding::warning(
            "access",
            "service.unprotected: everybody who reaches the address sees everything",
            "take it out of the configuration and make tokens (docs/access.md)",
        ),
    });
    findings
}

fn port(config: &Config) -> Finding {
    let address = config.service.address;
    let subject = format!("service.address {address}");
    match TcpListener::bind(address) {
        Ok(_) => Finding::well(subject, "is free"),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::warning(
            subject,
            "something listens there already",
            "nothing to do where that is Larmor (systemctl status larmor); otherwise name another port",
        ),
        Err(error) => {
            let cure = "name an address of this machine, and a port above 1023";
            Finding::fault(subject, &error, cure)
        }
    }
}
