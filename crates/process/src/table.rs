//! The table a person reads.

use std::io::{self, Write};

use super::line::{Done, Line};

pub(super) fn print(out: &mut impl Write, line: &Line) -> io::Result<()> {
    match line {
        Line::Skipped { path, skipped, .. } => writeln!(out, "{path}\n  skipped: {skipped}\n"),
        Line::Failed { path, error, .. } => writeln!(out, "{path}\n  failed: {error}\n"),
        Line::Done(done) => print_done(out, done),
    }
}

fn print_done(out: &mut impl Write, done: &Done) -> io::Result<()> {
    writeln!(out, "{}", done.path)?;
    writeln!(
        out,
        "  {} {} at {:.2} MHz in {}, {}{}",
        done.nucleus,
        done.experiment,
        done.frequency_mhz,
        done.solvent.unwrap_or("unknown solvent"),
        done.pulse_program,
        if done.halted { ", halted early" } else { "" },
    )?;
    let referencing = &done.referencing;
    writeln!(
        out,
        "  referenced to {} ({:+.4} ppm, confidence {:.2})",
        referencing.method.name(),
        referencing.shift_ppm,
        referencing.confidence,
    )?;
    if !done.quality.reasons.is_empty() {
        let reasons = done.quality.reasons.join("; ");
        writeln!(out, "  quality {:.2}: {reasons}", done.quality.score)?;
    }
    writeln!(out, "  {:>10} {:>9} {:>8} {:>9}  class", "ppm", "height", "Hz", "S/N")?;
    for peak in done.peaks.iter().rev() {
        writeln!(
            out,
            "  {:>10.4} {:>9.4} {:>8.2} {:>9.1}  {}",
            peak.ppm,
            peak.intensity,
            peak.width_hz,
            peak.signal_to_noise,
            peak.class.name(),
        )?;
    }
    for multiplet in done.multiplets.iter().rev() {
        let couplings: Vec<String> =
            multiplet.couplings_hz.iter().map(|hz| format!("{hz:.1}")).collect();
        writeln!(
            out,
            "  {:>10.4} {:<5} area {:.3}  {}",
            multiplet.ppm,
            multiplet.pattern,
            multiplet.area,
            if couplings.is_empty() {
                String::new()
            } else {
                format!("J {}", couplings.join(", "))
            },
        )?;
    }
    writeln!(out)
}
