//! What the types cannot say: values that contradict each other or cannot work.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::service::ServiceSettings;
use crate::watch::{PathRule, RootSettings};
use larmor_elucidation::ElucidationOptions;
use larmor_elucidation::library;
use larmor_nmr::spectrum::ProcessingParameters;
use larmor_nmr::spectrum::linear_prediction::MOST_REPAIRED;

use super::settings::{Config, RetentionSettings, Role};

/// Something wrong with the value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) key: String,
    pub(super) message: String,
}

fn problem<T>(key: impl Into<String>, message: impl Into<String>) -> Result<T, Problem> {
    Err(Problem { key: key.into(), message: message.into() })
}

pub(super) fn check(config: &Config) -> Result<(), Problem> {
    if config.roles.is_empty() {
        return problem("roles", "name at least one of \"watch\", \"process\", \"publish\"");
    }
    if let Some(url) = &config.database.url
        && !(url.starts_with("postgres://") || url.starts_with("postgresql://"))
    {
        return problem(
            "database.url",
            "write postgres://user:password@host/database, or leave it out for a private cluster",
        );
    }
    if !(1..=256).contains(&config.pipeline.workers) {
        return problem("pipeline.workers", "must be between 1 and 256");
    }
    // The pause doubles each time: more than this is longer than anyone waits.
    if config.pipeline.retries > 20 {
        return problem("pipeline.retries", "must be at most 20");
    }
    if !(config.pipeline.backfill.share > 0.0 && config.pipeline.backfill.share <= 1.0) {
        return problem("pipeline.backfill.share", "must be more than 0 and at most 1");
    }
    let RetentionSettings { events_days, points_days, superseded_days, vanished_days } =
        config.retention;
    for (key, days) in [
        ("retention.events_days", events_days),
        ("retention.points_days", points_days),
        ("retention.superseded_days", superseded_days),
        ("retention.vanished_days", vanished_days),
    ] {
        if days > 36_500 {
            return problem(key, "must be at most 36500; 0 keeps them for ever");
        }
    }
    if config.roles.contains(&Role::Publish) {
        exposure(config)?;
        service(&config.service)?;
    }
    for (key, value, least) in [
        ("service.slow_consumer", config.service.slow_consumer, Duration::from_secs(1)),
        ("service.bookmark_interval", config.service.bookmark_interval, Duration::from_secs(1)),
        ("watch.scan_interval", config.watch.scan_interval, Duration::from_millis(100)),
        ("pipeline.read_deadline", config.pipeline.read_deadline, Duration::from_secs(1)),
        ("pipeline.deadline", config.pipeline.deadline, Duration::from_secs(1)),
        ("watch.stale_after", config.watch.stale_after, config.watch.settle),
        ("watch.deadline", config.watch.deadline, Duration::from_millis(100)),
    ] {
        if value < least {
            return problem(key, format!("must be at least {}", crate::duration::print(least)));
        }
    }
    let device = config.models.device.as_str();
    let device = device.strip_suffix("+bf16").unwrap_or(device);
    if !matches!(device, "auto" | "cpu" | "cuda")
        && device.strip_prefix("cuda:").is_none_or(|n| n.parse::<u16>().is_err())
    {
        return problem(
            "models.device",
            "must be auto, cpu, cuda or cuda:N, +bf16 behind it or not",
        );
    }
    if tracing_subscriber::EnvFilter::try_new(&config.log.level).is_err() {
        return problem("log.level", "must be error, warn, info, debug, trace or off");
    }
    processing(&config.pipeline.processing)?;
    elucidation(&config.elucidation)?;
    for (index, name) in config.library.active.iter().enumerate() {
        if let Err(error) = library::directory(&config.state_dir, name) {
            return problem(format!("library.active.{index}"), error.to_string());
        }
    }
    roots(&config.roots)
}

/// A number that was given lies in a range; one that is none (`nan`) lies in no range.
fn within(key: &str, value: Option<f64>, range: RangeInclusive<f64>) -> Result<(), Problem> {
    match value {
        Some(value) if !range.contains(&value) => {
            problem(key, format!("must be between {} and {}", range.start(), range.end()))
        }
        _ => Ok(()),
    }
}

/// What other machines reach asks who they are, and nobody listens in, unless somebody says otherwise.
fn exposure(config: &Config) -> Result<(), Problem> {
    let (service, tls) = (&config.service, &config.tls);
    match (&tls.certificate, &tls.key) {
        (Some(_), None) => return problem("tls.key", "is missing: tls.certificate has one"),
        (None, Some(_)) => return problem("tls.certificate", "is missing: tls.key is of one"),
        _ => {}
    }
    let is_asked = config.access.required_at(&service.address, service.unprotected);
    if service.address.ip().is_loopback() {
        return Ok(());
    }
    if !is_asked && !service.unprotected {
        return problem(
            "access.required",
            "other machines reach service.address, and nobody would be asked who he is: every group's \
             data would be shown to everybody. Leave it out, or say service.unprotected = true",
        );
    }
    if is_asked && tls.certificate.is_none() && !service.plaintext {
        return problem(
            "service.address",
            "other machines reach this address, and what they say, their tokens among it, would cross \
             the network in the clear. Name tls.certificate and tls.key, or listen on 127.0.0.1 behind a \
             proxy that speaks TLS; where the network is safe say service.plaintext = true, and \
             service.unprotected = true to ask nobody who he is",
        );
    }
    Ok(())
}

fn service(settings: &ServiceSettings) -> Result<(), Problem> {
    if !(1..=100_000).contains(&settings.max_streams) {
        return problem("service.max_streams", "must be between 1 and 100000");
    }
    if !(1..=settings.max_streams).contains(&settings.max_streams_per_client) {
        return problem(
            "service.max_streams_per_client",
            format!("must be between 1 and service.max_streams, {}", settings.max_streams),
        );
    }
    // A message is held in memory while it is read.
    if !(1..=64).contains(&settings.max_request_mib) {
        return problem("service.max_request_mib", "must be between 1 and 64");
    }
    if !(1..=65_536).contains(&settings.max_submission_mib) {
        return problem("service.max_submission_mib", "must be between 1 and 65536");
    }
    Ok(())
}

fn processing(parameters: &ProcessingParameters) -> Result<(), Problem> {
    let key = |name: &str| format!("pipeline.processing.{name}");
    if !(1..=16).contains(&parameters.zero_fill_factor) {
        return problem(key("zero_fill_factor"), "must be between 1 and 16");
    }
    if parameters.phase.is_some_and(|phase| phase.iter().any(|p| !p.is_finite() || p.abs() > 1e6)) {
        return problem(key("phase"), "must be two angles in degrees");
    }
    if parameters.repair_points.is_some_and(|points| points > MOST_REPAIRED) {
        return problem(key("repair_points"), format!("must be at most {MOST_REPAIRED}"));
    }
    let noise = Some(parameters.least_signal_to_noise);
    for (name, value, range) in [
        ("line_broadening_hz", parameters.line_broadening_hz, 0.0..=1000.0),
        ("baseline_stiffness", parameters.baseline_stiffness, 1.0..=1e12),
        ("least_signal_to_noise", noise, 1.0..=1e6),
        ("least_relative_height", parameters.least_relative_height, 0.0..=1.0),
    ] {
        within(&key(name), value, range)?;
    }
    Ok(())
}

fn elucidation(options: &ElucidationOptions) -> Result<(), Problem> {
    if !(1..=1000).contains(&options.top) {
        return problem("elucidation.top", "must be between 1 and 1000");
    }
    if !(1..=256).contains(&options.threads) {
        return problem("elucidation.threads", "must be between 1 and 256");
    }
    within("elucidation.mass_window_da", options.mass_window_da, 0.0..=10_000.0)
}

fn roots(roots: &[RootSettings]) -> Result<(), Problem> {
    for (index, root) in roots.iter().enumerate() {
        let key = |name: &str| format!("root.{index}.{name}");
        if root.path.as_os_str().is_empty() {
            return problem(key("path"), "must not be empty");
        }
        for (name, text) in [("instrument", &root.instrument), ("group", &root.group)] {
            if text.trim().is_empty() || text.chars().any(char::is_control) {
                return problem(key(name), "must be a name");
            }
        }
        if root.marker.as_ref().is_some_and(|name| {
            name.contains(['/', '\0']) || ["", ".", ".."].contains(&name.as_str())
        }) {
            return problem(key("marker"), "must be the name of a file in the root");
        }
        if let Err(error) = PathRule::parse(&root.rule) {
            return problem(key("rule"), error.to_string());
        }
        for other in &roots[..index] {
            if root.path.starts_with(&other.path) || other.path.starts_with(&root.path) {
                return problem(
                    key("path"),
                    format!(
                        "lies within the root of {} or around it: {}",
                        other.instrument,
                        other.path.display()
                    ),
                );
            }
        }
    }
    Ok(())
}
