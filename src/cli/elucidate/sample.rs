//! Acquisitions put together to samples: datasets below one parent directory belong together.

use std::path::{Path, PathBuf};

use larmor_chemistry::Formula;
use larmor_elucidation::{Query, read_dataset};
use larmor_nmr::fid::{self, Beside};
use larmor_nmr::spectrum::ProcessingParameters;
use larmor_nmr::structure::ProposedStructure;

/// How deep below a given directory datasets are looked for.
const MOST_DEPTH: usize = 24;

/// Datasets of one sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sample {
    /// Named in the report: the path given, or the datasets' parent when it holds several samples.
    pub(super) path: PathBuf,
    parent: PathBuf,
    datasets: Vec<PathBuf>,
}

/// What a sample's spectra show.
#[derive(Debug, Clone)]
pub(super) struct Observed {
    pub(super) query: Query,
    /// Structures lying beside the data.
    pub(super) proposed: Vec<ProposedStructure>,
    /// What was used and what was left out, for people.
    pub(super) notes: Vec<String>,
}

/// Samples at or below the given paths, in order; an error for a path without any.
pub(super) fn samples(paths: &[PathBuf]) -> Vec<Result<Sample, (PathBuf, String)>> {
    let mut samples: Vec<Result<Sample, (PathBuf, String)>> = Vec::new();
    for path in paths {
        let found = datasets(path);
        if found.is_empty() {
            samples.push(Err((path.clone(), "no dataset at or below it".to_owned())));
        }
        for dataset in found {
            // `.` and `..` in what was typed must not make two samples of one.
            let full = dataset.canonicalize().unwrap_or_else(|_| dataset.clone());
            let parent = full.parent().unwrap_or(&full).to_owned();
            let known = samples.iter_mut().flatten().find(|sample| sample.parent == parent);
            match known {
                Some(sample) if sample.datasets.contains(&full) => {}
                Some(sample) => sample.datasets.push(full),
                None => {
                    let path = if samples.iter().flatten().any(|other| other.path == *path) {
                        parent.clone()
                    } else {
                        path.clone()
                    };
                    samples.push(Ok(Sample { path, parent, datasets: vec![full] }));
                }
            }
        }
    }
    samples
}

/// Every dataset at or below a path, in order of name, without following links below it.
fn datasets(path: &Path) -> Vec<PathBuf> {
    if fid::recognise(path).is_some() {
        return vec![path.to_owned()];
    }
    let mut found = Vec::new();
    let mut walk =
        walkdir::WalkDir::new(path).max_depth(MOST_DEPTH).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let Ok(entry) = entry else { continue };
        let kind = entry.file_type();
        if !(kind.is_dir() || kind.is_file()) || fid::recognise(entry.path()).is_none() {
            continue;
        }
        if kind.is_dir() {
            walk.skip_current_dir();
        }
        found.push(entry.into_path());
    }
    found
}

impl Sample {
    /// Reads and processes the sample's datasets.
    pub(super) fn observe(
        &self,
        formula: Option<&Formula>,
        processing: &ProcessingParameters,
    ) -> Result<Observed, String> {
        let (mut spectra, mut notes) = (Vec::new(), Vec::new());
        for dataset in &self.datasets {
            let name = dataset.file_name().unwrap_or_default().to_string_lossy();
            match read_dataset(dataset, processing) {
                Ok(spectrum) => {
                    notes.push(format!("{name}: {} {}", spectrum.nucleus, spectrum.experiment));
                    spectra.push(spectrum);
                }
                Err(reason) => notes.push(format!("{name}: left out: {reason}")),
            }
        }
        let Some(query) = Query::of_processed(&spectra) else {
            return Err(format!(
                "no 1H spectrum and no 13C spectrum of all carbons ({})",
                notes.join("; ")
            ));
        };
        let query = Query { formula: formula.cloned(), ..query };
        let mut structures: Vec<ProposedStructure> = Vec::new();
        for found in self.datasets.iter().flat_map(|dataset| proposed(dataset)) {
            let same = |s: &ProposedStructure| s.format == found.format && s.text == found.text;
            if !structures.iter().any(same) {
                structures.push(found);
            }
        }
        Ok(Observed { query, proposed: structures, notes })
    }
}

fn proposed(dataset: &Path) -> Vec<ProposedStructure> {
    fid::proposed_structures(dataset, Beside::of_numbered(dataset))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn files_and_directories_are_found_side_by_side_and_links_are_not_followed() {
        let root = tempfile::tempdir().unwrap();
        let sample = root.path().join("AB-17");
        fs::create_dir_all(sample.join("10")).unwrap();
        for name in ["10/acqus", "10/fid", "13c.fid.dx", "1h.jdx", "notes.txt"] {
            fs::write(sample.join(name), "").unwrap();
        }
        std::os::unix::fs::symlink(sample.join("1h.jdx"), sample.join("link.jdx")).unwrap();
        let names = |path: &Path| -> Vec<String> {
            let found = datasets(path);
            found.iter().map(|p| p.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names(root.path()), ["10", "13c.fid.dx", "1h.jdx"]);
        assert_eq!(names(&sample.join("1h.jdx")), ["1h.jdx"]);
        let together = samples(&[root.path().to_owned()]);
        assert_eq!(together.len(), 1, "one directory, one sample");
    }
}
