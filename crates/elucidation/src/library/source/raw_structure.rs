//! One record of a structure file, before anybody understands its chemistry.

use larmor_nmr::structure::StructureFormat;

/// Longest name kept, in bytes.
const NAME_BYTES: usize = 200;

/// One record of a structure file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawStructure {
    /// Line it starts on, from 1.
    pub line: u64,
    /// The structure as written, or why it could not be taken from the file.
    pub text: Result<String, String>,
    /// How it is written.
    pub format: StructureFormat,
    /// Name or identifier.
    pub name: Option<String>,
}

/// A name on one line, without control characters; `None` without any.
pub(super) fn clean_name(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut name: String = lines.join(" ").chars().filter(|c| !c.is_control()).collect();
    while name.len() > NAME_BYTES {
        name.pop();
    }
    (!name.is_empty()).then_some(name)
}
