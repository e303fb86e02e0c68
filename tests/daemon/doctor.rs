//! `larmor doctor` finds what is planted, each with its cure, and nothing where all is well.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use larmor_fixtures::TestDatabase;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use serde_json::Value;
use sqlx::Executor;
use tempfile::TempDir;

use crate::bruker::{acquire, arborinine};
use crate::model;

/// A place where Larmor would run well, to be spoilt.
struct Place {
    home: TempDir,
    variables: Vec<(String, String)>,
}

impl Place {
    async fn well(database: &TestDatabase) -> Self {
        let home = TempDir::new().unwrap();
        let data = home.path().join("data");
        fs::create_dir(&data).unwrap();
        acquire(arborinine("11"), data.join("rossi/EN4/11"));
        let mut place = Self { home, variables: Vec::new() };
        place.root(&data, "{group}/{sample}/{expno}", "");
        place.set("STATE_DIR", place.home.path().join("state").display());
        place.set("DATABASE__URL", &database.url);
        place.set("MODELS__DIRECTORY", model::directory().display());
        place.set("MODELS__DEVICE", "cpu");
        place.set("SERVICE__ADDRESS", "127.0.0.1:0");
        place
    }

    fn set(&mut self, key: &str, value: impl ToString) {
        self.variables.retain(|(known, _)| known != key);
        self.variables.push((key.to_owned(), value.to_string()));
    }

    fn root(&mut self, path: &Path, rule: &str, more: &str) {
        let root =
            format!("[{{ path = {path:?}, instrument = \"av500\", rule = {rule:?} {more} }}]");
        self.set("ROOT", root);
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.home.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// What is found that is not well: level, subject, words and cure in one line each.
    fn found(&self, limit: &str) -> (bool, Vec<String>) {
        let script = format!("{limit} exec \"$0\" doctor --json --config \"$1\"");
        let config = match self.home.path().join("larmor.toml") {
            there if there.exists() => there,
            _ => self.file("larmor.toml", ""),
        };
        let output = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_larmor")])
            .arg(config)
            .envs(self.variables.iter().map(|(key, value)| (format!("LARMOR_{key}"), value)))
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let bad = lines.filter(|line| line["level"] != "well").map(|line| {
            assert!(!line["cure"].as_str().unwrap().is_empty(), "nothing to be done: {line}");
            format!("{} {}: {}", line["level"], line["subject"], line["said"]).replace('"', "")
        });
        (output.status.success(), bad.collect())
    }
}

/// A certificate that holds from one year to another, and its key.
fn certificate(place: &Place, from: i32, to: i32) -> (PathBuf, PathBuf) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["nmr.example".to_owned()]).unwrap();
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    let key = place.file("key.pem", &key.serialize_pem());
    (place.file("certificate.pem", &certificate.pem()), key)
}

/// Plants a fault; holds its words, and what must go on until the doctor has looked.
type Planted = (&'static str, Option<TcpListener>);

async fn plant(number: usize, place: &mut Place, database: &TestDatabase) -> Option<Planted> {
    let home = place.home.path().to_owned();
    let shown = |place: &mut Place, (certificate, key): (PathBuf, PathBuf)| {
        place.set("TLS__CERTIFICATE", certificate.display());
        place.set("TLS__KEY", key.display());
    };
    let words = match number {
        0 => {
            place.file("larmor.toml", "[service]\naddres = \"127.0.0.1:0\"\n");
            "fault configuration"
        }
        1 => {
            place.set("STATE_DIR", "/dev/null/state");
            "fault state_dir"
        }
        2 => {
            place.set("MODELS__DIRECTORY", home.join("nowhere").display());
            "fault models"
        }
        3 => {
            let damaged = home.join("models/shift");
            fs::create_dir_all(&damaged).unwrap();
            for file in fs::read_dir(model::directory().join("shift")).unwrap() {
                let file = file.unwrap();
                let content = fs::read(file.path()).unwrap();
                fs::write(damaged.join(file.file_name()), &content[..content.len() / 2]).unwrap();
            }
            place.set("MODELS__DIRECTORY", home.join("models").display());
            "fault models"
        }
        4 => {
            place.set("MODELS__DEVICE", "cuda:7");
            "fault models"
        }
        5 => {
            place.set("LIBRARY__ACTIVE", "[\"moses\"]");
            "fault library moses"
        }
        6 => {
            place.set("DATABASE__URL", "postgres://larmor@127.0.0.1:1/larmor");
            "fault database.url"
        }
        7 => {
            let mut connection = database.connection().await;
            connection.execute("CREATE ROLE weak LOGIN").await.ok();
            place.set("DATABASE__URL", database.url.replace("user=larmor", "user=weak"));
            "fault database.url: its account may not make tables"
        }
        8 => {
            let mut connection = database.connection().await;
            let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                         VALUES (9999, 'of tomorrow', true, '', 0)";
            connection.execute(newer).await.unwrap();
            "fault database.url: its tables are of a newer Larmor"
        }
        9 => {
            place.root(&home.join("nowhere"), "{sample}/{expno}", "");
            "fault root"
        }
        10 => {
            let file = place.file("a-file", "");
            place.root(&file, "{sample}/{expno}", "");
            "fault root"
        }
        11 => {
            let data = home.join("data");
            place.root(&data, "{group}/{sample}/{expno}", ", marker = \".mounted\"");
            "its marker .mounted is not there"
        }
        12 => {
            place.root(&home.join("data"), "{sample}", "");
            "does not fit the rule"
        }
        13 => {
            let taken = TcpListener::bind("127.0.0.1:0").unwrap();
            place.set("SERVICE__ADDRESS", taken.local_addr().unwrap());
            return Some(("something listens there already", Some(taken)));
        }
        14 => {
            place.set("SERVICE__ADDRESS", "203.0.113.7:50151");
            place.set("SERVICE__PLAINTEXT", "true");
            "fault service.address"
        }
        15 => {
            let ended = certificate(place, 2001, 2002);
            shown(place, ended);
            "it ended on 2002-01-01"
        }
        16 => {
            let (one, _) = certificate(place, 2020, 2090);
            let key = place.file("other.pem", &KeyPair::generate().unwrap().serialize_pem());
            shown(place, (one, key));
            "fault tls"
        }
        17 => {
            place.set("SERVICE__ADDRESS", "0.0.0.0:0");
            place.set("SERVICE__UNPROTECTED", "true");
            "warning access"
        }
        18 => {
            let empty = home.join("empty");
            fs::create_dir(&empty).unwrap();
            place.root(&empty, "{sample}/{expno}", "");
            "no dataset was found"
        }
        _ => return None,
    };
    Some((words, None))
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn every_planted_fault_is_found_with_its_cure() {
    let database = TestDatabase::new().await;
    let (well, usual) = Place::well(&database).await.found("");
    assert!(well, "{usual:?}");
    // What this machine is like is nothing that was planted.
    let is_new = |line: &String| !usual.contains(line);
    for number in 0.. {
        let database = TestDatabase::new().await;
        let mut place = Place::well(&database).await;
        let Some((words, held)) = plant(number, &mut place, &database).await else {
            assert!(number >= 15, "{number} faults were planted");
            break;
        };
        let (well, found) = place.found("");
        drop(held);
        let new: Vec<&String> = found.iter().filter(|line| is_new(line)).collect();
        assert!(new.iter().any(|line| line.contains(words)), "{number} {words}: {found:?}");
        let is_fault = new.iter().any(|line| line.starts_with("fault"));
        assert_eq!(well, !is_fault, "{number}: {found:?}");
    }
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn too_few_open_files_are_told() {
    let database = TestDatabase::new().await;
    let (_, found) = Place::well(&database).await.found("ulimit -n 512;");
    assert!(found.iter().any(|line| line.contains("warning open files")), "{found:?}");
}
