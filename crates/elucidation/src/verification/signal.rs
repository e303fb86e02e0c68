//! The 1H signals of a sample, with hydrogens by their integrals.

use crate::query::Query;
use crate::splitting::SplittingPattern;

/// Fewer hydrogens than this are no signal of the compound.
const LEAST_HYDROGENS: f64 = 0.3;
/// Integrals that all are this near to whole numbers were counted by a person.
const WHOLE: f64 = 0.011;

/// One signal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Signal {
    pub ppm: f64,
    /// Hydrogens it stands for, or its area on any scale.
    pub hydrogens: f64,
    pub pattern: SplittingPattern,
    /// Largest coupling constant, Hz.
    pub coupling_hz: Option<f64>,
}

/// All signals of a sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signals {
    pub list: Vec<Signal>,
    /// Hydrogens were counted; else they are areas, and the scale is the candidate's.
    pub counted: bool,
}

impl Signals {
    /// Signals of a query; `None` where some have no integral.
    pub fn of(query: &Query) -> Option<Self> {
        let counted = listed(query, |hydrogens, _| hydrogens);
        let list = match counted {
            Some(list) => list,
            None => listed(query, |_, area| area)?,
        };
        let whole = |signal: &Signal| (signal.hydrogens - signal.hydrogens.round()).abs() < WHOLE;
        let counted = list.iter().all(whole);
        (!list.is_empty()).then_some(Self { list, counted })
    }

    /// The same on another scale, what is too small left out.
    pub fn scaled(&self, factor: f64, moved_ppm: f64) -> Vec<Signal> {
        self.list
            .iter()
            .map(|signal| Signal {
                hydrogens: signal.hydrogens * factor,
                ppm: signal.ppm + moved_ppm,
                ..*signal
            })
            .filter(|signal| signal.hydrogens >= LEAST_HYDROGENS)
            .collect()
    }

    /// Sum of hydrogens or areas.
    pub fn total(&self) -> f64 {
        self.list.iter().map(|signal| signal.hydrogens).sum()
    }
}

fn listed(
    query: &Query,
    integral: impl Fn(Option<f64>, Option<f64>) -> Option<f64>,
) -> Option<Vec<Signal>> {
    let signals = query.h1.iter().map(|peak| {
        let multiplet = peak.as_multiplet()?;
        Some(Signal {
            ppm: peak.ppm,
            hydrogens: integral(multiplet.hydrogens, multiplet.area)?,
            pattern: multiplet.splitting,
            coupling_hz: multiplet.largest_coupling_hz,
        })
    });
    let mut signals = signals.collect::<Option<Vec<Signal>>>()?;
    // The baseline may leave less than nothing of a small one.
    signals.retain(|signal| signal.hydrogens > 0.0);
    Some(signals)
}
