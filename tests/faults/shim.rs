//! A library that daemons are started with, through which their clock and their files fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The library, compiled.
pub struct Shim(PathBuf);

impl Shim {
    pub fn build(folder: &Path) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/shim.c");
        let library = folder.join("shim.so");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl");
        assert!(compiler.status().unwrap().success());
        Self(library)
    }

    pub fn library(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

/// What one daemon's shim is told.
pub struct Control(PathBuf);

impl Control {
    pub fn new(folder: PathBuf) -> Self {
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    pub fn folder(&self) -> &str {
        self.0.to_str().unwrap()
    }

    /// Sets the clock, in seconds from the right time.
    pub fn set_clock(&self, seconds: i64) {
        self.tell("clock", Some(seconds.to_string()));
    }

    /// Whatever is below a directory does not answer, or all answers again.
    pub fn hang(&self, below: Option<&Path>) {
        self.tell("hang", below.map(|path| path.to_str().unwrap().to_owned()));
    }

    fn tell(&self, name: &str, text: Option<String>) {
        let path = self.0.join(name);
        match text {
            Some(text) => {
                let new = self.0.join("new");
                fs::write(&new, text).unwrap();
                fs::rename(new, path).unwrap();
            }
            None => fs::remove_file(path).unwrap(),
        }
    }
}
