//! Observed peaks made ready for matching: checked, sorted, equal ones taken together.

use crate::error::ElucidationError;
use crate::query::{Extent, ObservedPeak, Query};
use larmor_nmr::spectrum::Multiplicity;

/// Most peaks of one nucleus that are judged.
const MOST_PEAKS: usize = 2_000;
/// 13C peaks closer than this, with equal multiplicity, are one line listed for each carbon.
const SAME_CARBON_PPM: f64 = 0.005;
/// Bare 1H lines chained closer than this are one multiplet.
const SAME_PROTON_PPM: f64 = 0.02;
/// Multiplets closer than this are one, listed for each of its atoms.
const SAME_MULTIPLET_PPM: f64 = 0.0015;
/// No multiplet is wider: what goes on beyond is another one that overlaps.
const MOST_MULTIPLET_PPM: f64 = 0.12;

/// One observed line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line {
    pub(crate) ppm: f64,
    pub(crate) multiplicity: Option<Multiplicity>,
    /// How often the list names it.
    pub(crate) count: u32,
    /// Hydrogens it stands for, by its integral, where known (1H only).
    pub(crate) hydrogens: Option<f64>,
    /// Height relative to the tallest line, where measured (13C only).
    pub(crate) height: Option<f64>,
    /// Bare 1H line: its neighbours may belong to it.
    bare: bool,
}

impl Line {
    pub(crate) fn of(peak: &ObservedPeak) -> Self {
        let (bare, hydrogens) = match peak.extent {
            Extent::Line => (true, None),
            Extent::Multiplet(multiplet) => (false, multiplet.hydrogens),
        };
        let (ppm, multiplicity) = (peak.ppm, peak.multiplicity);
        Self { ppm, multiplicity, count: 1, hydrogens, height: peak.height, bare }
    }

    /// The same line elsewhere on the axis.
    pub(crate) fn moved(self, ppm: f64) -> Self {
        Self { ppm: self.ppm + ppm, ..self }
    }
}

/// Lines of both nuclei, each by rising shift.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Lines {
    pub(crate) carbon: Vec<Line>,
    pub(crate) proton: Vec<Line>,
    /// Standard error of the 13C axis, ppm.
    pub(crate) carbon_axis_error: f64,
    /// Of the 1H axis, ppm.
    pub(crate) proton_axis_error: f64,
}

impl Lines {
    pub(crate) fn of(query: &Query) -> Result<Self, ElucidationError> {
        let carbon = checked(&query.c13, "13C", -100.0..=400.0)?;
        let proton = checked(&query.h1, "1H", -50.0..=60.0)?;
        if carbon.is_empty() && proton.is_empty() {
            return Err(ElucidationError::NoPeaks);
        }
        let error = |ppm: f64| if ppm.is_finite() { ppm.clamp(0.0, 20.0) } else { 0.0 };
        Ok(Self {
            carbon: listed_once(carbon),
            proton: multiplets(proton),
            carbon_axis_error: error(query.c13_axis_error_ppm),
            proton_axis_error: error(query.h1_axis_error_ppm),
        })
    }
}

fn checked(
    peaks: &[ObservedPeak],
    nucleus: &'static str,
    range: std::ops::RangeInclusive<f64>,
) -> Result<Vec<Line>, ElucidationError> {
    if peaks.len() > MOST_PEAKS {
        return Err(ElucidationError::TooManyPeaks {
            nucleus,
            found: peaks.len(),
            limit: MOST_PEAKS,
        });
    }
    if let Some(peak) = peaks.iter().find(|peak| !range.contains(&peak.ppm)) {
        return Err(ElucidationError::AbsurdPeak { nucleus, ppm: peak.ppm });
    }
    let mut lines: Vec<Line> = peaks.iter().map(Line::of).collect();
    let hydrogens = |line: &Line| line.multiplicity.map(Multiplicity::counts);
    lines.sort_by(|a, b| a.ppm.total_cmp(&b.ppm).then(hydrogens(a).cmp(&hydrogens(b))));
    Ok(lines)
}

fn listed_once(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let same = out
            .iter_mut()
            .rev()
            .take_while(|last| line.ppm - last.ppm < SAME_CARBON_PPM)
            .find(|last| last.multiplicity == line.multiplicity);
        match same {
            Some(last) => last.count += 1,
            None => out.push(line),
        }
    }
    out
}

/// Bare lines chained to multiplets; those that are told apart already stay as they are.
fn multiplets(lines: Vec<Line>) -> Vec<Line> {
    let (bare, mut whole): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| line.bare);
    let mut groups: Vec<Vec<f64>> = Vec::new();
    for line in bare {
        match groups.last_mut() {
            Some(group) if continues(group, line.ppm) => group.push(line.ppm),
            _ => groups.push(vec![line.ppm]),
        }
    }
    whole.extend(groups.iter().map(|group| Line {
        ppm: group.iter().sum::<f64>() / group.len() as f64,
        multiplicity: None,
        count: u32::try_from(group.len()).unwrap_or(u32::MAX),
        hydrogens: None,
        height: None,
        bare: false,
    }));
    whole.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    whole.dedup_by(|later, kept| {
        let same = later.ppm - kept.ppm < SAME_MULTIPLET_PPM;
        if same {
            kept.count += later.count;
            // Whether the integrals are of the whole or of a part each is not told.
            kept.hydrogens = None;
        }
        same
    });
    whole
}

fn continues(group: &[f64], ppm: f64) -> bool {
    group.last().is_some_and(|last| ppm - last <= SAME_PROTON_PPM)
        && group.first().is_some_and(|first| ppm - first <= MOST_MULTIPLET_PPM)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn peak(ppm: f64, multiplicity: Option<Multiplicity>) -> ObservedPeak {
        ObservedPeak::carbon(ppm, multiplicity)
    }

    #[test]
    fn a_line_listed_for_each_carbon_is_one_line() {
        let (s, d) = (Some(Multiplicity::S), Some(Multiplicity::D));
        let c13 = vec![peak(128.2, d), peak(77.0, None), peak(128.2, s), peak(128.2, d)];
        let lines = Lines::of(&Query { c13, ..Query::default() }).unwrap();
        assert_eq!(lines.carbon.len(), 3);
        let last = lines.carbon[2];
        assert_eq!((last.ppm, last.multiplicity, last.count), (128.2, d, 2));
    }

    #[test]
    fn a_quartet_is_one_proton_line() {
        let h1 = [4.09, 4.107, 4.125, 4.143, 1.25].map(|ppm| peak(ppm, None)).to_vec();
        let lines = Lines::of(&Query { h1, ..Query::default() }).unwrap();
        assert_eq!(lines.proton.len(), 2);
        assert!((lines.proton[1].ppm - 4.11625).abs() < 1e-9);
    }

    #[test]
    fn multiplets_that_are_told_apart_stay_apart() {
        let h1 = vec![
            ObservedPeak::multiplet(4.11, Some(2.0)),
            ObservedPeak::multiplet(4.12, None),
            ObservedPeak::proton_line(4.125),
            ObservedPeak::proton_line(4.135),
            ObservedPeak::multiplet(7.3, None),
            ObservedPeak::multiplet(7.3, None),
        ];
        let lines = Lines::of(&Query { h1, ..Query::default() }).unwrap().proton;
        let found: Vec<_> =
            lines.iter().map(|line| (line.ppm, line.hydrogens, line.count)).collect();
        assert_eq!(found, [(4.11, Some(2.0), 1), (4.12, None, 1), (4.13, None, 2), (7.3, None, 2)]);
    }

    #[test]
    fn absurd_lists_are_refused() {
        let query = |c13| Query { c13, ..Query::default() };
        for ppm in [f64::NAN, f64::INFINITY, 1e9] {
            let refused = Lines::of(&query(vec![peak(ppm, None)]));
            assert!(matches!(refused, Err(ElucidationError::AbsurdPeak { .. })), "{ppm}");
        }
        assert!(matches!(Lines::of(&query(vec![])), Err(ElucidationError::NoPeaks)));
        let many = query(vec![peak(1.0, None); MOST_PEAKS + 1]);
        assert!(matches!(Lines::of(&many), Err(ElucidationError::TooManyPeaks { .. })));
    }
}
