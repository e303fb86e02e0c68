//! What reading JCAMP-DX files promises, on real and on hostile ones.
#![allow(clippy::unwrap_used, clippy::panic)]

mod real;
mod written;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use larmor_fixtures::test_data;
use larmor_nmr::fid::{self, Experiment, Fid, FidError, Nucleus, Origin, Solvent, Status, Vendor};
use larmor_nmr::spectrum::{self, PeakClass, ProcessingParameters};
use proptest::prelude::*;

fn status(path: &Path) -> Status {
    fid::inspect(path).unwrap().status
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A file in a directory of its own.
struct File {
    folder: tempfile::TempDir,
    name: &'static str,
}

impl File {
    fn of(name: &'static str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        Self { folder, name }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(self.name)
    }
}

/// A FID of 200 points on two pages.
fn small_fid() -> String {
    let page = |symbol: char, number: u32| {
        let mut text =
            format!("##PAGE= N={number}\n##DATA TABLE= (X++({symbol}..{symbol})), XYDATA\n");
        for line in 0..20 {
            text.push_str(&(line * 10).to_string());
            for point in 0..10 {
                text.push_str(&format!("{:+}", (line * 10 + point + 7) % 23 - 11));
            }
            text.push('\n');
        }
        text
    };
    format!(
        "##TITLE= small $$ not much\n##JCAMP-DX= 6.0\n##DATA TYPE= NMR FID\n\
         ##DATA CLASS= NTUPLES\n##.OBSERVE FREQUENCY= 125.77\n##.OBSERVE NUCLEUS= ^13C\n\
         ##.PULSE SEQUENCE= dept90\n##.SOLVENT NAME= CDCl3\n##NTUPLES= NMR FID\n\
         ##VAR_NAME= TIME, FID/REAL, FID/IMAG\n##SYMBOL= X, R, I\n\
         ##VAR_TYPE= INDEPENDENT, DEPENDENT, DEPENDENT\n##VAR_FORM= AFFN, ASDF, ASDF\n\
         ##VAR_DIM= 200, 200, 200\n##UNITS= SECONDS, ARBITRARY UNITS, ARBITRARY UNITS\n\
         ##FACTOR= 0.00005, 2, 0.5\n##FIRST= 0, 0, 0\n##LAST= 0.00995, 0, 0\n{}{}\
         ##END NTUPLES= NMR FID\n##END=\n",
        page('R', 1),
        page('I', 2)
    )
}

fn corrupt(path: &Path) -> String {
    match status(path) {
        Status::Corrupt { reason } => {
            assert!(fid::read(path).is_err());
            reason
        }
        other => panic!("{other:?}"),
    }
}

fn unsupported(path: &Path) -> String {
    match (status(path), fid::read(path)) {
        (Status::Unsupported { reason }, Err(FidError::Unsupported { reason: read, .. })) => {
            assert_eq!(reason, read.to_string());
            reason
        }
        other => panic!("{other:?}"),
    }
}
