//! Peaks whose atoms are known together, but not one by one.
//!
//! Where the source left it open which of two carbons has which shift, the shifts still say what
//! both are: they are matched in order of size with what the network predicts at that moment.

use crate::data::Spectrum;

/// As many atoms as peaks. An atom that stands here more than once has as many shifts, of which the
/// mean counts.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenPeaks {
    /// Atoms of the molecule.
    pub atoms: Vec<usize>,
    /// Shifts in rising order, ppm.
    pub ppm: Vec<f32>,
    /// A shift further than this from what is predicted counts for nothing, ppm.
    pub within: f32,
}

impl OpenPeaks {
    /// Shifts in any order.
    #[allow(clippy::cast_possible_truncation)]
    pub(super) fn new(atoms: Vec<usize>, mut ppm: Vec<f64>, within: f32) -> Self {
        ppm.sort_by(f64::total_cmp);
        Self { atoms, ppm: ppm.into_iter().map(|ppm| ppm as f32).collect(), within }
    }

    /// Gives each atom the shift of its rank among the predictions, `predicted` being those of the
    /// molecule's atoms.
    pub(super) fn matched(&self, predicted: &[f32]) -> Vec<(usize, f32)> {
        let mut atoms = self.atoms.clone();
        atoms.sort_by(|&a, &b| predicted[a].total_cmp(&predicted[b]).then(a.cmp(&b)));
        let each: Vec<_> = atoms.into_iter().zip(self.ppm.iter().copied()).collect();
        let mean = |same: &[(usize, f32)]| {
            let near =
                same.iter().filter(|(atom, ppm)| (ppm - predicted[*atom]).abs() <= self.within);
            let (sum, count) =
                near.fold((0.0, 0.0), |(sum, count), (_, ppm)| (sum + ppm, count + 1.0));
            (count > 0.0).then(|| (same[0].0, sum / count))
        };
        each.chunk_by(|one, other| one.0 == other.0).filter_map(mean).collect()
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
                groups.push((hydrogens, OpenPeaks::new(Vec::new(), Vec::new(), f32::INFINITY)));
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
        let open = OpenPeaks::new(vec![2, 0], vec![30.0, 20.0], f32::INFINITY);
        assert_eq!(open.matched(&[25.0, 0.0, 24.0]), [(2, 20.0), (0, 30.0)]);
    }

    #[test]
    fn hydrogens_of_an_atom_count_by_their_mean_and_what_lies_far_off_not_at_all() {
        let open = OpenPeaks::new(vec![0, 0, 1, 2], vec![1.0, 1.2, 3.5, 7.0], 1.0);
        assert_eq!(open.matched(&[1.5, 3.0, 11.0]), [(0, 1.1), (1, 3.5)]);
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
        assert_eq!(found[0], OpenPeaks::new(vec![0, 1], vec![20.0, 30.0], f32::INFINITY));
        assert_eq!(found[1], OpenPeaks::new(vec![2], vec![15.0], f32::INFINITY));
    }
}
