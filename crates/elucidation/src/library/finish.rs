//! The end of a build: sorts, seals, and puts the library in place of a former one.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::build::{Build, GROWING};
use super::digest::{hex, seal};
use super::error::LibraryError;
use super::layout::{MAGIC, decode_span};
use super::manifest::{FORMAT_VERSION, Manifest};

/// Molecules by rising mass, made at the end.
const ORDER: &str = "order";

impl Build {
    /// Seals the files and puts the library in place of a former one.
    pub(super) fn finish(mut self) -> Result<Manifest, LibraryError> {
        self.checkpoint()?;
        self.write_order()?;
        let mut files = Vec::new();
        let mut version = Sha256::new();
        for name in GROWING.iter().chain([&ORDER]) {
            let seal = seal(&self.building, name)?;
            version.update(seal.digest.as_bytes());
            files.push(seal);
        }
        for text in self.state.formulas.iter().chain([&self.state.key.model_digest]) {
            version.update(text.as_bytes());
            version.update([0]);
        }
        let manifest = Manifest {
            format: FORMAT_VERSION,
            name: self.name.clone(),
            version: hex(&version.finalize()),
            model_digest: self.state.key.model_digest.clone(),
            count: self.state.accepted,
            created: chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            source: self.state.key.source.clone(),
            files,
            formulas: std::mem::take(&mut self.state.formulas),
        };
        let place = self.directory.join(manifest.folder());
        if place.exists() {
            fs::remove_dir_all(&place).map_err(|cause| LibraryError::io(&place, cause))?;
        }
        let checkpoint = self.building.join("checkpoint.json");
        fs::remove_file(&checkpoint).map_err(|cause| LibraryError::io(&checkpoint, cause))?;
        fs::rename(&self.building, &place).map_err(|cause| LibraryError::io(&place, cause))?;
        manifest.write(&self.directory)?;
        self.remove_former_versions(&place);
        Ok(manifest)
    }

    /// A process that still has an old version mapped keeps it until it closes it.
    fn remove_former_versions(&self, current: &Path) {
        for entry in fs::read_dir(&self.directory).into_iter().flatten().flatten() {
            let former = entry.file_name().to_string_lossy().starts_with("v-");
            if former && entry.path() != current {
                // Left behind it costs only space; the next import tries again.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    fn write_order(&mut self) -> Result<(), LibraryError> {
        let mut keys: Vec<(f64, u32, u32)> = Vec::new();
        self.each_record(|_, bytes| {
            if let Some((mass, formula, _, _)) = decode_span(bytes) {
                keys.push((mass, formula, u32::try_from(keys.len()).unwrap_or(u32::MAX)));
            }
        })?;
        keys.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let path = self.building.join(ORDER);
        let io = |cause| LibraryError::io(&path, cause);
        let mut file = BufWriter::new(File::create(&path).map_err(io)?);
        file.write_all(MAGIC).map_err(io)?;
        for (_, _, number) in keys {
            file.write_all(&number.to_le_bytes()).map_err(io)?;
        }
        file.into_inner().map_err(|e| io(e.into_error()))?.sync_all().map_err(io)
    }
}
