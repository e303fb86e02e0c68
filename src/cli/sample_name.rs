//! Samples as they are named on the command line.

use larmor_client::proto::SampleName;

/// `NAME`, or `GROUP/NAME` where several groups have one of that name. Names of samples are names of
/// directories: without a slash.
pub(super) fn sample_name(text: &str) -> SampleName {
    let (group, name) = text.rsplit_once('/').unwrap_or(("", text));
    SampleName { group: group.to_owned(), name: name.to_owned() }
}
