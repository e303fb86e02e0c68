//! How long the certificate holds.

use std::fs;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use x509_parser::pem::parse_x509_pem;

use super::finding::Finding;

/// It is time to think of a new one.
const SOON: TimeDelta = TimeDelta::days(14);

pub(super) fn examine(path: &Path) -> Finding {
    let subject = format!("tls.certificate {}", path.display());
    let Some((begin, end)) = validity(path) else {
        return Finding::fault_that(subject, "it is no certificate", "put one there, PEM");
    };
    let now = Utc::now();
    let day = |time: DateTime<Utc>| time.format("%Y-%m-%d").to_string();
    let cure = "put a new one in its place; Larmor shows it within seconds";
    if begin > now {
        return Finding::fault_that(subject, format!("it holds from {} on", day(begin)), cure);
    }
    match end - now {
        left if left <= TimeDelta::zero() => {
            Finding::fault_that(subject, format!("it ended on {}", day(end)), cure)
        }
        left if left < SOON => Finding::warning(subject, format!("it ends on {}", day(end)), cure),
        _ => Finding::well(subject, format!("it holds until {}", day(end))),
    }
}

fn validity(path: &Path) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let text = fs::read(path).ok()?;
    let (_, pem) = parse_x509_pem(&text).ok()?;
    let certificate = pem.parse_x509().ok()?;
    let time = |time: x509_parser::time::ASN1Time| DateTime::from_timestamp(time.timestamp(), 0);
    Some((time(certificate.validity().not_before)?, time(certificate.validity().not_after)?))
}
