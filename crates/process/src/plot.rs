//! Spectra as pictures: one SVG file a dataset.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use larmor_figure::{Figure, View};
use larmor_nmr::spectrum::ProcessedSpectrum;
use larmor_nmr::trace::Trace;

/// Longest readable part of a file name, characters.
const MOST_NAME: usize = 80;

/// Why a plot is not there: the file system refused.
#[derive(Debug, thiserror::Error)]
#[error("plot {}: {source}", path.display())]
pub(super) struct PlotError {
    /// The file or directory.
    path: PathBuf,
    /// What it said.
    source: io::Error,
}

/// Makes the directory that plots go to.
pub(super) fn make_directory(directory: &Path) -> Result<(), PlotError> {
    fs::create_dir_all(directory).map_err(|source| PlotError { path: directory.into(), source })
}

/// Draws a spectrum into a file of the directory and gives the file's name. A plot appears whole
/// or not at all.
pub(super) fn write(
    directory: &Path,
    dataset: &Path,
    title: &str,
    spectrum: &ProcessedSpectrum,
) -> Result<String, PlotError> {
    let drawing = draw(caption(dataset, title, spectrum), spectrum);
    let name = file_name(dataset);
    let path = directory.join(&name);
    let unfinished = directory.join(format!(".{name}.unfinished"));
    fs::write(&unfinished, drawing)
        .and_then(|()| fs::rename(&unfinished, &path))
        .map_err(|source| PlotError { path, source })?;
    Ok(name)
}

fn draw([title, subtitle]: [String; 2], spectrum: &ProcessedSpectrum) -> String {
    Figure {
        title,
        subtitle,
        nucleus: &spectrum.nucleus,
        trace: &Trace::of(spectrum),
        peaks: &spectrum.peaks,
        multiplets: &spectrum.multiplets,
        atoms: &[],
        structure: None,
        view: View::Everything,
    }
    .svg()
}

/// A name that tells which dataset it is of, is safe anywhere, and that no other path shares.
pub(super) fn file_name(dataset: &Path) -> String {
    let parts: Vec<&OsStr> = dataset.iter().filter(|part| part.as_bytes() != b"/").collect();
    let readable: String = parts[parts.len().saturating_sub(2)..]
        .iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("-")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' })
        .collect();
    let start = readable.len().saturating_sub(MOST_NAME);
    let readable = readable[start..].trim_start_matches(['.', '-']);
    let digest = Sha256::digest(dataset.as_os_str().as_bytes());
    let unique: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    if readable.is_empty() { format!("{unique}.svg") } else { format!("{readable}-{unique}.svg") }
}

fn caption(dataset: &Path, title: &str, spectrum: &ProcessedSpectrum) -> [String; 2] {
    let solvent = spectrum.solvent.map_or("unknown solvent", larmor_nmr::fid::Solvent::name);
    let head = format!(
        "{} {} at {:.2} MHz in {solvent}",
        spectrum.nucleus, spectrum.experiment, spectrum.frequency_mhz
    );
    let title = title.lines().next().unwrap_or_default();
    let tail = if title.is_empty() {
        dataset.display().to_string()
    } else {
        format!("{}  |  {title}", dataset.display())
    };
    [head, tail]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_unique_and_readable() {
        let name = |path: &str| file_name(Path::new(path));
        assert!(name("archive/2019/Lab x/s 1/10").starts_with("s_1-10-"));
        assert_ne!(name("a/s/10"), name("b/s/10"));
        assert_ne!(name("a/s 1/10"), name("a/s_1/10"));
        assert_eq!(name("a/s/10"), name("a/s/10"));
        for path in ["/", ".", "..", "../..", "-rf", &"ü".repeat(3000), "a/.hidden/\u{1b}[2J"] {
            let name = name(path);
            assert!(name.len() < 120 && name.is_ascii() && !name.contains('/'), "{name}");
            assert!(!name.starts_with(['-', '.']), "{name}");
        }
    }
}
