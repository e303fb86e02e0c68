//! How far predicted shifts are off.

use std::path::Path;

use crate::data::{TrainedOn, fold_of};
use crate::error::EvaluationError;
use crate::evaluation::{Report, Selection, Table};
use crate::shift::{ShiftSystem, read_shift_records};
use crate::statistics::Estimate;

/// Mean absolute error of 13C and 1H shifts over the atoms of a fold.
///
/// # Errors
/// [`EvaluationError`] when data cannot be read, the network fails or nothing is left.
pub fn shifts(
    system: &ShiftSystem,
    data: &Path,
    selection: &Selection,
    trained_on: &TrainedOn,
) -> Result<Report, EvaluationError> {
    let (mut tested, mut left_out) = (Vec::new(), 0);
    let dropped = read_shift_records(data, |record, molecule, example| {
        if fold_of(&record, selection.folds.as_ref()) != Some(selection.fold) {
        } else if trained_on.contains(&example.block) {
            left_out += 1;
        } else {
            tested.push((molecule.graph, example));
        }
    })?;
    if tested.is_empty() {
        let reason = format!(
            "{} ({left_out} were trained on; left out of all folds: {dropped})",
            data.display()
        );
        return Err(EvaluationError::Nothing(reason));
    }
    // Sum of errors and atoms, a pair a molecule.
    let mut errors: [Vec<(bool, (f64, f64))>; 2] = Default::default();
    for batch in tested.chunks(256) {
        let graphs = batch.iter().map(|(graph, _)| graph.clone()).collect();
        let predicted = system.predictor().predict_shifts(graphs)?;
        for ((_, example), predicted) in batch.iter().zip(&predicted) {
            let columns = [(&example.c13, &predicted.c13), (&example.h1, &predicted.h1)];
            for (errors, (measured, predicted)) in errors.iter_mut().zip(columns) {
                let of_molecule = measured
                    .iter()
                    .zip(predicted)
                    .filter_map(|(m, p)| {
                        p.filter(|_| !m.is_nan()).map(|p| f64::from((p.ppm - m).abs()))
                    })
                    .fold((0.0, 0.0), |sum, error| (sum.0 + error, sum.1 + 1.0));
                if of_molecule.1 > 0.0 {
                    errors.push((example.exact, of_molecule));
                }
            }
        }
    }
    let mut table =
        Table::new(&["nucleus", "assignments", "MAE, ppm [95 %]", "atoms", "published, ppm"]);
    let published = ["1.10 (NMRNet), 1.19 (GT-NMR)", "0.18 (NMRNet), 0.158 (GT-NMR)"];
    for (nucleus, (errors, published)) in ["13C", "1H"].iter().zip(errors.iter().zip(published)) {
        for (which, all) in [("all", true), ("original 13C ones", false)] {
            let items: Vec<(f64, f64)> =
                errors.iter().filter(|(exact, _)| all || *exact).map(|(_, sums)| *sums).collect();
            let Some(found) = Estimate::of_ratio(&items) else { continue };
            let atoms: f64 = items.iter().map(|item| item.1).sum();
            table.push(vec![
                (*nucleus).to_owned(),
                which.to_owned(),
                found.number(),
                format!("{atoms:.0}"),
                published.to_owned(),
            ]);
        }
    }
    let mut notes = vec![
        format!(
            "{} molecules; {left_out} left out because the model was trained on them",
            tested.len()
        ),
        "intervals by molecule; published figures are on other splits of nmrshiftdb2".to_owned(),
    ];
    if !dropped.is_empty() {
        notes.push(format!("left out of all folds: {dropped}"));
    }
    Ok(Report { protocol: "shifts, shift network".to_owned(), notes, tables: vec![table] })
}
