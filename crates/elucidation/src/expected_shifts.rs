//! The shifts that the network expects of structures.

use larmor_chemistry::MolecularGraph;
use larmor_networks::inference::{InferenceError, Predictor};
use larmor_networks::{AtomShift, PredictedShifts};

/// Shifts of each graph, isotopes of hydrogen taken for hydrogen.
pub(crate) fn expected_shifts<'a>(
    predictor: &Predictor,
    graphs: impl Iterator<Item = &'a MolecularGraph>,
) -> Result<Vec<PredictedShifts>, InferenceError> {
    let (mut plain, mut places) = (Vec::new(), Vec::new());
    for graph in graphs {
        let (own, kept) = match graph.with_plain_hydrogens() {
            Some((own, kept)) => (own, Some((kept, graph.len()))),
            None => (graph.clone(), None),
        };
        plain.push(own);
        places.push(kept);
    }
    let shifts = predictor.predict_shifts(plain)?;
    let back = |(shifts, places): (PredictedShifts, Option<(Vec<usize>, usize)>)| match places {
        None => shifts,
        Some((kept, length)) => PredictedShifts {
            c13: spread_out(&shifts.c13, &kept, length),
            h1: spread_out(&shifts.h1, &kept, length),
            geminal: spread_out(&shifts.geminal, &kept, length),
        },
    };
    Ok(shifts.into_iter().zip(places).map(back).collect())
}

/// A column at the places its entries had.
fn spread_out(
    column: &[Option<AtomShift>],
    kept: &[usize],
    length: usize,
) -> Vec<Option<AtomShift>> {
    let mut all = vec![None; length];
    for (&place, shift) in kept.iter().zip(column) {
        if let Some(slot) = all.get_mut(place) {
            *slot = *shift;
        }
    }
    all
}
