//! The picture: the spectrum, a ppm axis that rises to the left, and its peaks by class.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{PlotError, columns, labels};
use larmor_nmr::spectrum::{Peak, PeakClass, ProcessedSpectrum};

/// Size of the picture, pixels.
const SIZE: (u32, u32) = (1400, 700);
/// Margins around the spectrum: left, right, bottom, and top (for captions and labels).
const LEFT: u32 = 20;
const RIGHT: u32 = 20;
const BOTTOM: u32 = 50;
const TOP: u32 = 150;
/// Share of the height kept below zero, and above the tallest compound peak.
const BELOW: f64 = 0.05;
const ABOVE: f64 = 0.08;
/// Labels move aside by at most this, pixels.
const REACH: f64 = 60.0;

type Drawing<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws a spectrum.
pub(super) fn draw(
    caption: &[String; 2],
    spectrum: &ProcessedSpectrum,
) -> Result<String, PlotError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        picture(&area, caption, spectrum).map_err(|error| PlotError::Draw(error.to_string()))?;
        area.present().map_err(|error| PlotError::Draw(error.to_string()))?;
    }
    Ok(svg)
}

type Drawn = Result<(), Box<dyn std::error::Error>>;

fn picture(area: &Drawing<'_>, caption: &[String; 2], spectrum: &ProcessedSpectrum) -> Drawn {
    area.fill(&WHITE)?;
    let scale = Scale::of(spectrum);
    area.draw(&Text::new(caption[0].as_str(), (20, 12), ("sans-serif", 20).into_font()))?;
    area.draw(&Text::new(caption[1].as_str(), (20, 36), ("sans-serif", 14).into_font()))?;
    legend(area)?;
    axis(area, &scale)?;
    let zero = scale.y(0.0);
    area.draw(&PathElement::new([(LEFT as i32, zero), (scale.right(), zero)], paler(&BLACK)))?;
    let width = (SIZE.0 - LEFT - RIGHT) as usize;
    let line = columns::envelope(&spectrum.real, width)
        .into_iter()
        .map(|(place, value)| {
            let ppm = spectrum.first_ppm + place as f64 * spectrum.step_ppm;
            (scale.x(ppm).round() as i32, scale.y(f64::from(value)))
        })
        .collect::<Vec<_>>();
    area.draw(&PathElement::new(line, BLACK.stroke_width(1)))?;
    peaks(area, &scale, &spectrum.peaks)
}

/// From shifts and heights to pixels.
struct Scale {
    low_ppm: f64,
    high_ppm: f64,
    bottom: f64,
    top: f64,
    /// Height of the spectrum that has the relative intensity 1.
    unit: f64,
}

impl Scale {
    /// The tallest compound peak fills the picture; a solvent line may be cut off.
    fn of(spectrum: &ProcessedSpectrum) -> Self {
        let low_ppm = spectrum.first_ppm;
        let high_ppm = low_ppm + spectrum.step_ppm * spectrum.real.len() as f64;
        let unit = spectrum.unit_height();
        let compound = || spectrum.peaks.iter().filter(|peak| peak.class == PeakClass::Compound);
        let up = compound().map(|peak| peak.intensity).fold(0.0, f64::max);
        let down = compound().map(|peak| peak.intensity).fold(0.0, f64::min);
        let whole = if up - down > 0.0 { up - down } else { 1.0 };
        let up = if up - down > 0.0 { up } else { 1.0 };
        Self {
            low_ppm,
            high_ppm,
            bottom: unit * (down - BELOW * whole),
            top: unit * (up + ABOVE * whole),
            unit,
        }
    }

    fn right(&self) -> i32 {
        (SIZE.0 - RIGHT) as i32
    }

    fn x(&self, ppm: f64) -> f64 {
        let share = (self.high_ppm - ppm) / (self.high_ppm - self.low_ppm);
        f64::from(LEFT) + share * f64::from(SIZE.0 - LEFT - RIGHT)
    }

    fn y(&self, height: f64) -> i32 {
        let share = ((height - self.bottom) / (self.top - self.bottom)).clamp(0.0, 1.0);
        (f64::from(SIZE.1 - BOTTOM) - share * f64::from(SIZE.1 - BOTTOM - TOP)).round() as i32
    }
}

fn axis(area: &Drawing<'_>, scale: &Scale) -> Drawn {
    let y = (SIZE.1 - BOTTOM) as i32 + 8;
    area.draw(&PathElement::new([(LEFT as i32, y), (scale.right(), y)], BLACK.stroke_width(1)))?;
    let span = scale.high_ppm - scale.low_ppm;
    // 10 to 30 ticks, 1, 2 or 5 times a power of ten apart.
    let rough = span / 15.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|times| times * power)
        .find(|&step| step >= rough)
        .unwrap_or(10.0 * power);
    let digits = if step < 1.0 { (-step.log10()).ceil().min(9.0) as usize } else { 0 };
    let style = ("sans-serif", 14).into_font().color(&BLACK).pos(Pos::new(HPos::Center, VPos::Top));
    let first = (scale.low_ppm / step).ceil();
    for tick in (0..40).map(|tick| (first + f64::from(tick)) * step) {
        if tick > scale.high_ppm {
            break;
        }
        let x = scale.x(tick).round() as i32;
        area.draw(&PathElement::new([(x, y), (x, y + 5)], BLACK.stroke_width(1)))?;
        // Adding zero takes the sign off a negative one.
        area.draw(&Text::new(format!("{:.digits$}", tick + 0.0), (x, y + 8), style.clone()))?;
    }
    area.draw(&Text::new("ppm", (scale.right(), y + 24), style))?;
    Ok(())
}

/// A label and a tick for every peak that has room, with a line from one to the other.
fn peaks(area: &Drawing<'_>, scale: &Scale, peaks: &[Peak]) -> Drawn {
    let places: Vec<(f64, f64)> = peaks
        .iter()
        .map(|peak| {
            // The compound's peaks come first.
            let favour = if peak.class == PeakClass::Compound { 1e6 } else { 1.0 };
            (scale.x(peak.ppm) - f64::from(LEFT), favour * peak.intensity.abs())
        })
        .collect();
    let style = ("sans-serif", 11).into_font().transform(FontTransform::Rotate270);
    let foot = TOP as i32 - 6;
    for label in labels::place(&places, REACH, f64::from(SIZE.0 - LEFT - RIGHT)) {
        let peak = &peaks[label.peak];
        let colour = colour(peak.class);
        let at = scale.x(peak.ppm).round() as i32;
        let top = scale.y(peak.intensity.max(0.0) * scale.unit).max(foot + 14);
        let x = (f64::from(LEFT) + label.x).round() as i32;
        area.draw(&PathElement::new(
            [(x, foot), (at, foot + 10), (at, (foot + 18).min(top))],
            colour.stroke_width(1),
        ))?;
        let style = style.clone().color(&colour).pos(Pos::new(HPos::Left, VPos::Center));
        let text = format!("{:.*}", decimals(scale), peak.ppm);
        area.draw(&Text::new(text, (x, foot - 3), style))?;
    }
    Ok(())
}

/// Shifts are written as finely as the nucleus asks for.
fn decimals(scale: &Scale) -> usize {
    if scale.high_ppm - scale.low_ppm > 60.0 { 2 } else { 3 }
}

fn legend(area: &Drawing<'_>) -> Drawn {
    let classes = [
        PeakClass::Compound,
        PeakClass::Solvent,
        PeakClass::Impurity,
        PeakClass::Satellite,
        PeakClass::Sideband,
        PeakClass::Artifact,
    ];
    let mut x = SIZE.0 as i32 - 90 * classes.len() as i32;
    for class in classes {
        let style = ("sans-serif", 14).into_font().color(&colour(class));
        area.draw(&Text::new(class.name(), (x, 14), style))?;
        x += 90;
    }
    Ok(())
}

fn colour(class: PeakClass) -> RGBColor {
    match class {
        PeakClass::Compound => RGBColor(0, 70, 170),
        PeakClass::Solvent => RGBColor(200, 60, 0),
        PeakClass::Impurity => RGBColor(130, 90, 0),
        PeakClass::Satellite | PeakClass::Sideband => RGBColor(120, 60, 160),
        PeakClass::Artifact => RGBColor(120, 120, 120),
    }
}

fn paler(colour: &RGBColor) -> ShapeStyle {
    colour.mix(0.25).stroke_width(1)
}
