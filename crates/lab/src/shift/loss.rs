//! Loss and error of predicted shifts.
#![allow(clippy::cast_possible_wrap)]

use tch::{Device, Tensor};

use super::example::ShiftExample;
use super::open_peaks::OpenPeaks;
use crate::error::TrainingError;
use larmor_networks::ShiftOutput;

/// What is learned: 13C, 1H, and how far apart the hydrogens of a CH2 lie.
const TARGETS: usize = 3;
/// Weight of each beside 13C.
const WEIGHT: [f64; TARGETS] = [1.0, 0.4, 0.2];
/// Weight of the absolute error beside the likelihood, per ppm: a proton's 0.1 ppm is worth about a
/// carbon's 1 ppm.
const ABSOLUTE_WEIGHT: [f64; TARGETS] = [0.5, 4.0, 4.0];

/// What is known of a batch: for each target the rows that have one, and their ppm.
pub(super) struct Targets([Option<(Tensor, Tensor)>; TARGETS]);

/// Predicted ppm of a target, and the logarithm of its spread.
fn predicted(output: &ShiftOutput, target: usize) -> Option<[&Tensor; 2]> {
    match target {
        0 | 1 => Some([&output.ppm[target], &output.log_spread[target]]),
        _ => output.geminal.as_ref().map(|both| both.each_ref()),
    }
}

impl Targets {
    /// Shifts that are known atom by atom.
    pub(super) fn collate(
        examples: &[&ShiftExample],
        device: Device,
    ) -> Result<Self, TrainingError> {
        Self::of(known(examples, |e| &e.c13), known(examples, |e| &e.h1), examples, device)
    }

    fn of(
        carbon: Vec<(i64, f32)>,
        proton: Vec<(i64, f32)>,
        examples: &[&ShiftExample],
        device: Device,
    ) -> Result<Self, TrainingError> {
        Ok(Self([
            on_device(carbon, device)?,
            on_device(proton, device)?,
            on_device(known(examples, |e| &e.geminal), device)?,
        ]))
    }

    /// The same, with peaks whose atoms are open matched to what is predicted now.
    pub(super) fn matched(
        examples: &[&ShiftExample],
        output: &ShiftOutput,
        device: Device,
    ) -> Result<Self, TrainingError> {
        let mut carbon = known(examples, |e| &e.c13);
        carbon.extend(open(examples, &output.ppm[0], |e| &e.open)?);
        let mut proton = known(examples, |e| &e.h1);
        proton.extend(open(examples, &output.ppm[1], |e| &e.open_h1)?);
        Self::of(carbon, proton, examples, device)
    }

    /// Laplace negative log-likelihood ln(2b) + |d|/b plus a share of |d|, mean over atoms,
    /// 13C and 1H added. `None` when no atom has a shift.
    pub(super) fn loss(&self, output: &ShiftOutput) -> Result<Option<Tensor>, TrainingError> {
        let mut total: Option<Tensor> = None;
        for (target, known) in self.0.iter().enumerate() {
            let (Some((rows, ppm)), Some([said, spread])) = (known, predicted(output, target))
            else {
                continue;
            };
            let error = said.f_index_select(0, rows)?.f_sub(ppm)?.f_abs()?;
            let log_b = spread.f_index_select(0, rows)?;
            let likelihood = error.f_mul(&log_b.f_neg()?.f_exp()?)?.f_add(&log_b)?;
            let loss =
                likelihood.f_add(&error.f_mul_scalar(ABSOLUTE_WEIGHT[target])?)?.f_mean(None)?;
            let loss = loss.f_mul_scalar(WEIGHT[target])?;
            total = Some(match total {
                Some(sum) => sum.f_add(&loss)?,
                None => loss,
            });
        }
        Ok(total)
    }

    /// Absolute errors in ppm: 13C, 1H, and the distance of geminal hydrogens.
    pub(super) fn errors(
        &self,
        output: &ShiftOutput,
    ) -> Result<[Vec<f64>; TARGETS], TrainingError> {
        let mut errors = [const { Vec::new() }; TARGETS];
        for (target, known) in self.0.iter().enumerate() {
            let (Some((rows, ppm)), Some([said, _])) = (known, predicted(output, target)) else {
                continue;
            };
            let error = said.f_index_select(0, rows)?.f_sub(ppm)?.f_abs()?;
            errors[target] = Vec::<f64>::try_from(&error.f_to_kind(tch::Kind::Double)?)?;
        }
        Ok(errors)
    }
}

/// Rows of the batch with a shift.
fn known(examples: &[&ShiftExample], shifts: fn(&ShiftExample) -> &[f32]) -> Vec<(i64, f32)> {
    examples
        .iter()
        .flat_map(|example| shifts(example))
        .enumerate()
        .filter(|(_, ppm)| !ppm.is_nan())
        .map(|(row, &ppm)| (row as i64, ppm))
        .collect()
}

/// Rows of the batch that get one of the shifts which are open, by what is predicted of them now.
fn open(
    examples: &[&ShiftExample],
    predicted: &Tensor,
    peaks: fn(&ShiftExample) -> &[OpenPeaks],
) -> Result<Vec<(i64, f32)>, TrainingError> {
    if examples.iter().all(|example| peaks(example).is_empty()) {
        return Ok(Vec::new());
    }
    let predicted = Vec::<f32>::try_from(&predicted.f_detach()?.f_to_device(Device::Cpu)?)?;
    let (mut found, mut first) = (Vec::new(), 0);
    for example in examples {
        let end = first + example.c13.len();
        for open in peaks(example) {
            let matched = open.matched(&predicted[first..end]);
            found.extend(matched.into_iter().map(|(atom, ppm)| ((first + atom) as i64, ppm)));
        }
        first = end;
    }
    Ok(found)
}

fn on_device(
    known: Vec<(i64, f32)>,
    device: Device,
) -> Result<Option<(Tensor, Tensor)>, TrainingError> {
    if known.is_empty() {
        return Ok(None);
    }
    let (rows, ppm): (Vec<i64>, Vec<f32>) = known.into_iter().unzip();
    let rows = Tensor::f_from_slice(&rows)?.f_to_device(device)?;
    Ok(Some((rows, Tensor::f_from_slice(&ppm)?.f_to_device(device)?)))
}
