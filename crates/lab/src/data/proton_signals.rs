//! Shifts of the hydrogens of a molecule made 1H signals, with the couplings its constitution lets
//! one expect.

use super::record::Record;
use larmor_chemistry::{GEMINAL_HZ, MolecularGraph, Molecule, exchanges, typical_couplings};
use larmor_nmr::spectrum::simulation::{Coupling, ProtonSignal};

/// Hydrogens closer than this do not split one another, ppm.
const SAME_PPM: f64 = 0.005;
/// The two hydrogens of a CH2 are told apart when farther from one another than this, ppm.
const DIASTEREOTOPIC_PPM: f64 = 0.02;
/// Widths of exchanging hydrogens, Hz: on oxygen and sulfur, and on nitrogen, which its own
/// quadrupole broadens further.
const WIDTH_OH: f64 = 10.0;
const WIDTH_NH: f64 = 25.0;
/// A record counts as a spectrum when it has a shift for at least this share of the carbons with
/// hydrogen.
const LEAST_SHARE: f64 = 0.8;

/// Signals of a molecule. `shifts` holds for each atom of the graph the shifts of its hydrogens:
/// none where unknown, one for all of them, or two for the hydrogens of a diastereotopic CH2.
#[must_use]
pub fn proton_signals(graph: &MolecularGraph, shifts: &[Vec<f64>]) -> Vec<ProtonSignal> {
    let couplings = typical_couplings(graph);
    let mut signals = Vec::new();
    for (atom, own) in shifts.iter().enumerate().filter(|(atom, _)| graph.hydrogens[*atom] > 0) {
        let hydrogens = f64::from(graph.hydrogens[atom]);
        if exchanges(graph, atom) {
            let width = if graph.element[atom] == 7 { WIDTH_NH } else { WIDTH_OH };
            signals.extend(own.first().map(|&ppm| ProtonSignal {
                ppm,
                protons: hydrogens,
                couplings: Vec::new(),
                width_hz: Some(width),
            }));
            continue;
        }
        for (which, &ppm) in own.iter().enumerate() {
            let mut seen: Vec<Coupling> = Vec::new();
            if let [first, second] = own.as_slice() {
                add(&mut seen, GEMINAL_HZ, 1, Some(if which == 0 { *second } else { *first }));
            }
            for coupling in couplings.iter().filter(|c| c.atoms.contains(&atom)) {
                let other = coupling.atoms[usize::from(coupling.atoms[0] == atom)];
                let far = |at: &f64| (at - ppm).abs() > SAME_PPM;
                // Which of a pair of hydrogens is the nearer to anti swaps with one's own place.
                let hertz = if which == 1 {
                    [coupling.hertz[1], coupling.hertz[0]]
                } else {
                    coupling.hertz
                };
                let mean = (hertz[0] + hertz[1]) / 2.0;
                let partner = shifts[other].first().copied();
                match shifts[other].as_slice() {
                    [single] if !far(single) => {}
                    [first, second] => {
                        for (at, hertz) in [(first, hertz[0]), (second, hertz[1])] {
                            if far(at) {
                                add(&mut seen, hertz, 1, Some(*at));
                            }
                        }
                    }
                    // The ends of a terminal double bond differ too much for their mean.
                    _ if graph.hydrogens[other] == 2 && (hertz[0] - hertz[1]).abs() > 5.0 => {
                        hertz.into_iter().for_each(|hertz| add(&mut seen, hertz, 1, partner));
                    }
                    _ if own.len() == 2 => {
                        add(&mut seen, hertz[0], graph.hydrogens[other], partner);
                    }
                    _ => add(&mut seen, mean, graph.hydrogens[other], partner),
                }
            }
            signals.push(ProtonSignal {
                ppm,
                protons: hydrogens / own.len() as f64,
                couplings: seen,
                width_hz: None,
            });
        }
    }
    signals
}

/// Equal couplings to equal shifts are one to more neighbours.
fn add(seen: &mut Vec<Coupling>, hertz: f64, neighbours: u8, partner_ppm: Option<f64>) {
    let same = |c: &&mut Coupling| (c.hertz - hertz).abs() < 1e-9 && c.partner_ppm == partner_ppm;
    match seen.iter_mut().find(same) {
        Some(known) => known.neighbours = known.neighbours.saturating_add(neighbours),
        None => seen.push(Coupling { hertz, neighbours, partner_ppm }),
    }
}

impl Record {
    /// Signals of the fullest 1H spectrum; `None` without one, or when it leaves out carbons with
    /// hydrogen.
    #[must_use]
    pub fn proton_signals(&self, molecule: &Molecule) -> Option<Vec<ProtonSignal>> {
        let fullest = self.h1.iter().max_by_key(|spectrum| spectrum.peaks.len())?;
        let graph = &molecule.graph;
        let mut listed: Vec<Vec<f64>> = vec![Vec::new(); graph.len()];
        for peak in &fullest.peaks {
            let ppm = peak.first().and_then(serde_json::Value::as_f64);
            let source = peak.get(2).and_then(serde_json::Value::as_u64);
            let atom = source.and_then(|s| molecule.source.iter().position(|&a| u64::from(a) == s));
            if let (Some(ppm), Some(atom)) = (ppm.filter(|p| (-6.0..25.0).contains(p)), atom) {
                listed[atom].push(ppm);
            }
        }
        let mut shifts: Vec<Vec<f64>> = listed
            .into_iter()
            .zip(&graph.hydrogens)
            .map(|(listed, &hydrogens)| told_apart(listed, hydrogens))
            .collect();
        // Many records list one of several equivalent atoms.
        for atom in (0..graph.len()).filter(|&atom| graph.hydrogens[atom] > 0) {
            let class = molecule.symmetry[atom];
            if shifts[atom].is_empty()
                && let Some(other) = (0..graph.len())
                    .find(|&a| molecule.symmetry[a] == class && !shifts[a].is_empty())
            {
                shifts[atom] = shifts[other].clone();
            }
        }
        let bearing = |&atom: &usize| graph.element[atom] == 6 && graph.hydrogens[atom] > 0;
        let (all, known) =
            (0..graph.len()).filter(bearing).fold((0.0, 0.0), |(all, known), atom| {
                (all + 1.0, known + f64::from(u8::from(!shifts[atom].is_empty())))
            });
        (known > 0.0 && known >= LEAST_SHARE * all).then(|| proton_signals(graph, &shifts))
    }
}

/// The shifts listed for an atom as two where it is a CH2 with two, else as their mean.
fn told_apart(mut listed: Vec<f64>, hydrogens: u8) -> Vec<f64> {
    if listed.is_empty() || hydrogens == 0 {
        return Vec::new();
    }
    listed.sort_by(f64::total_cmp);
    let (low, high) = (listed[0], listed[listed.len() - 1]);
    if hydrogens == 2 && high - low > DIASTEREOTOPIC_PPM {
        return vec![low, high];
    }
    vec![listed.iter().sum::<f64>() / listed.len() as f64]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn signals(smiles: &str, shifts: &[&[f64]]) -> Vec<ProtonSignal> {
        let shifts: Vec<Vec<f64>> = shifts.iter().map(|s| s.to_vec()).collect();
        proton_signals(&Molecule::graph_only(smiles).unwrap().graph, &shifts)
    }

    #[test]
    fn ethanol_is_a_triplet_a_quartet_and_a_broad_line() {
        let found = signals("CCO", &[&[1.2], &[3.7], &[2.6]]);
        let pattern: Vec<(f64, f64, usize)> = found
            .iter()
            .map(|s| (s.ppm, s.protons, s.couplings.iter().map(|c| c.neighbours as usize).sum()))
            .collect();
        assert_eq!(pattern, [(1.2, 3.0, 2), (3.7, 2.0, 3), (2.6, 1.0, 0)]);
        assert!(found[2].width_hz.is_some() && found[0].width_hz.is_none());
        assert_eq!(
            found[0].couplings,
            [Coupling { hertz: 7.0, neighbours: 2, partner_ppm: Some(3.7) }]
        );
    }

    #[test]
    fn equal_shifts_do_not_split_and_unknown_ones_draw_nothing() {
        assert!(signals("CC", &[&[0.9], &[0.9]]).iter().all(|s| s.couplings.is_empty()));
        let known = signals("CCO", &[&[1.2], &[], &[]]);
        assert_eq!(known.len(), 1);
        assert_eq!(known[0].couplings.len(), 1, "a neighbour of unknown shift still splits");
    }

    #[test]
    fn a_diastereotopic_pair_splits_itself_and_its_neighbour() {
        let found = signals("ClC(Br)CO", &[&[], &[5.5], &[], &[3.5, 3.9], &[]]);
        assert_eq!(found.len(), 3);
        let methine = &found[0];
        assert_eq!(methine.couplings.len(), 2, "{methine:?}");
        for half in &found[1..] {
            assert_eq!(half.protons, 1.0);
            assert!(half.couplings.iter().any(|c| c.hertz == GEMINAL_HZ));
        }
    }

    #[test]
    fn equivalent_atoms_share_a_shift_that_is_listed_once() {
        let record: Record = serde_json::from_str(
            r#"{"inchikey":"X","smiles":"CC(C)O","h1":[{"peaks":[[1.2,"",0],[4.0,"",1]]}]}"#,
        )
        .unwrap();
        let found = record.proton_signals(&Molecule::graph_only("CC(C)O").unwrap()).unwrap();
        assert_eq!(found.iter().filter(|s| s.ppm == 1.2).map(|s| s.protons).sum::<f64>(), 6.0);
        let septet = found.iter().find(|s| s.ppm == 4.0).unwrap();
        assert_eq!(
            septet.couplings,
            [Coupling { hertz: 7.0, neighbours: 6, partner_ppm: Some(1.2) }]
        );
    }

    #[test]
    fn records_with_most_shifts_missing_are_no_spectrum() {
        let record = |peaks: &str| -> Record {
            let text = format!(r#"{{"inchikey":"X","smiles":"CCCO","h1":[{{"peaks":{peaks}}}]}}"#);
            serde_json::from_str(&text).unwrap()
        };
        let molecule = Molecule::graph_only("CCCO").unwrap();
        assert!(record("[[0.9,\"\",0]]").proton_signals(&molecule).is_none());
        let full = record("[[0.9,\"\",0],[1.5,\"\",1],[3.6,\"\",2],[3.6,\"\",2]]");
        let found = full.proton_signals(&molecule).unwrap();
        assert_eq!(found.iter().map(|s| s.protons).sum::<f64>(), 7.0);
    }
}
