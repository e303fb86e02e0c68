//! The Python example follows results and goes on where it was. Set-up provides its Python;
//! LARMOR_WITHOUT_PYTHON=1 skips the test, with the reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased};
use support::server::{PATIENCE, TestServer, quick};

/// A Python that can run the example, or why there is none.
fn python() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = root.join("third_party/python/bin/python");
    let python = if own.exists() { own } else { PathBuf::from("python3") };
    let probe = Command::new(&python).args(["-c", "import grpc, grpc_tools.protoc"]).output();
    match probe {
        Ok(output) if output.status.success() => Ok(python),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(cause) => Err(cause.to_string()),
    }
}

async fn run(python: &Path, address: &str, state: &Path) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/python/watch_results.py");
    let mut command = tokio::process::Command::new(python);
    command.arg(script).args(["--address", address, "--until-kind", "elucidated", "--state"]);
    command.arg(state).kill_on_drop(true).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = tokio::time::timeout(3 * PATIENCE, command.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn the_python_example_sees_every_result_once() {
    let python = match python() {
        Ok(python) => python,
        Err(reason) if std::env::var_os("LARMOR_WITHOUT_PYTHON").is_some() => {
            return eprintln!("skipped: no Python for the example: {reason}");
        }
        Err(reason) => {
            panic!("{reason} (./dev setup provides it; LARMOR_WITHOUT_PYTHON=1 does without)")
        }
    };
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    let address = server.address.trim_start_matches("http://");
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("cursor");

    let lease = leased(&database.store, "g/ethanol/1").await;
    database.store.commit(&lease, &finished()).await.unwrap();
    let first = run(&python, address, &state).await;
    let expected = "1 discovered g/ethanol\n2 processed g/ethanol\n3 elucidated g/ethanol\n  \
                    1 0.500 candidate 1 CCO\n    atom 1 13C 58.30 ppm (expected 57.90, \
                    probability 0.97)\n";
    assert!(first.starts_with(expected), "{first}");

    let lease = leased(&database.store, "g/ether/1").await;
    database.store.commit(&lease, &finished()).await.unwrap();
    let second = run(&python, address, &state).await;
    assert!(second.starts_with("4 discovered g/ether\n5 processed"), "{second}");
    server.stop().await;
}
