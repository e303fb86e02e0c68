//! Peaks whose atoms are known together, but not one by one.
//!
//! Where the source left it open which of two carbons has which shift, the shifts still say what
//! both are: they are matched in order of size with what the network predicts at that moment.

use crate::data::Spectrum;

/// As many atoms as peaks, all with the same number of hydrogens.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenPeaks {
    /// Atoms of the molecule.
    pub atoms: Vec<usize>,
    /// Shifts in rising order, ppm.
    pub ppm: Vec<f32>,
}

impl OpenPeaks {
    /// Gives each atom the shift of its rank among the predictions, `predicted` being those of the
    /// molecule's atoms.
    pub(super) fn matched(&self, predicted: &[f32]) -> impl Iterator<Item = (usize, f32)> {
        let mut atoms = self.atoms.clone();
        atoms.sort_by(|&a, &b| predicted[a].total_cmp(&predicted[b]));
        atoms.into_iter().zip(self.ppm.iter().copied())
    }
}

/// The open peaks of the first spectrum that has any, by hydrogens on the carbon. `place` gives an
/// atom with its hydrogens where it may take part.
pub(super) fn open_peaks(
    spectra: &[Spectrum],
    place: impl Fn(u32) -> Option<(usize, u8)>,
) -> Vec<OpenPeaks> {
    let number = |value: Option<&serde_json::Value>| value.and_then(serde_json::Value::as_f64);
    for spectrum in spectra {
        let mut groups: Vec<(u8, OpenPeaks)> = Vec::new();
        for peak in &spectrum.peaks {
            if number(peak.get(4)).is_none_or(|mark| mark == 0.0) {
                continue;
            }
            let source =
                peak.get(2).and_then(serde_json::Value::as_u64).and_then(|a| u32::try_from(a).ok());
            let ppm = number(peak.first()).filter(|ppm| (-50.0..300.0).contains(ppm));
            let (Some((atom, hydrogens)), Some(ppm)) = (source.and_then(&place), ppm) else {
                continue;
            };
            let at = groups.iter().position(|(of, _)| *of == hydrogens).unwrap_or_else(|| {
                groups.push((hydrogens, OpenPeaks { atoms: Vec::new(), ppm: Vec::new() }));
                groups.len() - 1
            });
            let group = &mut groups[at].1;
            if !group.atoms.contains(&atom) {
                group.atoms.push(atom);
                #[allow(clippy::cast_possible_truncation)]
                group.ppm.push(ppm as f32);
            }
        }
        if !groups.is_empty() {
            return groups
                .into_iter()
                .map(|(_, mut group)| {
                    group.ppm.sort_by(f32::total_cmp);
                    group
                })
                .collect();
        }
    }
    Vec::new()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn shifts_go_to_atoms_in_the_order_of_the_predictions() {
        let open = OpenPeaks { atoms: vec![2, 0], ppm: vec![20.0, 30.0] };
        let matched: Vec<_> = open.matched(&[25.0, 0.0, 24.0]).collect();
        assert_eq!(matched, [(2, 20.0), (0, 30.0)]);
    }

    #[test]
    fn only_marked_peaks_are_open_and_kinds_of_carbon_stay_apart() {
        let peaks = serde_json::json!({"peaks": [
            [30.0, "T", 0, 0.1, 1], [20.0, "T", 1, 0.1, 1], [15.0, "Q", 2, 0.1, 1], [99.0, "S", 3]
        ]});
        let spectrum: Spectrum = serde_json::from_value(peaks).unwrap();
        let found =
            open_peaks(&[spectrum], |atom| Some((atom as usize, if atom == 2 { 3 } else { 2 })));
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], OpenPeaks { atoms: vec![0, 1], ppm: vec![20.0, 30.0] });
        assert_eq!(found[1], OpenPeaks { atoms: vec![2], ppm: vec![15.0] });
    }
}
