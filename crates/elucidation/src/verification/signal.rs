//! The 1H signals of a sample, with hydrogens by their integrals.

use crate::query::Query;
use crate::splitting::SplittingPattern;

/// Fewer hydrogens than this are no signal of the compound.
const LEAST_HYDROGENS: f64 = 0.3;
/// Integrals of which most are this near to whole numbers were counted by a person: those of an
/// impurity are not.
const WHOLE: f64 = 0.011;
const MOSTLY: f64 = 0.6;

/// One signal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Signal {
    /// Its place in the query's list.
    pub place: usize,
    pub ppm: f64,
    /// Hydrogens it stands for, or its area on any scale.
    pub hydrogens: f64,
    pub pattern: SplittingPattern,
    /// Largest coupling constant, Hz.
    pub coupling_hz: Option<f64>,
    /// Said to be broad.
    pub broad: bool,
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
        let (list, of_hydrogens) = match listed(query, |hydrogens, _| hydrogens) {
            Some(list) => (list, true),
            None => (listed(query, |_, area| area)?, false),
        };
        let whole = |signal: &&Signal| {
            let number = signal.hydrogens.round();
            number > 0.0 && (signal.hydrogens - number).abs() < WHOLE
        };
        let all = list.len() as f64;
        let counted = of_hydrogens && list.iter().filter(whole).count() as f64 >= MOSTLY * all;
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
    let signals = query.h1.iter().enumerate().map(|(place, peak)| {
        let multiplet = peak.as_multiplet()?;
        Some(Signal {
            place,
            ppm: peak.ppm,
            hydrogens: integral(multiplet.hydrogens, multiplet.area)?,
            pattern: multiplet.splitting,
            coupling_hz: multiplet.largest_coupling_hz,
            broad: multiplet.broad,
        })
    });
    let mut signals = signals.collect::<Option<Vec<Signal>>>()?;
    // The baseline may leave less than nothing of a small one.
    signals.retain(|signal| signal.hydrogens > 0.0);
    Some(signals)
}
