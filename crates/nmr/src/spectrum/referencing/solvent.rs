//! What a solvent should show, and which lines may be it.

use super::lines::Lines;
use super::pattern;
use super::witness::{Expectation, Reading};
use super::{ReferenceMethod, Unreferenced};
use crate::fid::{Experiment, Nucleus, Solvent};
use crate::spectrum::picking::RawPeak;
use crate::spectrum::solvent_lines::{self, SolventLine};

/// How far off the axis a multiplet is looked for, ppm: a tube locked on the wrong solvent has all
/// its lines off by the distance of the two solvents' deuterons.
const WIDE_CARBON: f64 = 12.0;
const WIDE_PROTON: f64 = 6.0;
/// The same for lines that nothing but their place tells, ppm.
const NARROW_CARBON: f64 = 4.0;
const NARROW_PROTON: f64 = 0.15;
const NARROW_WATER: f64 = 0.4;
/// Isotope shift of a carbon of which one deuterium is a hydrogen, ppm.
const ISOTOPE_SHIFT: f64 = 0.25;
/// No 1H line of a solvent is below this share of the tallest line.
const LEAST_SHARE: f64 = 0.003;

/// Everything that the solvent should show in a spectrum, its best line first.
pub(super) fn expectations(
    measured: &Unreferenced<'_>,
    lines: &Lines<'_>,
    solvent: Solvent,
) -> Vec<Expectation> {
    let shown = solvent_lines::lines(solvent, measured.nucleus);
    if *measured.nucleus != Nucleus::Carbon {
        return proton(measured, lines, solvent, shown);
    }
    if matches!(measured.experiment, Experiment::Dept(_)) {
        return shown
            .first()
            .and_then(residual)
            .map_or_else(Vec::new, |line| vec![multiplet(measured, lines, &line, 0.3)]);
    }
    shown
        .iter()
        .enumerate()
        .map(|(index, line)| match (index, line.lines) {
            (0, 3..) => multiplet(measured, lines, line, 0.95),
            (_, 3..) => multiplet(measured, lines, line, 0.5),
            _ => single_carbon(lines, line),
        })
        .collect()
}

/// The solvent's molecules with one hydrogen, whose carbon is coupled to one deuterium fewer: what
/// a spectrum shows that shows carbons with hydrogen only.
fn residual(whole: &SolventLine) -> Option<SolventLine> {
    Some(SolventLine {
        ppm: whole.ppm + ISOTOPE_SHIFT,
        lines: whole.lines.checked_sub(2).filter(|&lines| lines >= 3)?,
        coupling_hz: whole.coupling_hz,
    })
}

/// A 13C multiplet by coupling to deuterium.
fn multiplet(
    measured: &Unreferenced<'_>,
    lines: &Lines<'_>,
    line: &SolventLine,
    visible: f64,
) -> Expectation {
    const REACH: f64 = 8.0;
    const LINES_PER_PPM: f64 = 0.02;
    // Couplings to fluorine and phosphorus make triplets that no chance explains, though not with
    // the heights that deuterium gives.
    let other_cause = match line.lines {
        3 => 2e-4,
        5 => 3e-4,
        _ => 1e-4,
    };
    let mhz = measured.reference_mhz;
    let readings = lines
        .about(line.ppm, WIDE_CARBON)
        .iter()
        .filter_map(|centre| {
            let tolerance = 1.6f64.max(0.6 * centre.width_hz) / mhz;
            let found = pattern::about(lines, centre, line, mhz, tolerance, REACH)?;
            let density = lines.density(centre, REACH) + LINES_PER_PPM;
            Some(Reading {
                method: ReferenceMethod::Solvent,
                place: line.ppm,
                ppm: found.ppm,
                fit: shape(found.fit) * lines.prominence(centre, 1.0),
                by_chance: other_cause * (1.0 - found.fit).clamp(0.05, 1.0)
                    + density * found.by_chance,
            })
        })
        .filter(|reading| reading.fit > 0.0)
        .collect();
    Expectation::new(visible, 0.03, readings)
}

/// Of a fit below 0.4 nothing is left.
fn shape(fit: f64) -> f64 {
    ((fit - 0.4) / 0.6).clamp(0.0, 1.0).powi(2)
}

/// A single 13C line of a solvent that has others.
fn single_carbon(lines: &Lines<'_>, line: &SolventLine) -> Expectation {
    let readings = lines
        .about(line.ppm, NARROW_CARBON)
        .iter()
        .map(|peak| Reading {
            method: ReferenceMethod::Solvent,
            place: line.ppm,
            ppm: peak.ppm,
            fit: 1.0,
            by_chance: lines.density(peak, 8.0) + 0.05,
        })
        .collect();
    Expectation::new(0.6, 0.2, readings)
}

fn proton(
    measured: &Unreferenced<'_>,
    lines: &Lines<'_>,
    solvent: Solvent,
    shown: &[SolventLine],
) -> Vec<Expectation> {
    let mut all: Vec<Expectation> = Vec::new();
    if solvent == Solvent::Water {
        if !measured.water_suppressed {
            all.push(water(measured, lines));
        }
        all.push(cosolvent(lines));
        return all;
    }
    for (index, line) in shown.iter().enumerate() {
        let mut readings = Vec::new();
        let wide = if line.lines >= 3 && index == 0 { WIDE_PROTON } else { NARROW_PROTON };
        for peak in lines.about(line.ppm, wide) {
            if peak.height > LEAST_SHARE * lines.tallest {
                readings.extend(proton_reading(measured, lines, (solvent, line), peak));
            }
        }
        let visible = if index == 0 { 0.95 } else { 0.8 };
        let deviation = if line.lines >= 3 { 0.005 } else { 0.01 };
        all.push(Expectation::new(visible, deviation, readings));
    }
    // Dissolved water corroborates; it has no place of its own to tie an axis to.
    if !measured.water_suppressed {
        let place = solvent_lines::water(solvent);
        let readings = lines
            .about(place, NARROW_WATER)
            .iter()
            .filter(|peak| peak.height > 0.005 * lines.tallest && peak.width_hz < 30.0)
            .filter(|peak| lines.is_alone(peak, 2.0, 16.0, measured.reference_mhz))
            .map(|peak| Reading {
                method: ReferenceMethod::Water,
                place,
                ppm: peak.ppm,
                fit: 1.0,
                by_chance: lines.density(peak, 0.5) + 1.0,
            })
            .collect();
        all.push(Expectation::new(0.4, 0.05, readings));
    }
    all
}

/// What one line says when it is the middle of a residual proton's.
fn proton_reading(
    measured: &Unreferenced<'_>,
    lines: &Lines<'_>,
    (solvent, line): (Solvent, &SolventLine),
    peak: &RawPeak,
) -> Option<Reading> {
    const REACH: f64 = 0.5;
    const LINES_PER_PPM: f64 = 0.5;
    let mhz = measured.reference_mhz;
    let density = lines.density(peak, REACH) + LINES_PER_PPM;
    let reading = |ppm, fit, by_chance| {
        let method = ReferenceMethod::Solvent;
        Some(Reading { method, place: line.ppm, ppm, fit, by_chance })
    };
    if line.lines >= 3 {
        let tolerance = 0.25 * line.coupling_hz / mhz;
        if let Some(found) =
            pattern::about(lines, peak, line, mhz, tolerance, REACH).filter(|found| found.fit > 0.6)
        {
            let fit = shape(found.fit) * lines.prominence(peak, 0.1).sqrt();
            return reading(found.ppm, fit, 0.02 + density * found.by_chance);
        }
    }
    if (peak.ppm - line.ppm).abs() > NARROW_PROTON {
        return None;
    }
    // Unresolved, it is one line no wider than the multiplet, with no neighbour of its height.
    let span_hz = f64::from(line.lines - 1) * line.coupling_hz;
    let narrow = peak.width_hz < 1.6 * lines.narrow_width_hz + 0.5 + span_hz;
    let alone = lines.is_alone(peak, 0.6 * span_hz + 0.5, 20.0 + span_hz, mhz);
    let density =
        if alone { lines.density_alone(peak, REACH, mhz) + LINES_PER_PPM } else { density };
    // Where the multiplet would be resolved, one line is a poor one.
    let should_be_resolved = line.lines >= 3 && peak.width_hz < 0.6 * line.coupling_hz;
    // One line proves no solvent: it is believed of the one that the header names.
    let named = match measured.header {
        Some(header) if header == solvent => 1.0,
        Some(_) => 0.02,
        None => 0.2,
    };
    let fit: f64 = [(narrow, 0.05), (alone, 0.3), (!should_be_resolved, 0.3)]
        .into_iter()
        .map(|(holds, else_share)| if holds { 1.0 } else { else_share })
        .product();
    reading(peak.ppm, named * fit * lines.prominence(peak, 0.2).sqrt(), density)
}

/// Water in water: the largest line that is there, unless it was suppressed.
fn water(measured: &Unreferenced<'_>, lines: &Lines<'_>) -> Expectation {
    let place = water_ppm(measured.temperature_k);
    let readings = lines
        .about(place, 3.0 * NARROW_WATER)
        .iter()
        .filter(|peak| peak.height > 0.05 * lines.tallest)
        .map(|peak| Reading {
            method: ReferenceMethod::Water,
            place,
            ppm: peak.ppm,
            fit: (peak.height / lines.tallest).sqrt(),
            by_chance: lines.density(peak, 0.5) + 0.5,
        })
        .collect();
    Expectation::new(0.9, 0.04, readings)
}

/// Another solvent mixed with the water, without deuterium: by far the tallest line (Gottlieb,
/// Kotlyar and Nudelman, J. Org. Chem. 1997, 62, 7512).
fn cosolvent(lines: &Lines<'_>) -> Expectation {
    const GIANT: f64 = 5.0;
    // Dimethyl sulfoxide, acetonitrile, methanol, acetone, dioxane, tert-butanol.
    const PLACES: [f64; 6] = [2.71, 2.06, 3.34, 2.22, 3.75, 1.24];
    let giants = || {
        lines.peaks.iter().filter(|peak| {
            let far = |other: &&RawPeak| (other.ppm - peak.ppm).abs() > 0.1;
            peak.height == lines.tallest
                && lines.peaks.iter().filter(far).all(|other| GIANT * other.height < peak.height)
        })
    };
    let readings = PLACES
        .iter()
        .flat_map(|&place| {
            giants().map(move |peak| Reading {
                method: ReferenceMethod::Solvent,
                place,
                ppm: peak.ppm,
                fit: 1.0,
                by_chance: 1.0,
            })
        })
        .filter(|reading| reading.shift().abs() < NARROW_PROTON)
        .collect();
    Expectation::new(0.5, 0.01, readings)
}

/// Where water in water stands against DSS, ppm, at a temperature in K (Gottlieb, Kotlyar and
/// Nudelman, J. Org. Chem. 1997, 62, 7512: linear from 0 to 50 degrees Celsius).
fn water_ppm(temperature_k: Option<f64>) -> f64 {
    let celsius = temperature_k.unwrap_or(298.15).clamp(273.0, 353.0) - 273.15;
    5.060 - 0.0122 * celsius + 2.11e-5 * celsius * celsius
}
