//! Where hydrogens that exchange have their signals, and what these look like.
//!
//! Ranges are those of solutions in chloroform and dimethyl sulfoxide (Pretsch et al., Structure
//! Determination of Organic Compounds, 1H NMR: alcohols, acids, amines, amides), with some room.

use larmor_chemistry::{BondType, Hybridisation, MolecularGraph};

/// Signals of hydrogens that exchange.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ExchangingSignal {
    /// Where it may be, ppm.
    pub from_ppm: f64,
    pub to_ppm: f64,
    /// Hydrogens beside it may split it: it stays on its atom long enough.
    pub splits: bool,
}

const fn between(from_ppm: f64, to_ppm: f64, splits: bool) -> ExchangingSignal {
    ExchangingSignal { from_ppm, to_ppm, splits }
}

const ACID: ExchangingSignal = between(9.5, 14.5, false);
/// Up to where enols and phenols beside a C=O go that hold on to it.
const PHENOL: ExchangingSignal = between(4.2, 16.5, false);
const OXIME: ExchangingSignal = between(6.5, 12.5, false);
const ALCOHOL: ExchangingSignal = between(0.3, 6.8, true);
const THIOL: ExchangingSignal = between(0.8, 4.5, true);
const AMMONIUM: ExchangingSignal = between(2.5, 12.5, true);
const AZOLE: ExchangingSignal = between(6.8, 14.5, true);
const AMIDE: ExchangingSignal = between(4.3, 12.5, true);
const ANILINE: ExchangingSignal = between(2.6, 10.5, true);
const AMINE: ExchangingSignal = between(0.2, 5.5, true);

/// The signal of the hydrogens on an atom that exchange with water.
pub(super) fn signal(graph: &MolecularGraph, atom: usize) -> ExchangingSignal {
    let neighbours = || {
        graph.bonds.iter().filter_map(move |bond| match (bond.begin as usize, bond.end as usize) {
            (a, b) if a == atom => Some(b),
            (a, b) if b == atom => Some(a),
            _ => None,
        })
    };
    let flat = |a: usize| graph.aromatic[a] || graph.hybridisation[a] == Hybridisation::Sp2;
    let acyl = |a: usize| {
        matches!(graph.element[a], 6 | 15 | 16)
            && graph.bonds.iter().any(|bond| {
                let other = match (bond.begin as usize, bond.end as usize) {
                    (x, y) if x == a => y,
                    (x, y) if y == a => x,
                    _ => return false,
                };
                bond.kind == BondType::Double && matches!(graph.element[other], 8 | 16)
            })
    };
    match graph.element[atom] {
        8 if neighbours().any(acyl) => ACID,
        8 if neighbours().any(|a| graph.element[a] == 7) => OXIME,
        8 if neighbours().any(flat) => PHENOL,
        8 => ALCOHOL,
        16 => THIOL,
        _ if graph.charge[atom] > 0 => AMMONIUM,
        _ if graph.aromatic[atom] => AZOLE,
        _ if neighbours().any(acyl) => AMIDE,
        _ if neighbours().any(flat) => ANILINE,
        _ => AMINE,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::{Molecule, exchanges};

    fn of(smiles: &str) -> ExchangingSignal {
        let graph = Molecule::from_smiles(smiles).unwrap().graph;
        let atom = (0..graph.len()).find(|&atom| exchanges(&graph, atom)).unwrap();
        signal(&graph, atom)
    }

    #[test]
    fn hydrogens_are_told_by_what_they_are_bound_to() {
        for (smiles, kind) in [
            ("CC(=O)O", ACID),
            ("Oc1ccccc1", PHENOL),
            ("CC=NO", OXIME),
            ("CCO", ALCOHOL),
            ("CCS", THIOL),
            ("CC[NH3+]", AMMONIUM),
            ("c1cc[nH]c1", AZOLE),
            ("CNC(C)=O", AMIDE),
            ("CNS(C)(=O)=O", AMIDE),
            ("Nc1ccccc1", ANILINE),
            ("CCN", AMINE),
        ] {
            assert_eq!(of(smiles), kind, "{smiles}");
        }
    }
}
