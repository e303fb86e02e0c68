//! What a submission says of itself, and the names that come of it on disk.

use std::path::PathBuf;

use tonic::Status;

use crate::service::status::invalid_request;
use larmor_client::proto::Submission;

/// Instrument of a submission that names none.
const INSTRUMENT: &str = "submitted";
/// Longest name, bytes: what file systems take.
const LONGEST: usize = 255;
/// Most directories around a file of a dataset.
const DEEPEST: usize = 8;

/// A submission whose names are fit for the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Submitted {
    pub(super) instrument: String,
    pub(super) group: String,
    pub(super) sample: String,
    /// Name of the dataset: a file or a directory.
    pub(super) name: String,
    /// Bytes of all files, where the client knew.
    pub(super) total_bytes: Option<u64>,
}

impl Submitted {
    /// Reads the first message of a submission; one that names no group is of the usual one.
    pub(super) fn read(sent: Submission, usual_group: &str) -> Result<Self, Status> {
        let or = |text: String, usual: &str| if text.is_empty() { usual.to_owned() } else { text };
        let total_bytes = match u64::try_from(sent.total_bytes) {
            Ok(0) => None,
            Ok(bytes) => Some(bytes),
            Err(_) => return Err(invalid_request("total_bytes is negative")),
        };
        if sent.sample.trim().is_empty() {
            return Err(invalid_request("sample is empty: say what was measured"));
        }
        let submitted = Self {
            instrument: or(sent.instrument, INSTRUMENT),
            group: or(sent.group, usual_group),
            sample: sent.sample,
            name: sent.name,
            total_bytes,
        };
        for (field, text) in [
            ("instrument", &submitted.instrument),
            ("group", &submitted.group),
            ("sample", &submitted.sample),
        ] {
            if text.chars().any(char::is_control) || directory(text).len() > LONGEST {
                return Err(invalid_request(format!("{field} is no name: {text:?}")));
            }
        }
        file_name("name", &submitted.name)?;
        Ok(submitted)
    }

    /// Where its dataset is kept, below the directory of all that were submitted.
    pub(super) fn place(&self, digest: &str) -> PathBuf {
        [&self.instrument, &self.group, &self.sample]
            .into_iter()
            .map(|text| directory(text))
            .chain([digest.to_owned()])
            .collect()
    }
}

/// The path of a file below its dataset's directory.
pub(super) fn relative_path(text: &str) -> Result<PathBuf, Status> {
    let names: Vec<&str> = text.split('/').collect();
    if names.len() > DEEPEST {
        let said = format!("path lies more than {DEEPEST} directories deep: {text:?}");
        return Err(invalid_request(said));
    }
    names.iter().try_for_each(|name| file_name("path", name))?;
    Ok(names.iter().collect())
}

/// Names that formats are recognised by are kept as they are, so they have to be plain ones.
fn file_name(field: &str, name: &str) -> Result<(), Status> {
    let unfit = name.is_empty()
        || name.len() > LONGEST
        || matches!(name, "." | "..")
        || name.contains(['/', '\\'])
        || name.chars().any(char::is_control);
    if unfit {
        return Err(invalid_request(format!(
            "{field} has something that is no file name: {name:?}"
        )));
    }
    Ok(())
}

/// Any name as that of a directory: different names are different directories, none is hidden.
fn directory(text: &str) -> String {
    let mut name = String::new();
    for letter in text.chars() {
        match letter {
            '/' | '\\' | '%' => name.push_str(&format!("%{:02X}", u32::from(letter))),
            '.' if name.is_empty() => name.push_str("%2E"),
            other => name.push(other),
        }
    }
    name
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::path::{Component, Path};

    fn submission(sample: &str, name: &str) -> Submission {
        Submission { sample: sample.to_owned(), name: name.to_owned(), ..Submission::default() }
    }

    #[test]
    fn what_is_not_said_has_a_usual_value() {
        let read = Submitted::read(submission("AB-17", "AB-17.jdf"), "default").unwrap();
        assert_eq!((read.instrument.as_str(), read.group.as_str()), ("submitted", "default"));
        assert_eq!(read.total_bytes, None);
        assert_eq!(read.place("ab"), Path::new("submitted/default/AB-17/ab"));
    }

    #[test]
    fn no_name_leads_out_of_its_directory() {
        for sample in ["..", ".", "../../etc", "/etc", "a/b", ".hidden", "a%2Fb", "a\\b"] {
            let read = Submitted::read(submission(sample, "10"), "default").unwrap();
            let place = read.place("ab");
            assert_eq!(place.components().count(), 4, "{sample}");
            assert!(
                place.components().all(|part| matches!(part, Component::Normal(_))),
                "{sample}"
            );
            assert!(!place.iter().any(|name| name.to_string_lossy().starts_with('.')), "{sample}");
        }
        let place =
            |sample| Submitted::read(submission(sample, "10"), "default").unwrap().place("ab");
        assert_ne!(place("a/b"), place("a%2Fb"));
    }

    #[test]
    fn a_wrong_name_is_told() {
        for (sample, name, word) in [
            ("", "10", "sample"),
            (" ", "10", "sample"),
            ("a\nb", "10", "sample"),
            (&"x".repeat(300), "10", "sample"),
            ("s", "", "name"),
            ("s", "..", "name"),
            ("s", "a/b", "name"),
            ("s", "a\0", "name"),
        ] {
            let refused = Submitted::read(submission(sample, name), "default").unwrap_err();
            assert!(refused.message().contains(word), "{sample:?} {name:?}: {refused}");
        }
        let negative = Submission { total_bytes: -1, ..submission("s", "10") };
        assert!(Submitted::read(negative, "default").is_err());
    }

    #[test]
    fn files_lie_below_their_dataset() {
        assert_eq!(relative_path("pdata/1/procs").unwrap(), Path::new("pdata/1/procs"));
        for wrong in ["", "/fid", "a//b", "../fid", "a/../fid", "a/", "./a", "a/b/c/d/e/f/g/h/i"] {
            assert!(relative_path(wrong).is_err(), "{wrong}");
        }
    }
}
