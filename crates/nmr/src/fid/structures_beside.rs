//! Structures the chemist left beside the data.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Vendor, directory, formats, plain_file, text};
use crate::structure::{ProposedStructure, StructureFormat};

/// Largest structure file read.
const MAX_BYTES: u64 = 256 << 10;
/// More datasets than this in one directory are an archive, not the spectra of one sample.
const MAX_DATASETS: usize = 16;
/// Most structures taken from one directory.
const MAX_STRUCTURES: usize = 16;

/// Where structures are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// In the dataset's directory alone: its parent holds other samples too.
    Dataset,
    /// In the dataset's directory and its parent, the sample's.
    DatasetAndSample,
}

impl Beside {
    /// What the name of a dataset's directory tells: an experiment number (Bruker expno) lies in
    /// the directory of its sample, under any other name the directory is the sample itself.
    #[must_use]
    pub fn of_numbered(dataset: &Path) -> Self {
        let name = dataset.file_name().map(|name| name.as_encoded_bytes()).unwrap_or_default();
        if !name.is_empty() && name.iter().all(u8::is_ascii_digit) {
            Self::DatasetAndSample
        } else {
            Self::Dataset
        }
    }
}

/// `*.mol`, `*.sdf` and `*.smi` in the dataset's directory, or also its parent, in order of name;
/// where the dataset is a file, those of the files beside it that are of its sample. Symbolic
/// links, oversized and unreadable files are passed over.
#[must_use]
pub fn proposed_structures(path: &Path, beside: Beside) -> Vec<ProposedStructure> {
    let is_file = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    if is_file {
        return structures_of(beside_file(path));
    }
    let sample = path.parent().filter(|_| beside == Beside::DatasetAndSample);
    structures_of([Some(path), sample].into_iter().flatten().map(directory::entries))
}

/// Structures of a dataset that is one file among others. One that is named like it is its own,
/// and then the only one. Else the directory's structures count for every dataset in it, as long
/// as these look like the spectra of one sample: they are few, and no structure is named like
/// just one of them.
fn beside_file(dataset: &Path) -> Option<Vec<PathBuf>> {
    let files = directory::entries(dataset.parent()?);
    let (structures, others): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|file| extension(file).is_some_and(|e| is_structure(&e)));
    let name = bare_name(dataset);
    if structures.iter().any(|structure| bare_name(structure) == name) {
        return Some(structures.into_iter().filter(|file| bare_name(file) == name).collect());
    }
    let datasets: Vec<String> = others
        .iter()
        .filter(|file| formats::recognise(file).is_some_and(|of| of != Vendor::Archive))
        .filter(|file| file.is_file())
        .map(|file| bare_name(file))
        .collect();
    let of_another = |structure: &PathBuf| datasets.contains(&bare_name(structure));
    let one_sample = datasets.len() <= MAX_DATASETS && !structures.iter().any(of_another);
    one_sample.then_some(structures)
}

/// A file's name without what says its kind: `a` of `a.fid.dx.gz` and of `a.nmredata.sdf`.
fn bare_name(file: &Path) -> String {
    const OTHERS: [&str; 8] =
        [".gz", ".fid", ".mol", ".sdf", ".sd", ".smi", ".smiles", ".nmredata"];
    let kinds: Vec<&str> = formats::endings().chain(OTHERS).collect();
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let mut bare = name.as_str();
    while let Some(shorter) = kinds.iter().find_map(|kind| bare.strip_suffix(kind)) {
        bare = shorter;
    }
    bare.to_owned()
}

/// Structures in files that are given directory by directory.
fn structures_of(directories: impl IntoIterator<Item = Vec<PathBuf>>) -> Vec<ProposedStructure> {
    let mut found = Vec::new();
    for files in directories {
        for file in files {
            found.extend(structures_in(&file));
            if found.len() >= MAX_STRUCTURES {
                found.truncate(MAX_STRUCTURES);
                return found;
            }
        }
    }
    found
}

/// Text, format and name of one structure in a file.
type Record = (String, StructureFormat, Option<String>);

fn extension(file: &Path) -> Option<String> {
    file.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase)
}

fn is_structure(extension: &str) -> bool {
    matches!(extension, "mol" | "sdf" | "sd" | "smi" | "smiles")
}

fn structures_in(file: &Path) -> Vec<ProposedStructure> {
    let split: fn(&str) -> Vec<Record> = match extension(file).as_deref() {
        Some("mol") => |text| molblock(text).into_iter().collect(),
        Some("sdf" | "sd") => records,
        Some("smi" | "smiles") => |text| text.lines().filter_map(smiles).collect(),
        _ => return Vec::new(),
    };
    let Ok(bytes) = plain_file::read(file, MAX_BYTES) else { return Vec::new() };
    let stem = || file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    split(&text::decode(&bytes).replace("\r\n", "\n"))
        .into_iter()
        .take(MAX_STRUCTURES)
        .map(|(text, format, name)| ProposedStructure { text, format, name: name.or_else(stem) })
        .collect()
}

/// Records of an SDF; each after the first begins behind the end of the separator's line.
fn records(text: &str) -> Vec<Record> {
    let mut records = text.split("$$$$");
    let first = records.next().and_then(molblock);
    let rest = records.filter_map(|record| molblock(record.strip_prefix('\n').unwrap_or(record)));
    first.into_iter().chain(rest).collect()
}

/// V2000 and V3000 alike end with a line of their own.
fn molblock(record: &str) -> Option<Record> {
    let end = record.find("\nM  END")? + "\nM  END".len();
    let name = record.lines().next().map(str::trim).filter(|name| !name.is_empty());
    Some((format!("{}\n", &record[..end]), StructureFormat::Molblock, name.map(str::to_owned)))
}

fn smiles(line: &str) -> Option<Record> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (smiles, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let name = name.trim();
    Some((smiles.to_owned(), StructureFormat::Smiles, (!name.is_empty()).then(|| name.to_owned())))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_here_and_one_up() {
        let sample = tempfile::tempdir().unwrap();
        let dataset = sample.path().join("10");
        fs::create_dir(&dataset).unwrap();
        fs::write(sample.path().join("a.smi"), "# made today\nCCO ethanol\r\nCC\n").unwrap();
        let block = "water\n  x\n\n  1  0  0\n    0 0 0 O\nM  END\n";
        fs::write(dataset.join("b.mol"), block).unwrap();
        let two = format!("{block}> <A>\n1\n\n$$$$\n{}$$$$\n", block.replace("water", ""));
        fs::write(dataset.join("c.SDF"), two).unwrap();
        fs::write(dataset.join("notes.txt"), "CCO").unwrap();
        std::os::unix::fs::symlink("/etc/hostname", dataset.join("d.smi")).unwrap();
        fs::write(dataset.join("e.smi"), vec![b'C'; MAX_BYTES as usize + 1]).unwrap();

        assert_eq!(proposed_structures(&dataset, Beside::Dataset).len(), 3);
        let found = proposed_structures(&dataset, Beside::of_numbered(&dataset));
        let names: Vec<_> = found.iter().map(|s| s.name.clone().unwrap()).collect();
        assert_eq!(names, ["water", "water", "c", "ethanol", "a"]);
        assert!(found[0].text.ends_with("M  END\n") && found[1].text == found[0].text);
        assert_eq!(found[3].text, "CCO");
        assert_eq!(found[3].format, StructureFormat::Smiles);
    }

    #[test]
    fn a_file_takes_the_structures_of_its_sample_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let names = |dataset: &str| -> Vec<String> {
            proposed_structures(&folder.path().join(dataset), Beside::Dataset)
                .into_iter()
                .map(|structure| structure.text)
                .collect()
        };
        let block = "x\n\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\n\
            M  V30 END CTAB\nM  END\n";
        write("1h.fid.dx.gz", "");
        write("13c.jdf", "");
        assert!(names("1h.fid.dx.gz").is_empty());
        write("structure.nmredata.sdf", &format!("{block}> <NMREDATA>\n1\n\n$$$$\n"));
        assert_eq!(names("1h.fid.dx.gz"), [block]);
        assert_eq!(names("13c.jdf"), [block]);
        // One named like a dataset is that dataset's, and the directory holds several samples.
        write("1H.smi", "CCO");
        assert_eq!(names("1h.fid.dx.gz"), ["CCO"]);
        assert!(names("13c.jdf").is_empty());
        fs::remove_file(folder.path().join("1H.smi")).unwrap();
        for number in 0..MAX_DATASETS {
            write(&format!("{number}.dx"), "");
        }
        assert!(names("13c.jdf").is_empty(), "an archive");
    }

    #[test]
    fn pipes_and_links_beside_a_file_do_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let dataset = folder.path().join("a.dx");
        fs::write(&dataset, "").unwrap();
        let pipe = folder.path().join("b.mol");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        std::os::unix::fs::symlink(folder.path(), folder.path().join("c.sdf")).unwrap();
        fs::write(folder.path().join("d.sdf"), vec![b'\n'; MAX_BYTES as usize + 1]).unwrap();
        assert!(proposed_structures(&dataset, Beside::Dataset).is_empty());
    }

    #[test]
    fn only_experiment_numbers_lie_in_the_directory_of_their_sample() {
        for (dataset, beside) in [
            ("AB-17/10", Beside::DatasetAndSample),
            ("2026/AB-17", Beside::Dataset),
            ("2026/17b", Beside::Dataset),
            ("/", Beside::Dataset),
        ] {
            assert_eq!(Beside::of_numbered(Path::new(dataset)), beside, "{dataset}");
        }
    }
}
