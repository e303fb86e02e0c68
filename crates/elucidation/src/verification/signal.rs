//! The 1H signals of a sample, with hydrogens by their integrals.

use crate::query::Query;
use crate::splitting::SplittingPattern;

/// Fewer hydrogens than this are no signal of the compound.
const LEAST_HYDROGENS: f64 = 0.3;
/// Integrals of which most are this near to whole numbers were counted by a person: those of an
/// impurity are not.
const WHOLE: f64 = 0.011;
const MOSTLY: f64 = 0.6;
/// Measured signals nearer than this are one block, whose pattern is that of a signal with so much
/// of it.
const TOGETHER_PPM: f64 = 0.025;
const NEARLY_ALL: f64 = 0.85;

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
    /// They are hydrogens of the query, counted or not, and no areas.
    pub of_hydrogens: bool,
    /// Places of the signals that were taken together.
    blocks: Vec<Vec<usize>>,
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
        let (list, blocks) = if counted { (list, Vec::new()) } else { blocks(list) };
        (!list.is_empty()).then_some(Self { list, counted, of_hydrogens, blocks })
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

    /// Places of all signals that stand together with the one at a place, itself among them.
    pub fn together_with(&self, place: usize) -> Vec<usize> {
        let block = self.blocks.iter().find(|block| block.contains(&place));
        block.map_or_else(|| vec![place], Clone::clone)
    }

    /// Sum of hydrogens or areas.
    pub fn total(&self) -> f64 {
        self.list.iter().map(|signal| signal.hydrogens).sum()
    }
}

/// Measured signals that stand on one another taken together, with the places of all of each block:
/// where one ends and the next begins nobody can tell, and their sum is exact.
fn blocks(mut list: Vec<Signal>) -> (Vec<Signal>, Vec<Vec<usize>>) {
    list.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    let mut whole: Vec<Signal> = Vec::with_capacity(list.len());
    let mut members: Vec<Vec<usize>> = Vec::with_capacity(list.len());
    for signal in list {
        match (whole.last_mut(), members.last_mut()) {
            (Some(last), Some(block)) if signal.ppm - last.ppm < TOGETHER_PPM => {
                block.push(signal.place);
                *last = last.with(&signal);
            }
            _ => {
                members.push(vec![signal.place]);
                whole.push(signal);
            }
        }
    }
    members.retain(|block| block.len() > 1);
    (whole, members)
}

impl Signal {
    /// Both as one: where their middle is, with the pattern of one that is nearly all of it.
    fn with(&self, other: &Self) -> Self {
        let hydrogens = self.hydrogens + other.hydrogens;
        let larger = if self.hydrogens >= other.hydrogens { self } else { other };
        let nearly_all = larger.hydrogens > NEARLY_ALL * hydrogens;
        let ppm = (self.ppm * self.hydrogens + other.ppm * other.hydrogens) / hydrogens;
        let pattern = if nearly_all { larger.pattern } else { SplittingPattern::Unread };
        let coupling_hz = larger.coupling_hz.filter(|_| nearly_all);
        Self { hydrogens, ppm, pattern, coupling_hz, ..*larger }
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
