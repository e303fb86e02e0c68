//! A Delta file written after the format's description.

use std::fs;
use std::path::PathBuf;

use larmor_fixtures::instruments::stored_line;

pub(super) const POINTS: usize = 2048;

/// What may differ between the files below.
pub(super) struct Jdf {
    pub(super) little_endian: bool,
    pub(super) single: bool,
    pub(super) mirrored: bool,
    pub(super) parameters: Vec<Record>,
    pub(super) values: Vec<f64>,
}

pub(super) enum Record {
    Text(&'static str, &'static str),
    Count(&'static str, i32),
    /// Name, value, power of 1000 of the prefix, unit.
    Real(&'static str, f64, i8, u8),
}

impl Default for Jdf {
    fn default() -> Self {
        Self {
            little_endian: true,
            single: false,
            mirrored: false,
            parameters: vec![
                Record::Text("X_DOMAIN", "Proton"),
                Record::Real("X_FREQ", 400.0, -2, 13),
                Record::Real("X_OFFSET", 5.0, 0, 26),
                Record::Count("SCANS", 8),
                Record::Count("TOTAL_SCANS", 8),
                Record::Real("end_time", 1e9, 0, 28),
                Record::Text("experiment", "single_pulse.jxp"),
                Record::Text("solvent", "CHLOROFORM-D"),
                Record::Real("temp_get", 25.0, 0, 4),
            ],
            values: stored_line(0.125, POINTS, 100.0),
        }
    }
}

impl Jdf {
    pub(super) fn with(parameter: Record) -> Self {
        let mut file = Self::default();
        let named = |record: &Record| match record {
            Record::Text(name, _) | Record::Count(name, _) | Record::Real(name, ..) => *name,
        };
        file.parameters.retain(|other| named(other) != named(&parameter));
        file.parameters.push(parameter);
        file
    }

    pub(super) fn without(name: &str) -> Self {
        let mut file = Self::default();
        file.parameters.retain(|record| match record {
            Record::Text(other, _) | Record::Count(other, _) | Record::Real(other, ..) => {
                *other != name
            }
        });
        file
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let points = self.values.len() / 2;
        let width = if self.single { 4 } else { 8 };
        let mut file = vec![0u8; 1360];
        let mut put = |at: usize, big: &[u8]| {
            let mut field = big.to_vec();
            if self.mirrored {
                field.reverse();
            }
            file[at..at + field.len()].copy_from_slice(&field);
        };
        let parameter_bytes = 16 + 64 * self.parameters.len();
        let data_start = 1360 + parameter_bytes;
        put(0, b"JEOL.NMR");
        put(8, &[u8::from(self.little_endian)]);
        put(12, &[1]);
        put(14, &[if self.single { 0x41 } else { 0x01 }]);
        put(24, &[3]);
        put(32, &[0x01]);
        put(33, &[28]);
        put(176, &(points as u32).to_be_bytes());
        put(240, &(points as u32 - 1).to_be_bytes());
        put(336, &((points - 1) as f64 / 8000.0).to_be_bytes());
        put(1064, &400f64.to_be_bytes());
        put(1212, &1360u32.to_be_bytes());
        put(1216, &(parameter_bytes as u32).to_be_bytes());
        put(1284, &(data_start as u32).to_be_bytes());
        put(1288, &((2 * points * width) as u64).to_be_bytes());
        file[48..53].copy_from_slice(b"title");

        let order = |mut big: Vec<u8>| {
            if self.little_endian {
                big.reverse();
            }
            big
        };
        for word in [64, 0, self.parameters.len() as u32 - 1, parameter_bytes as u32 - 16] {
            file.extend(order(word.to_be_bytes().to_vec()));
        }
        for record in &self.parameters {
            let mut bytes = vec![0u8; 64];
            let (name, value, kind) = match record {
                Record::Text(name, text) => (name, format!("{text:16}").into_bytes(), 0i32),
                Record::Count(name, count) => (name, order(count.to_be_bytes().to_vec()), 1),
                Record::Real(name, value, prefix, unit) => {
                    bytes[6] = ((prefix << 4) | 1) as u8;
                    bytes[7] = *unit;
                    (name, order(value.to_be_bytes().to_vec()), 2)
                }
            };
            bytes[16..16 + value.len()].copy_from_slice(&value);
            bytes[32..36].copy_from_slice(&order(kind.to_be_bytes().to_vec()));
            bytes[36..36 + name.len()].copy_from_slice(name.as_bytes());
            file.extend(bytes);
        }
        for part in [0, 1] {
            for value in self.values.iter().skip(part).step_by(2) {
                file.extend(order(if self.single {
                    (*value as f32).to_be_bytes().to_vec()
                } else {
                    value.to_be_bytes().to_vec()
                }));
            }
        }
        file
    }

    pub(super) fn write(&self) -> Written {
        Written::new(&self.bytes())
    }
}

pub(super) struct Written {
    _folder: tempfile::TempDir,
    pub(super) path: PathBuf,
}

impl Written {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sample.JDF");
        fs::write(&path, bytes).unwrap();
        Self { _folder: folder, path }
    }
}
