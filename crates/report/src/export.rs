//! Files of a sample, for people and for other programs.

use larmor_chemistry::MoleculeError;
use larmor_nmr::fid::{Experiment, Nucleus};

use crate::jcamp::{JcampError, jcamp};
use crate::nmredata::{NmredataError, nmredata};
use crate::nmrium::{NmriumError, nmrium};
use crate::text::{self, Style};
use crate::{PdfError, ReportedSpectrum, SampleReport, figure, pdf};

/// Longest part of a file's name that is the sample's, bytes.
const LONGEST_NAME: usize = 120;

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFile {
    /// Name without a directory.
    pub name: String,
    /// Media type, such as `application/pdf`.
    pub media_type: &'static str,
    /// What is in it.
    pub content: Vec<u8>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The experimental part, one line a spectrum.
    Text(Style),
    /// A figure of each spectrum.
    Svg,
    /// The same, to be printed.
    Pdf,
    /// Structure, signals and assignments as an SD record.
    Nmredata,
    /// The points of each spectrum.
    JcampDx,
    /// Points, signals and structure in one file of NMRium.
    Nmrium,
}

impl Format {
    /// Whether the points of spectra are drawn or written: other files need none.
    #[must_use]
    pub fn shows_points(self) -> bool {
        !matches!(self, Self::Text(_) | Self::Nmredata)
    }
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The structure cannot be used.
    #[error("structure of the sample: {0}")]
    Structure(#[from] MoleculeError),
    /// The format is about a structure, and the sample has none that fits.
    #[error("the sample has no structure that fits its spectra: propose one")]
    NoStructure,
    /// No PDF.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// No SD record.
    #[error(transparent)]
    Nmredata(NmredataError),
    /// No JCAMP-DX.
    #[error(transparent)]
    Jcamp(#[from] JcampError),
    /// No file of NMRium.
    #[error(transparent)]
    Nmrium(NmriumError),
}

/// Files of a sample in one format: one, or one for each spectrum whose points were kept; none where
/// there is nothing to write.
///
/// # Errors
/// [`ExportError`] when a part of the report cannot be written so.
pub fn export(report: &SampleReport, format: Format) -> Result<Vec<ExportedFile>, ExportError> {
    match format {
        Format::Text(style) => {
            let lines: Vec<String> =
                report.spectra.iter().filter_map(|s| words(s, style)).collect();
            Ok(whole(report, lines.join("\n"), "txt", "text/plain; charset=utf-8"))
        }
        Format::Svg => each(report, "svg", "image/svg+xml", |spectrum| {
            Ok(figure(report, spectrum)?.map(String::into_bytes))
        }),
        Format::Pdf => each(report, "pdf", "application/pdf", |spectrum| {
            let drawn = figure(report, spectrum)?;
            Ok(drawn.map(|svg| pdf(&svg)).transpose()?)
        }),
        Format::Nmredata => match nmredata(report) {
            Ok(record) => Ok(whole(report, record, "nmredata.sdf", "chemical/x-mdl-sdfile")),
            Err(NmredataError::NoStructure) => Err(ExportError::NoStructure),
            Err(other) => Err(ExportError::Nmredata(other)),
        },
        Format::JcampDx => each(report, "jdx", "chemical/x-jcamp-dx", |spectrum| {
            match jcamp(&report.sample, spectrum) {
                Ok(text) => Ok(Some(text.into_bytes())),
                Err(JcampError::NoPoints) => Ok(None),
                Err(other) => Err(other.into()),
            }
        }),
        Format::Nmrium => match nmrium(report) {
            Ok(file) => Ok(whole(report, file, "nmrium", "application/json")),
            Err(NmriumError::NoPoints) => Ok(Vec::new()),
            Err(other) => Err(ExportError::Nmrium(other)),
        },
    }
}

/// The spectra as a paper prints them, with their places in the report: of each nucleus the first that
/// shows the whole compound.
#[must_use]
pub fn texts(report: &SampleReport, style: Style) -> Vec<(usize, String)> {
    let mut told: Vec<&Nucleus> = Vec::new();
    let mut texts = Vec::new();
    for (place, spectrum) in report.spectra.iter().enumerate() {
        if !told.contains(&&spectrum.nucleus)
            && let Some(text) = words(spectrum, style)
        {
            told.push(&spectrum.nucleus);
            texts.push((place, text));
        }
    }
    texts
}

/// A spectrum as a paper prints it; `None` of one that does not show the whole compound, such as a
/// DEPT135.
fn words(spectrum: &ReportedSpectrum, style: Style) -> Option<String> {
    let ReportedSpectrum { peaks, multiplets, frequency_mhz, .. } = spectrum;
    let solvent = spectrum.solvent.as_deref();
    match (&spectrum.nucleus, spectrum.experiment) {
        (Nucleus::Proton, experiment) if experiment.shows_all_multiplets() => {
            Some(text::proton(multiplets, peaks, *frequency_mhz, solvent, style))
        }
        (Nucleus::Carbon, experiment) if !experiment.leaves_lines_out() => {
            Some(text::carbon(peaks, *frequency_mhz, solvent, style))
        }
        _ => None,
    }
}

fn whole(
    report: &SampleReport,
    content: String,
    extension: &str,
    media_type: &'static str,
) -> Vec<ExportedFile> {
    if content.is_empty() {
        return Vec::new();
    }
    let name = format!("{}.{extension}", safe(&report.sample));
    vec![ExportedFile { name, media_type, content: content.into_bytes() }]
}

fn each(
    report: &SampleReport,
    extension: &str,
    media_type: &'static str,
    write: impl Fn(&ReportedSpectrum) -> Result<Option<Vec<u8>>, ExportError>,
) -> Result<Vec<ExportedFile>, ExportError> {
    let mut files: Vec<ExportedFile> = Vec::new();
    for spectrum in &report.spectra {
        let Some(content) = write(spectrum)? else { continue };
        let kind = match spectrum.experiment {
            Experiment::Plain => spectrum.nucleus.to_string(),
            other => format!("{}-{other}", spectrum.nucleus),
        };
        let name = format!("{}-{}.{extension}", safe(&report.sample), safe(&kind));
        files.push(ExportedFile { name, media_type, content });
    }
    Ok(files)
}

/// A part of a file's name that leads to no other directory and is no option.
fn safe(name: &str) -> String {
    let allowed = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let mut name: String = name.chars().map(allowed).collect();
    name.truncate(name.floor_char_boundary(LONGEST_NAME));
    match name.trim_start_matches(['.', '-']) {
        "" => "sample".to_owned(),
        rest => rest.to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::test_report::{assignment, multiplet, proton_report};
    use larmor_nmr::trace::Trace;

    fn report() -> SampleReport {
        let multiplets = vec![multiplet(1.26, "t", 0.4, Some(3.0))];
        let mut report = proton_report("CCO", multiplets, vec![assignment(0, 1.26)]);
        report.spectra[0].trace = Some(Trace::new(0.0, 0.01, 0.01, &[0.5; 1000]));
        report
    }

    #[test]
    fn every_format_has_its_files() {
        let report = report();
        let names = |format| {
            let files = export(&report, format).unwrap();
            files.into_iter().map(|file| file.name).collect::<Vec<_>>()
        };
        assert_eq!(names(Format::Text(Style::Acs)), ["sample.txt"]);
        assert_eq!(names(Format::Svg), ["sample-1H.svg"]);
        assert_eq!(names(Format::Pdf), ["sample-1H.pdf"]);
        assert_eq!(names(Format::Nmredata), ["sample.nmredata.sdf"]);
        assert_eq!(names(Format::JcampDx), ["sample-1H.jdx"]);
        assert_eq!(names(Format::Nmrium), ["sample.nmrium"]);
    }

    #[test]
    fn a_report_without_points_has_texts_alone() {
        let mut report = report();
        report.spectra[0].trace = None;
        for format in [Format::Svg, Format::Pdf, Format::JcampDx, Format::Nmrium] {
            assert_eq!(export(&report, format).unwrap(), [], "{format:?}");
        }
        let text = export(&report, Format::Text(Style::Rsc)).unwrap();
        assert_eq!(text[0].content, "δH (500 MHz; CDCl3) 1.26 (3 H, t).".as_bytes());
        report.structure = None;
        let refused = export(&report, Format::Nmredata);
        assert!(matches!(refused, Err(ExportError::NoStructure)), "{refused:?}");
        report.spectra.clear();
        assert_eq!(export(&report, Format::Text(Style::Rsc)).unwrap(), []);
    }

    #[test]
    fn names_lead_nowhere() {
        for (name, wanted) in [
            ("../../etc", "_.._etc"),
            ("a b/c", "a_b_c"),
            ("", "sample"),
            ("-rf", "rf"),
            ("日本", "日本"),
        ] {
            assert_eq!(safe(name), wanted);
        }
        assert_eq!(safe(&"x".repeat(500)).len(), LONGEST_NAME);
    }
}
