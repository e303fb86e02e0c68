//! A configuration that is wrong is told before anything is started.

use std::fs;
use std::process::{Command, Output};

fn serve(config: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("larmor.toml"), config).unwrap();
    Command::new(env!("CARGO_BIN_EXE_larmor"))
        .arg("serve")
        .args(arguments)
        .args(["--config", "larmor.toml"])
        .envs(variables.iter().copied())
        .current_dir(home.path())
        .output()
        .unwrap()
}

#[test]
fn a_wrong_key_is_named_with_its_line_and_the_right_one() {
    for arguments in [&["--check"] as &[&str], &[]] {
        let output = serve("[watch]\nsetle = \"5s\"\n", arguments, &[]);
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            said.trim(),
            "larmor: larmor.toml:2: there is no setting 'watch.setle'; did you mean \
             'watch.settle'?"
        );
    }
}

#[test]
fn a_wrong_variable_is_named() {
    let output = serve("", &["--check"], &[("LARMOR_PIPELINE__WORKERS", "lots")]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("environment variable LARMOR_PIPELINE__WORKERS"), "{said}");
}

#[test]
fn nothing_is_served_to_a_whole_network_unless_somebody_says_so() {
    for address in ["0.0.0.0:50151", "[::]:50151", "192.168.1.7:50151"] {
        let config = format!("[service]\naddress = \"{address}\"\n");
        for arguments in [&["--check"] as &[&str], &[]] {
            let output = serve(&config, arguments, &[]);
            assert!(!output.status.success());
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(
                said.contains("larmor.toml:2:") && said.contains("service.unprotected"),
                "{said}"
            );
        }
        let told = serve(&config, &["--check"], &[("LARMOR_SERVICE__UNPROTECTED", "true")]);
        assert!(told.status.success());
        // Who serves nothing shows nothing.
        let silent = serve(&config, &["--check"], &[("LARMOR_ROLES", "[\"process\"]")]);
        assert!(silent.status.success());
    }
}

#[test]
fn a_right_configuration_passes_the_check_and_starts_nothing() {
    let output = serve("[[root]]\npath = \"/data\"\ninstrument = \"500\"\n", &["--check"], &[]);
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("larmor.toml is valid"), "{said}");
    assert!(said.contains("/data of 500"), "{said}");
}
