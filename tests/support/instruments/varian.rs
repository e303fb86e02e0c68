//! Varian and Agilent: a folder with `fid`, `procpar` and a log.

use std::fs;

use super::stored_line;

/// Points of the FID.
pub const POINTS: usize = 2048;

/// What may differ between the datasets below.
pub struct Dataset {
    pub kind: &'static str,
    pub blocks: u32,
    pub scans: Vec<u32>,
    pub changes: Vec<(&'static str, &'static str)>,
    pub log: Option<&'static str>,
    pub values: Vec<f64>,
}

impl Default for Dataset {
    fn default() -> Self {
        Self {
            kind: "float",
            blocks: 1,
            scans: vec![16],
            changes: Vec::new(),
            log: Some("Mon Jan 8: Experiment started\nMon Jan 8: Acquisition complete\n"),
            values: stored_line(0.125, POINTS, 10_000.0),
        }
    }
}

impl Dataset {
    pub fn with(changes: &[(&'static str, &'static str)]) -> Self {
        Self { changes: changes.to_vec(), ..Self::default() }
    }

    pub fn fid(&self) -> Vec<u8> {
        let (status, width) = match self.kind {
            "float" => (0x9u16, 4u32),
            "long" => (0x5, 4),
            _ => (0x1, 2),
        };
        let count = self.values.len() as u32;
        let mut bytes = Vec::new();
        for word in [self.blocks, 1, count, width, count * width, count * width + 28] {
            bytes.extend(word.to_be_bytes());
        }
        bytes.extend(0u16.to_be_bytes());
        bytes.extend(status.to_be_bytes());
        bytes.extend(1u32.to_be_bytes());
        for block in 0..self.blocks {
            for half in [0, status, block as u16 + 1, 0] {
                bytes.extend(half.to_be_bytes());
            }
            bytes.extend(self.scans[block as usize % self.scans.len()].to_be_bytes());
            bytes.extend([0; 16]);
            for &value in &self.values {
                match self.kind {
                    "float" => bytes.extend((value as f32).to_be_bytes()),
                    "long" => bytes.extend((value as i32).to_be_bytes()),
                    _ => bytes.extend((value as i16).to_be_bytes()),
                }
            }
        }
        bytes
    }

    pub fn procpar(&self) -> String {
        let mut parameters = vec![
            ("arraydim", "1"),
            ("ct", "16"),
            ("ni", "0"),
            ("np", "4096"),
            ("nt", "16"),
            ("pslabel", "\"PROTON\""),
            ("reffrq", "399.795"),
            ("rfl", "2000"),
            ("rfp", "0"),
            ("samplename", "\"AB 17\""),
            ("seqfil", "\"s2pul\""),
            ("sfrq", "399.797"),
            ("solvent", "\"cdcl3\""),
            ("sw", "8000"),
            ("temp", "25"),
            ("time_saved", "\"20240108T120000\""),
            ("tn", "\"H1\""),
        ];
        for (name, value) in &self.changes {
            parameters.retain(|(other, _)| other != name);
            if *value != "gone" {
                parameters.push((name, value));
            }
        }
        parameters.sort_unstable();
        parameters
            .iter()
            .map(|(name, value)| {
                let kind = if value.starts_with('"') { "2 2" } else { "1 1" };
                format!("{name} {kind} 8 0 0 2 1 8 1 64\n1 {value}\n0 \n")
            })
            .collect()
    }

    pub fn write(&self) -> tempfile::TempDir {
        let folder = tempfile::Builder::new().suffix(".fid").tempdir().unwrap();
        fs::write(folder.path().join("fid"), self.fid()).unwrap();
        fs::write(folder.path().join("procpar"), self.procpar()).unwrap();
        if let Some(log) = self.log {
            fs::write(folder.path().join("log"), log).unwrap();
        }
        folder
    }
}
