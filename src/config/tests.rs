//! What the configuration promises.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::Duration;

use super::*;
use crate::config::error::Nearest;
use crate::config::source::all_keys;

fn file(text: &str) -> Source {
    Source { path: PathBuf::from("/etc/larmor/larmor.toml"), text: text.to_owned() }
}

fn load_text(text: &str, variables: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    load_from(Some(file(text)), variables)
}

fn at_line(line: usize) -> Origin {
    Origin::File { path: PathBuf::from("/etc/larmor/larmor.toml"), line }
}

#[test]
fn a_wrong_key_is_named_with_its_line_and_the_nearest_right_one() {
    let error = load_text("[watch]\nsettle = \"5s\"\nscan_intervall = \"1m\"\n", &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "/etc/larmor/larmor.toml:3: there is no setting 'watch.scan_intervall'; did you mean \
         'watch.scan_interval'?"
    );
    let error = load_text("\n[[root]]\npath = \"a\"\ninstrumnt = \"b\"\n", &[]).unwrap_err();
    let ConfigError::UnknownKey { origin, nearest, .. } = error else { panic!("{error}") };
    assert_eq!(origin, at_line(4));
    assert_eq!(nearest, Nearest::Key("root.instrument".into()));
}

#[test]
fn a_wrong_value_is_named_with_its_line() {
    for (text, line, key) in [
        ("[watch]\nsettle = 5\n", 2, "watch.settle"),
        ("[watch]\n\nsettle = \"5 parsecs\"\n", 3, "watch.settle"),
        ("[service]\naddress = \"here\"\n", 2, "service.address"),
        ("[pipeline]\nworkers = 0\n", 2, "pipeline.workers"),
        ("[log]\nformat = \"xml\"\n", 2, "log.format"),
        ("[models]\ndevice = \"gpu\"\n", 2, "models.device"),
        ("[database]\nurl = \"mysql://x\"\n", 2, "database.url"),
        ("roles = [\"watch\", \"dance\"]\n", 1, "roles.1"),
        ("[[root]]\npath = \"a\"\ninstrument = \"x\"\nrule = \"{group}\"\n", 4, "root.0.rule"),
    ] {
        let error = load_text(text, &[]).unwrap_err();
        let ConfigError::Invalid { origin, key: found, .. } = &error else { panic!("{error}") };
        assert_eq!((origin, found.as_str()), (&at_line(line), key), "{text}: {error}");
    }
}

#[test]
fn numbers_that_cannot_work_are_refused_and_the_limits_are_not() {
    for (section, key, refused, accepted) in [
        ("pipeline.processing", "zero_fill_factor", ["0", "17"], ["1", "16"]),
        ("pipeline.processing", "line_broadening_hz", ["nan", "-0.1"], ["0.0", "1000.0"]),
        ("pipeline.processing", "baseline_stiffness", ["inf", "0.0"], ["1.0", "1e12"]),
        ("pipeline.processing", "least_signal_to_noise", ["nan", "0.5"], ["1.0", "1e6"]),
        ("pipeline.processing", "least_relative_height", ["1.1", "-0.1"], ["0.0", "1.0"]),
        (
            "pipeline.processing",
            "phase",
            ["[nan, 0.0]", "[0.0, inf]"],
            ["[0.0, 0.0]", "[-90.0, 360.0]"],
        ),
        ("pipeline.processing", "repair_points", ["9", "-1"], ["0", "8"]),
        ("elucidation", "top", ["0", "1001"], ["1", "1000"]),
        ("elucidation", "threads", ["0", "257"], ["1", "256"]),
        ("service", "max_streams", ["0", "100001"], ["256", "100000"]),
        ("service", "max_streams_per_client", ["0", "4097"], ["1", "4096"]),
        ("service", "slow_consumer", ["\"999ms\"", "\"0s\""], ["\"1s\"", "\"10m\""]),
        ("service", "bookmark_interval", ["\"999ms\"", "5"], ["\"1s\"", "\"1m\""]),
        ("service", "max_request_mib", ["0", "65"], ["1", "64"]),
        ("service", "max_submission_mib", ["0", "65537"], ["1", "65536"]),
        ("elucidation", "mass_window_da", ["nan", "-1.0"], ["0.0", "0.5"]),
    ] {
        let load = |value| load_text(&format!("[{section}]\n{key} = {value}\n"), &[]);
        for value in accepted {
            load(value).unwrap();
        }
        for value in refused {
            let error = load(value).unwrap_err();
            let ConfigError::Invalid { origin, key: found, .. } = &error else { panic!("{error}") };
            assert_eq!((origin, found), (&at_line(2), &format!("{section}.{key}")), "{error}");
        }
    }
}

#[test]
fn a_library_is_named_and_not_a_path() {
    load_text("[library]\nactive = [\"moses-1.0\"]\n", &[]).unwrap();
    for name in ["", "../moses", "a/b", ".."] {
        let text = format!("[library]\nactive = [\"moses\", \"{name}\"]\n");
        let error = load_text(&text, &[]).unwrap_err();
        let ConfigError::Invalid { origin, key, .. } = &error else { panic!("{error}") };
        assert_eq!((origin, key.as_str()), (&at_line(2), "library.active.1"), "{error}");
    }
}

#[test]
fn a_rule_deeper_than_is_looked_is_refused() {
    let rule = format!("{}{{sample}}/{{expno}}", "*/".repeat(11));
    let text = format!("[[root]]\npath = \"a\"\ninstrument = \"x\"\nrule = \"{rule}\"\n");
    let error = load_text(&text, &[]).unwrap_err().to_string();
    assert!(error.contains("larmor.toml:4: root.0.rule") && error.contains("13"), "{error}");
}

#[test]
fn a_missing_value_is_named() {
    let error = load_text("[[root]]\npath = \"a\"\n", &[]).unwrap_err().to_string();
    assert!(error.contains("larmor.toml:1") && error.contains("instrument"), "{error}");
}

#[test]
fn text_that_is_no_toml_says_where() {
    let error = load_text("state_dir = \"x\"\n[watch\n", &[]).unwrap_err();
    let ConfigError::Syntax { origin, .. } = &error else { panic!("{error}") };
    assert_eq!(*origin, at_line(2));
}

#[test]
fn a_variable_overrides_the_file() {
    let loaded = load_text(
        "[pipeline]\nworkers = 3\n",
        &[
            ("LARMOR_PIPELINE__WORKERS", "7"),
            ("LARMOR_DATABASE__URL", "postgres://db/larmor"),
            ("LARMOR_LIBRARY__ACTIVE", "[\"moses\"]"),
            ("LARMOR_STATE_DIR", "/var/lib/larmor"),
            ("LARMOR_WATCH__SETTLE", "250ms"),
            ("LARMOR_ROOT", "[{ path = \"/data\", instrument = \"500\" }]"),
            ("LARMOR_SERVICE_HOST", "10.0.0.1"),
        ],
    )
    .unwrap();
    let config = loaded.config;
    assert_eq!(config.pipeline.workers, 7);
    assert_eq!(config.database.url.as_deref(), Some("postgres://db/larmor"));
    assert_eq!(config.library.active, ["moses"]);
    assert_eq!(config.state_dir, Path::new("/var/lib/larmor"));
    assert_eq!(config.watch.settle, Duration::from_millis(250));
    assert_eq!(config.roots[0].instrument, "500");
}

#[test]
fn a_wrong_variable_is_named() {
    let error = load_text("", &[("LARMOR_DATABASE__URLL", "x")]).unwrap_err().to_string();
    assert!(error.contains("LARMOR_DATABASE__URLL"), "{error}");
    assert!(error.contains("did you mean 'LARMOR_DATABASE__URL'?"), "{error}");
    for (name, value) in [("LARMOR_PIPELINE__WORKERS", "many"), ("LARMOR_PIPELINE__WORKERS", "0")] {
        let error = load_text("", &[(name, value)]).unwrap_err();
        let ConfigError::Invalid { origin, key, .. } = &error else { panic!("{error}") };
        assert_eq!(*origin, Origin::Environment(name.into()));
        assert_eq!(key, "pipeline.workers");
    }
}

#[test]
fn relative_paths_are_relative_to_the_file() {
    let text = "[[root]]\npath = \"data\"\ninstrument = \"500\"\n\
                [tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n";
    let config = load_text(text, &[]).unwrap().config;
    assert_eq!(config.roots[0].path, Path::new("/etc/larmor/data"));
    assert_eq!(config.tls.certificate.as_deref(), Some(Path::new("/etc/larmor/c.pem")));
    assert_eq!(config.tls.key.as_deref(), Some(Path::new("/etc/larmor/k.pem")));
    assert_eq!(config.state_dir, Path::new("/etc/larmor/.larmor"));
}

#[test]
fn roots_within_one_another_are_refused() {
    let text = "[[root]]\npath = \"/data\"\ninstrument = \"a\"\n\
                [[root]]\npath = \"/data/b\"\ninstrument = \"b\"\n";
    let error = load_text(text, &[]).unwrap_err().to_string();
    assert!(error.contains("larmor.toml:5: root.1.path"), "{error}");
}

/// `deploy/larmor.toml` shows every setting at its default, commented out.
#[test]
fn the_example_file_shows_every_setting_at_its_default() {
    let text = include_str!("../../deploy/larmor.toml");
    let settings: String = text
        .lines()
        .map(|line| line.strip_prefix("#").filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .map(|line| format!("{line}\n"))
        .collect();
    let source = file(&settings);
    source.check_keys().unwrap();
    let table: Table = toml::from_str(&settings).unwrap();
    for key in all_keys() {
        let mut value = Some(&toml::Value::Table(table.clone())).cloned();
        for part in key.split('.') {
            value = value.and_then(|value| match value {
                toml::Value::Array(array) => array[0].get(part).cloned(),
                other => other.get(part).cloned(),
            });
        }
        assert!(value.is_some(), "deploy/larmor.toml does not show {key}");
    }
    let mut shown: Config = toml::from_str(&settings).unwrap();
    let root = shown.roots.remove(0);
    assert_eq!(
        (root.rule, root.group, root.poll),
        ("{sample}/{expno}".into(), "default".into(), false)
    );
    // Shown as examples: without a value these are chosen by Larmor, or nothing.
    let Config { database, models, library, pipeline, elucidation, web, tls, access, .. } =
        &mut shown;
    (web.enabled, access.required) = (None, None);
    (tls.certificate, tls.key) = (None, None);
    (database.url, database.os_user, models.directory) = (None, None, None);
    library.active.clear();
    pipeline.processing.line_broadening_hz = None;
    pipeline.processing.phase = None;
    pipeline.processing.baseline_stiffness = None;
    pipeline.processing.repair_points = None;
    pipeline.backfill.since = None;
    pipeline.processing.least_relative_height = None;
    elucidation.mass_window_da = None;
    assert_eq!(shown, Config::default());
    load_text(text, &[]).unwrap();
}

#[test]
fn the_manual_explains_every_setting_and_no_other() {
    let manual = include_str!("../../docs/configuration.md");
    let explained: Vec<&str> = manual
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|rest| rest.split('`').next())
        .collect();
    let known = all_keys();
    for key in &known {
        assert!(explained.contains(&key.as_str()), "docs/configuration.md lacks {key}");
    }
    for key in explained {
        assert!(all_keys().iter().any(|known| known == key), "there is no setting {key}");
    }
}
