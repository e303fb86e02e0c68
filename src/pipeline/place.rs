//! Where a dataset lies, and whether the directory around it is its sample's.

use std::path::PathBuf;

use crate::watch::{dataset_stem, decode_path};
use larmor_nmr::fid::Beside;

/// The directory of a dataset and where structures proposed for its sample may lie. The stored
/// path, sample and experiment stand for the path rule, which a process that only works on data
/// does not know.
pub(super) fn place(path: &str, sample: &str, experiment: Option<&str>) -> (PathBuf, Beside) {
    (decode_path(path), beside(path, sample, experiment))
}

fn beside(path: &str, sample: &str, experiment: Option<&str>) -> Beside {
    let mut names = path.rsplit('/').filter(|name| !name.is_empty());
    let dataset = names.next().map(dataset_stem);
    // Below a sample's directory everything is that sample's; what lies elsewhere (an archive
    // with a layout of its own) may have any neighbours.
    let within_sample = names.any(|name| name == sample);
    let is_sample = dataset == Some(sample) && experiment != dataset;
    if within_sample && !is_sample { Beside::DatasetAndSample } else { Beside::Dataset }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_around_a_dataset_counts_only_when_it_is_its_samples() {
        use Beside::{Dataset, DatasetAndSample};
        for (path, sample, experiment, expected) in [
            ("/data/rossi/nmr/AB-17/10", "AB-17", Some("10"), DatasetAndSample),
            ("/data/AB-17/run 1", "AB-17", None, DatasetAndSample),
            ("/data/AB-17/nmr/10", "AB-17", Some("10"), DatasetAndSample),
            ("/data/10/10", "10", Some("10"), DatasetAndSample),
            ("/data/rossi/AB-17/13c.fid.dx", "AB-17", Some("13c"), DatasetAndSample),
            ("/data/AB-17/AB-17.jdf", "AB-17", Some("AB-17"), DatasetAndSample),
            ("/data/rossi/AB-17.jdf", "AB-17", None, Dataset),
            ("/data/rossi/AB-17.fid", "AB-17", None, Dataset),
            // `*/{sample}`, also in a directory that happens to be named like it.
            ("/data/2026/AB-17", "AB-17", None, Dataset),
            ("/data/AB-17/AB-17", "AB-17", None, Dataset),
            ("/data/10/AB-17", "AB-17", Some("10"), Dataset),
            // Copied to where another layout holds.
            ("/archive/AB-17_10", "AB-17", Some("10"), Dataset),
        ] {
            assert_eq!(beside(path, sample, experiment), expected, "{path}");
        }
    }
}
