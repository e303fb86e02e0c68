//! What can be wrong with a dataset, each by itself, so that callers can tell them apart.

use thiserror::Error;

use super::nucleus::Nucleus;

/// What is wrong with a parameter.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ParameterProblem {
    /// It is not there.
    #[error("is missing")]
    Missing,
    /// It is not there, and nothing else names the nucleus.
    #[error("is missing: no nucleus")]
    NoNucleus,
    /// It is not there, or zero, negative or no number.
    #[error("is missing or not a positive number")]
    NotPositive,
    /// It is not there, or no frequency that a spectrometer has.
    #[error("is missing or no frequency")]
    NotAFrequency,
    /// It is not there or no number.
    #[error("is missing or no number")]
    NotANumber,
    /// It is not there or counts nothing.
    #[error("is missing or no number of points")]
    NoNumberOfPoints,
    /// Something else stands where its number of values belongs.
    #[error("has '{found}' where a count belongs")]
    NotACount {
        /// What stands there.
        found: String,
    },
    /// A value that is not allowed.
    #[error("is {found}; {allowed}")]
    NotAllowed {
        /// The value.
        found: String,
        /// What is allowed.
        allowed: String,
    },
    /// An axis that is none.
    #[error("is neither seconds nor ppm nor Hz, or has no width")]
    NoAxis,
    /// The time between points does not follow from it.
    #[error("and FIRST, LAST give no time between points")]
    NoDwellTime,
    /// A list without a number for the abscissa.
    #[error("gives no number for the abscissa")]
    NoAbscissa,
    /// The ends of the axis are the same, or beyond all frequencies.
    #[error("and LAST ({first_hz} and {last_hz} Hz) span no axis")]
    EmptyAxis {
        /// First end, Hz.
        first_hz: f64,
        /// Last end, Hz.
        last_hz: f64,
    },
}

/// A kind of data that is not processed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unsupported {
    /// More than one dimension.
    #[error("two or more dimensions{}", .file.map(|name| format!(" ({name})")).unwrap_or_default())]
    MoreDimensions {
        /// The file that shows it.
        file: Option<&'static str>,
    },
    /// More than one dimension, as many traces.
    #[error("two or more dimensions of {traces} traces; single traces are processed")]
    Plane {
        /// Traces.
        traces: u64,
    },
    /// An array of experiments in one dataset.
    #[error("an array of {traces} traces; single traces are processed")]
    Array {
        /// Traces.
        traces: u64,
    },
    /// An array of experiments on pages of one block.
    #[error("{pages} pages: an array of experiments")]
    Pages {
        /// Pages.
        pages: usize,
    },
    /// A signal that was stored as a spectrum.
    #[error("the signal itself in place of its spectrum (FT_mod 0)")]
    NotTransformed,
    /// A spectrum of which only sizes were kept.
    #[error("a {kind} spectrum: its lines have neither sign nor shape")]
    WithoutPhase {
        /// Which size was kept.
        kind: &'static str,
    },
    /// A nucleus other than 1H and 13C.
    #[error("nucleus {0}; 1H and 13C are processed")]
    Nucleus(Nucleus),
    /// A nucleus that nothing names.
    #[error(
        "{parameter} is missing, and neither the experiment's name nor its frequency tells the nucleus"
    )]
    NoNucleus {
        /// The parameter that should name it.
        parameter: &'static str,
    },
    /// Points that are no signal to be transformed.
    #[error(
        "{experiment} records echoes, relaxation or a calibration, not the signal of a spectrum"
    )]
    Decay {
        /// The experiment, as the vendor names it.
        experiment: String,
    },
    /// Many files in one.
    #[error("an archive: unpack it to have what it holds processed")]
    Archive,
    /// The data file holds a spectrum.
    #[error("holds a spectrum where the signal belongs")]
    Spectrum,
    /// The data file holds no complex points.
    #[error("holds no complex signal")]
    NotComplex,
    /// Only one channel was kept of a signal with two.
    #[error("a signal of one channel; signals of two are processed")]
    OneChannel,
    /// A kind of axis that is not read.
    #[error("axis of kind {0}; real and complex axes are read")]
    Axis(u8),
    /// Several FIDs, or several spectra, in one file.
    #[error("{count} {what} in one file; store each in a file of its own")]
    Several {
        /// How many.
        count: usize,
        /// FIDs or spectra.
        what: &'static str,
    },
    /// A data type that is no one-dimensional NMR.
    #[error("{0} is neither NMR FID nor NMR SPECTRUM")]
    DataType(String),
    /// A table of another form than evenly spaced points.
    #[error("a table of the form {0}")]
    Table(String),
    /// Peaks where the points belong.
    #[error("a list of peaks ({0}), no whole spectrum")]
    Peaks(String),
}

/// How a file contradicts its own name or itself.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Malformed {
    /// It begins unlike any file of its kind.
    #[error("{0}")]
    Signature(&'static str),
    /// A field of its header has a value that is not possible.
    #[error("{field} is {found}; {expected}")]
    Field {
        /// The field, as the format's description names it.
        field: &'static str,
        /// Its value.
        found: i64,
        /// What is possible.
        expected: String,
    },
    /// Fields of its header that do not fit together.
    #[error("{0}")]
    Fields(&'static str),
    /// Points that lie outside of the data.
    #[error("declares points {first} to {last} of {points}")]
    Range {
        /// First point.
        first: usize,
        /// Last point.
        last: usize,
        /// Points there are.
        points: usize,
    },
    /// A part that is not there.
    #[error("has no {0}")]
    Without(&'static str),
    /// More parameters than the section has room for.
    #[error("declares {count} parameters in {bytes} bytes: its table of parameters is wrong")]
    Parameters {
        /// How many it declares.
        count: usize,
        /// Size of the section, bytes.
        bytes: usize,
    },
    /// Real and imaginary parts of different length.
    #[error("holds {real} real and {imaginary} imaginary points")]
    UnequalPages {
        /// Real points.
        real: usize,
        /// Imaginary points.
        imaginary: usize,
    },
    /// A line of a text that is wrong.
    #[error("line {line}: {problem}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: LineProblem,
    },
    /// Compressed data that do not expand.
    #[error("is damaged gzip: {0}")]
    Gzip(String),
    /// Compressed data that expand without end.
    #[error("expands to more than the {limit} bytes accepted here")]
    Expands {
        /// The limit, bytes.
        limit: u64,
    },
}

/// What is wrong with a line of a text.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum LineProblem {
    /// More labels than any file has.
    #[error("more than {0} labels")]
    Labels(usize),
    /// More blocks than any file has.
    #[error("more than {0} blocks")]
    Blocks(usize),
    /// Blocks within blocks without end.
    #[error("blocks are nested more than {0} deep")]
    Depth(usize),
    /// A label before the first block.
    #[error("a label outside of any block: no ##TITLE=")]
    OutsideOfBlock,
    /// A symbol of a table that no list explains.
    #[error("SYMBOL does not name {0}")]
    Symbol(String),
    /// Fewer points than declared.
    #[error("the table holds {found} of {declared} declared points")]
    Points {
        /// Points there.
        found: usize,
        /// Points declared.
        declared: f64,
    },
    /// More points than declared, or than the text can hold.
    #[error("more than the {0} ordinates declared or possible")]
    TooManyPoints(usize),
    /// No number at the beginning.
    #[error("does not begin with an abscissa")]
    NoAbscissa,
    /// Nothing before it that it could differ from or repeat.
    #[error("the first ordinate is a difference or a repeat")]
    NothingBefore,
    /// The check of the line before does not hold.
    #[error(
        "check value {found} differs from {expected} that the line before ends with: a line is \
         damaged or missing"
    )]
    Check {
        /// The check value.
        found: f64,
        /// Last ordinate of the line before.
        expected: f64,
    },
    /// A sign or a point alone.
    #[error("a sign or point without digits")]
    NoDigits,
    /// `NaN` or `Inf`.
    #[error("a value is not a number")]
    NotANumber,
    /// `?`.
    #[error("a value is marked as missing (?)")]
    MarkedMissing,
    /// A character that numbers do not have.
    #[error("'{}' belongs to no number", .0.escape_default())]
    Character(char),
}

/// Why points cannot come from a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PointsProblem {
    /// Infinite, or none at all.
    #[error("holds values that are not numbers")]
    NotANumber,
    /// Nothing but zeros.
    #[error("every point is zero: nothing was received")]
    AllZero,
    /// Nothing but zeros where a spectrum belongs.
    #[error("every point is zero: there is no spectrum")]
    NoSpectrum,
}
