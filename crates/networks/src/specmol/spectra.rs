//! A pair of spectra as SpecMol takes it: 1H and 13C on fixed windows or as pictures, or what is seen
//! in them.

use super::resnet::Picture;
use crate::error::NetworkError;
use crate::spectrum_encoder::Signal;
use larmor_nmr::spectrum::simulation::{Window, to_maximum};

/// Points of each trace.
pub const TRACE_POINTS: usize = 4_096;
/// The published window of 1H.
pub const PROTON_WINDOW: Window = Window { low_ppm: -2.0, high_ppm: 12.05, points: TRACE_POINTS };
/// The published window of 13C.
pub const CARBON_WINDOW: Window = Window { low_ppm: 0.0, high_ppm: 230.0, points: TRACE_POINTS };
/// Pixels of a picture's side.
pub const PICTURE_SIDE: usize = 256;

const WHITE: u8 = 255;
/// Rows left white above the tallest line and below zero, as plots have them.
const MARGIN: usize = 12;

/// One sample's 1H and 13C spectra, in one of the forms that networks take.
#[derive(Debug, Clone, PartialEq)]
pub enum SpectrumPair {
    /// Drawn on fixed windows.
    Traces(TracePair),
    /// As what is seen in them.
    Peaks {
        /// 1H signals.
        proton: Vec<Signal>,
        /// 13C shifts, ppm.
        carbon: Vec<f32>,
    },
}

impl SpectrumPair {
    /// Traces on [`PROTON_WINDOW`] and [`CARBON_WINDOW`], in any unit; `None` when they are not of
    /// [`TRACE_POINTS`] points or hold what is no number.
    #[must_use]
    pub fn new(proton: Vec<f32>, carbon: Vec<f32>) -> Option<Self> {
        TracePair::new(proton, carbon).map(Self::Traces)
    }

    /// Signals and shifts; `None` without any of either.
    #[must_use]
    pub fn of_peaks(proton: Vec<Signal>, carbon: Vec<f32>) -> Option<Self> {
        (!proton.is_empty() && !carbon.is_empty()).then_some(Self::Peaks { proton, carbon })
    }

    /// The traces.
    ///
    /// # Errors
    /// [`NetworkError::Input`] where it holds peaks.
    pub fn traces(&self) -> Result<&TracePair, NetworkError> {
        match self {
            Self::Traces(traces) => Ok(traces),
            Self::Peaks { .. } => Err(NetworkError::Input("this network takes traces".to_owned())),
        }
    }

    /// 1H signals and 13C shifts.
    ///
    /// # Errors
    /// [`NetworkError::Input`] where it holds traces.
    pub fn peaks(&self) -> Result<(&[Signal], &[f32]), NetworkError> {
        match self {
            Self::Peaks { proton, carbon } => Ok((proton, carbon)),
            Self::Traces(_) => {
                Err(NetworkError::Input("this network takes signals and shifts".to_owned()))
            }
        }
    }
}

/// 1H and 13C traces, each with its largest value at 1.
#[derive(Debug, Clone, PartialEq)]
pub struct TracePair {
    proton: Vec<f32>,
    carbon: Vec<f32>,
}

impl TracePair {
    fn new(mut proton: Vec<f32>, mut carbon: Vec<f32>) -> Option<Self> {
        let good = |trace: &[f32]| {
            trace.len() == TRACE_POINTS && trace.iter().all(|value| value.is_finite())
        };
        if !good(&proton) || !good(&carbon) {
            return None;
        }
        to_maximum(&mut proton);
        to_maximum(&mut carbon);
        Some(Self { proton, carbon })
    }

    /// The traces: 1H, 13C.
    #[must_use]
    pub fn each(&self) -> [&[f32]; 2] {
        [&self.proton, &self.carbon]
    }

    /// The traces as line plots, dark on white: 1H, 13C.
    #[must_use]
    pub fn pictures(&self) -> [Picture; 2] {
        self.each().map(plot)
    }
}

/// Draws a trace from high shift on the left to low shift on the right. A column is dark from the
/// lowest to the highest point that falls on it and on to where its neighbour begins.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn plot(trace: &[f32]) -> Picture {
    let mut pixels = vec![WHITE; PICTURE_SIDE * PICTURE_SIDE];
    let height = (PICTURE_SIDE - 1 - 2 * MARGIN) as f32;
    let row = |value: f32| {
        let up = (value.clamp(-0.1, 1.0) * height).round();
        ((PICTURE_SIDE - 1 - MARGIN) as f32 - up).clamp(0.0, (PICTURE_SIDE - 1) as f32) as usize
    };
    let mut before: Option<usize> = None;
    for column in 0..PICTURE_SIDE {
        let points = column * trace.len() / PICTURE_SIDE..(column + 1) * trace.len() / PICTURE_SIDE;
        let shown = || points.clone().filter_map(|p| trace.get(trace.len() - 1 - p));
        let highest = shown().copied().fold(f32::MIN, f32::max);
        let lowest = shown().copied().fold(f32::MAX, f32::min);
        if highest < lowest {
            continue;
        }
        let (mut top, mut bottom) = (row(highest), row(lowest));
        if let Some(last) = before {
            (top, bottom) = (top.min(last), bottom.max(last));
        }
        for line in top..=bottom {
            pixels[line * PICTURE_SIDE + column] = 0;
        }
        before = shown().next_back().map(|&value| row(value));
    }
    Picture { side: PICTURE_SIDE, pixels }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_where_chemists_look_for_it() {
        let mut trace = vec![0.0; TRACE_POINTS];
        // A quarter up the axis: three quarters to the right.
        trace[TRACE_POINTS / 4 + 5] = 3.0;
        let pair = SpectrumPair::new(trace, vec![0.0; TRACE_POINTS]).unwrap();
        let [proton, carbon] = pair.traces().unwrap().pictures();
        let dark = |picture: &Picture, column: usize| {
            (0..PICTURE_SIDE).filter(|r| picture.pixels[r * PICTURE_SIDE + column] == 0).count()
        };
        let tall: Vec<usize> = (0..PICTURE_SIDE).filter(|&c| dark(&proton, c) > 100).collect();
        assert_eq!(tall, [191]);
        assert!(dark(&proton, 191) == PICTURE_SIDE - 2 * MARGIN);
        assert!((0..PICTURE_SIDE).all(|c| dark(&carbon, c) == 1), "a flat baseline");
    }

    #[test]
    fn traces_of_another_length_or_with_what_is_no_number_are_refused() {
        let flat = || vec![0.0; TRACE_POINTS];
        assert!(SpectrumPair::new(vec![0.0; 7], flat()).is_none());
        let mut spoilt = flat();
        spoilt[9] = f32::NAN;
        assert!(SpectrumPair::new(flat(), spoilt).is_none());
    }
}
