//! What the table knows, for those that look at lists of peaks.

use super::known;
use super::table::KNOWN;
use crate::fid::Solvent;

/// Hydrogens of one kind of an impurity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ImpuritySignal {
    /// Chemical shift, ppm.
    pub ppm: f64,
    /// How many.
    pub hydrogens: u8,
    /// Lines of its first-order multiplet: 1, 2, 3, 4 or 7; `None` of what is none.
    pub lines: Option<u8>,
}

/// A compound that is often left in a tube, as one solvent shows it. Hydrogens that exchange are
/// left out.
#[derive(Debug, Clone, PartialEq)]
pub struct CommonImpurity {
    /// Its name.
    pub name: &'static str,
    /// Its 1H signals; none where the literature does not tell.
    pub protons: Vec<ImpuritySignal>,
    /// Its 13C lines, ppm; none where the literature does not tell.
    pub carbons: Vec<f64>,
}

/// Common impurities in a solvent; none in one that the literature's tables lack.
///
/// ```
/// use larmor_nmr::fid::Solvent;
/// use larmor_nmr::spectrum::classification::common_impurities;
///
/// let known = common_impurities(Solvent::Chloroform);
/// let ester = known.iter().find(|one| one.name == "ethyl acetate").ok_or("not known")?;
/// assert_eq!((ester.protons.len(), ester.carbons.len()), (3, 4));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn common_impurities(solvent: Solvent) -> Vec<CommonImpurity> {
    let Some(column) = known::column(solvent) else { return Vec::new() };
    let of = |known: &known::Known| {
        let signals = known.protons(column).unwrap_or_default();
        let protons = signals.into_iter().map(|(signal, ppm)| ImpuritySignal {
            ppm,
            hydrogens: signal.hydrogens,
            lines: Some(signal.lines).filter(|&lines| lines > 0),
        });
        CommonImpurity {
            name: known.name,
            protons: protons.collect(),
            carbons: known.carbons(column).unwrap_or_default(),
        }
    };
    let all = KNOWN.iter().map(of);
    all.filter(|one| !(one.protons.is_empty() && one.carbons.is_empty())).collect()
}
