//! A right structure with what was measured of it.

use crate::evaluation::Nuclei;
use larmor_chemistry::Molecule;
use larmor_elucidation::Query;

/// A right structure with what was measured of it.
#[derive(Debug, Clone)]
pub struct VerificationCase {
    /// Name in outcomes: a key or a number of its source.
    pub name: String,
    /// The structure, with its canonical SMILES and InChIKey.
    pub right: Molecule,
    /// Lines of all nuclei that were measured, without a formula.
    pub query: Query,
}

impl VerificationCase {
    /// The lines of these nuclei alone; `None` where one of them was not measured.
    #[must_use]
    pub fn shown(&self, nuclei: Nuclei) -> Option<Query> {
        let (carbon, proton) = match nuclei {
            Nuclei::Carbon => (true, false),
            Nuclei::Proton => (false, true),
            Nuclei::Both => (true, true),
        };
        if (carbon && self.query.c13.is_empty()) || (proton && self.query.h1.is_empty()) {
            return None;
        }
        let mut shown = self.query.clone();
        if !carbon {
            (shown.c13, shown.c13_drawn, shown.c13_axis_error_ppm) = (Vec::new(), None, 0.0);
        }
        if !proton {
            (shown.h1, shown.h1_drawn, shown.h1_axis_error_ppm) = (Vec::new(), None, 0.0);
        }
        Some(shown)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_elucidation::ObservedPeak;

    #[test]
    fn a_nucleus_is_shown_alone_and_what_was_not_measured_is_not() {
        let query = Query {
            c13: vec![ObservedPeak::carbon(18.2, None)],
            c13_axis_error_ppm: 0.4,
            ..Query::default()
        };
        let right = Molecule::from_smiles("CCO").unwrap();
        let mut case = VerificationCase { name: "ethanol".into(), right, query };
        assert!(case.shown(Nuclei::Carbon).is_some());
        assert!(case.shown(Nuclei::Proton).is_none() && case.shown(Nuclei::Both).is_none());
        case.query.h1 = vec![ObservedPeak::multiplet(1.2, Some(3.0))];
        let protons = case.shown(Nuclei::Proton).unwrap();
        assert!(protons.c13.is_empty() && protons.h1.len() == 1);
        assert!(protons.c13_axis_error_ppm < f64::EPSILON);
        assert_eq!(case.shown(Nuclei::Both), Some(case.query.clone()));
    }
}
