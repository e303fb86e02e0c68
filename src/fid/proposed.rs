//! Structures the chemist left beside the data.

use std::fs;
use std::path::{Path, PathBuf};

use super::{plain_file, text};

/// Largest structure file read.
const MAX_BYTES: u64 = 256 << 10;
/// Most structures taken from one directory, and directory entries looked at.
const MAX_STRUCTURES: usize = 16;
const MAX_ENTRIES: usize = 4096;

/// How a structure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StructureFormat {
    /// A SMILES string.
    Smiles,
    /// An MDL molblock.
    Molblock,
}

/// A structure proposed by a file beside the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedStructure {
    /// SMILES or molblock.
    pub text: String,
    /// Which of them.
    pub format: StructureFormat,
    /// Name given in the file, else the file's own.
    pub name: Option<String>,
    /// Where it was found.
    pub path: PathBuf,
}

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

/// `*.mol`, `*.sdf` and `*.smi` in the dataset's directory, or also its parent, in order of name.
/// Symbolic links, oversized and unreadable files are passed over.
#[must_use]
pub fn proposed_structures(path: &Path, beside: Beside) -> Vec<ProposedStructure> {
    let sample = path.parent().filter(|_| beside == Beside::DatasetAndSample);
    let mut found = Vec::new();
    for directory in [Some(path), sample].into_iter().flatten() {
        let Ok(entries) = fs::read_dir(directory) else { continue };
        let mut files: Vec<PathBuf> =
            entries.take(MAX_ENTRIES).filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
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

fn structures_in(file: &Path) -> Vec<ProposedStructure> {
    let extension = file.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    let split: fn(&str) -> Vec<Record> = match extension.as_deref() {
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
        .map(|(text, format, name)| ProposedStructure {
            text,
            format,
            name: name.or_else(stem),
            path: file.to_owned(),
        })
        .collect()
}

/// Records of an SDF; each after the first begins behind the end of the separator's line.
fn records(text: &str) -> Vec<Record> {
    let mut records = text.split("$$$$");
    let first = records.next().and_then(molblock);
    let rest = records.filter_map(|record| molblock(record.strip_prefix('\n').unwrap_or(record)));
    first.into_iter().chain(rest).collect()
}

fn molblock(record: &str) -> Option<Record> {
    let end = record.find("M  END")? + "M  END".len();
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
