//! What the name of a dataset tells besides its format.

/// Extensions of files that are datasets.
const FILES: [&str; 11] =
    ["jdf", "jdx", "dx", "jcamp", "zip", "tar", "tgz", "tbz2", "txz", "7z", "rar"];
/// Extensions of what is compressed, behind those.
const COMPRESSED: [&str; 4] = ["gz", "bz2", "xz", "zst"];

/// The name of a dataset without what only tells its format: `13c` of `13c.fid.dx`, `AB-17` of
/// `AB-17.fid` (a Varian directory) and of `AB-17.jdf.gz`. Other names are as they are.
pub(super) fn dataset_stem(name: &str) -> &str {
    let unzipped = COMPRESSED.iter().find_map(|extension| cut(name, extension)).unwrap_or(name);
    let file = FILES.iter().find_map(|extension| cut(unzipped, extension));
    let stem = file.unwrap_or(name);
    cut(stem, "fid").unwrap_or(stem)
}

/// The name without an extension that it has; a name is never nothing but its extension.
fn cut<'a>(name: &'a str, extension: &str) -> Option<&'a str> {
    let (stem, found) = name.rsplit_once('.')?;
    (!stem.is_empty() && found.eq_ignore_ascii_case(extension)).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::dataset_stem;

    #[test]
    fn only_what_tells_the_format_is_taken_off() {
        for (name, stem) in [
            ("13c.fid.dx", "13c"),
            ("AB-17.JDF", "AB-17"),
            ("AB-17.jdx.gz", "AB-17"),
            ("AB-17.fid", "AB-17"),
            ("AB-17.zip", "AB-17"),
            ("AB-17.tar.gz", "AB-17"),
            ("AB-17.tar.bz2", "AB-17"),
            ("AB-17.tar.xz", "AB-17"),
            ("AB-17.tar.zst", "AB-17"),
            ("AB-17.tbz2", "AB-17"),
            ("AB-17.TXZ", "AB-17"),
            ("data.xz", "data.xz"),
            ("AB-17.v2", "AB-17.v2"),
            ("10", "10"),
            ("data.gz", "data.gz"),
            (".fid", ".fid"),
        ] {
            assert_eq!(dataset_stem(name), stem, "{name}");
        }
    }
}
