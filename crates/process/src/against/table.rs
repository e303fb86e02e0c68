//! The table a person reads.

use std::io::{self, Write};

use super::held::Held;
use super::witness::Kind;
use crate::line::Line;

pub(super) fn head(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{:>9} {:>7} {:>6} {:>5} {:<11} {:<9} {:>7} {:<4} path",
        "ppm", "+-", "phase", "alike", "beside", "method", "quality", ""
    )
}

pub(super) fn row(out: &mut impl Write, held: &Held) -> io::Result<()> {
    let one = held.deciding();
    let number = |value: Option<f64>, width: usize, digits: usize| match value {
        Some(value) => format!("{value:>width$.digits$}"),
        None => format!("{:>width$}", "-"),
    };
    let difference = match one {
        Some(one) if one.mirrored => format!("{:>9}", "mirrored"),
        Some(one) => number(one.difference_ppm.map(|ppm| ppm + 0.0), 9, 4),
        None => format!("{:>9}", "-"),
    };
    writeln!(
        out,
        "{difference} {} {} {} {:<11} {:<9} {:>7.2} {:<4} {}",
        number(one.and_then(|one| one.uncertainty_ppm), 7, 4),
        number(one.and_then(|one| one.phase_deg), 6, 1),
        number(one.and_then(|one| one.correlation), 5, 2),
        one.map_or("nothing", |one| name(one.kind)),
        held.referencing.method.name(),
        held.quality.score,
        if held.agrees == Some(false) { "<<<" } else { "" },
        held.path,
    )
}

pub(super) fn left_out(out: &mut impl Write, line: &Line) -> io::Result<()> {
    match line {
        Line::Skipped { path, skipped, .. } => writeln!(out, "  skipped: {path}: {skipped}"),
        Line::Failed { path, error, .. } => writeln!(out, "  failed: {path}: {error}"),
        Line::Done(_) => Ok(()),
    }
}

/// One that differs, in a line.
pub(super) fn told(held: &Held) -> String {
    let one = held.deciding();
    let difference = match (one.map(|one| one.mirrored), held.difference_ppm) {
        (Some(true), _) => "mirrored".to_owned(),
        (_, Some(ppm)) => format!("{ppm:+.4} ppm"),
        (_, None) => "unknown".to_owned(),
    };
    format!(
        "{difference} {} against {}, referenced to {}, quality {:.2}: {}",
        held.nucleus,
        one.map_or("nothing", |one| name(one.kind)),
        held.referencing.method.name(),
        held.quality.score,
        held.path,
    )
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Spectrum => "spectrum",
        Kind::Peaks => "peaks",
        Kind::Calibration => "calibration",
    }
}
