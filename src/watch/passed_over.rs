//! Names below which nothing is a spectrometer's: snapshots, waste and unfinished transfers.

use std::ffi::OsStr;

/// What servers and systems call their snapshots and waste, in small letters. `~snapshot` is
/// NetApp's, the names with `@` and `#` are Synology's and QNAP's, the others those of Windows and
/// of file system checks.
const OF_SERVERS: [&[u8]; 9] = [
    b"@eadir",
    b"#recycle",
    b"#snapshot",
    b"~snapshot",
    b"@recycle",
    b"@recently-snapshot",
    b"$recycle.bin",
    b"system volume information",
    b"lost+found",
];

/// Ends that editors, browsers and copying programs give the name of a file until it is whole.
const UNFINISHED: [&[u8]; 4] = [b".tmp", b".part", b".partial", b".crdownload"];

/// Whether nothing under this name counts, be it a directory or a file. What begins with a dot is
/// hidden, a snapshot, a trash can or a transfer under way (`.~tmp~`, `.rsync-partial`).
pub(super) fn is_passed_over(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || OF_SERVERS.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// Whether a file of this name is not whole yet, or an old version.
pub(super) fn is_unfinished(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    let ends_with = |end: &[u8]| {
        name.len().checked_sub(end.len()).is_some_and(|at| name[at..].eq_ignore_ascii_case(end))
    };
    name.starts_with(b"~") || name.ends_with(b"~") || UNFINISHED.into_iter().any(ends_with)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_waste_and_transfers_under_way_are_passed_over() {
        for name in [
            ".snapshot",
            ".Trash-0",
            ".~tmp~",
            ".rsync-partial",
            ".zfs",
            ".c.jdf.Xy12",
            "@eaDir",
            "#recycle",
            "#snapshot",
            "~snapshot",
            "$RECYCLE.BIN",
            "$Recycle.Bin",
            "System Volume Information",
            "lost+found",
            "@Recycle",
            "@Recently-Snapshot",
        ] {
            assert!(is_passed_over(OsStr::new(name)), "{name}");
        }
        for name in ["10", "snapshot", "recycle", "#17", "@home", "AB-17.v2", "~AB"] {
            assert!(!is_passed_over(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn files_that_are_not_whole_are_told_by_their_names() {
        for name in ["~c.jdf", "c.jdf~", "c.jdf.tmp", "c.jdf.PART", "c.dx.crdownload"] {
            assert!(is_unfinished(OsStr::new(name)), "{name}");
        }
        for name in ["c.jdf", "part", "tmp.dx"] {
            assert!(!is_unfinished(OsStr::new(name)), "{name}");
        }
    }
}
