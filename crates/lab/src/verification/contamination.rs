//! Spectra of one compound with those of another added, as both in one tube would show.

use rand::RngExt;

use larmor_elucidation::{Extent, ObservedMultiplet, ObservedPeak, Query};
use larmor_nmr::fid::Solvent;
use larmor_nmr::spectrum::classification::{CommonImpurity, common_impurities};

/// 13C lines closer than this fall together, 1H signals run into one another, ppm.
const CARBON_PPM: f64 = 0.05;
const PROTON_PPM: f64 = 0.02;
/// How far an impurity's lines are from those of the table, at most, ppm.
const CARBON_JITTER: f64 = 0.08;
const PROTON_JITTER: f64 = 0.012;
/// Relative error of an integral, at most.
const INTEGRAL: f64 = 0.06;
/// With less of it, of one mol of the compound, 13C does not show it.
const LEAST_SEEN: f64 = 0.06;

/// The impurities that are added: what most often is left.
pub(crate) const ADDED: [&str; 12] = [
    "acetone",
    "dichloromethane",
    "diethyl ether",
    "DMF",
    "DMSO",
    "ethanol",
    "ethyl acetate",
    "methanol",
    "n-hexane",
    "THF",
    "toluene",
    "triethylamine",
];

/// The table's entry of an impurity in chloroform.
pub(crate) fn impurity(name: &str) -> Option<CommonImpurity> {
    common_impurities(Solvent::Chloroform).into_iter().find(|known| known.name == name)
}

/// A query with an impurity, so many mol of it for each of the compound.
pub(crate) fn with_impurity(
    query: &Query,
    added: &CommonImpurity,
    mol: f64,
    random: &mut impl RngExt,
) -> Query {
    let mut of_impurity = Query::default();
    let mut off = |most: f64| random.random_range(-most..most);
    if mol >= LEAST_SEEN {
        let lines = added.carbons.iter().map(|ppm| ppm + off(CARBON_JITTER));
        of_impurity.c13 = lines.map(|ppm| ObservedPeak::carbon(ppm, None)).collect();
    }
    for signal in &added.protons {
        let hydrogens = f64::from(signal.hydrogens) * (1.0 + off(INTEGRAL));
        let pattern = match signal.lines {
            Some(1) => "s",
            Some(2) => "d",
            Some(3) => "t",
            Some(4) => "q",
            Some(7) => "sept",
            _ => "m",
        };
        let multiplet = ObservedMultiplet::new(Some(hydrogens)).split(pattern, &[]);
        of_impurity.h1.push(ObservedPeak::of_multiplet(signal.ppm + off(PROTON_JITTER), multiplet));
    }
    together(query, &of_impurity, mol)
}

/// Two compounds in one tube, so many mol of the second for each of the first. A nucleus that the
/// first lacks is not shown.
pub(crate) fn together(first: &Query, second: &Query, mol: f64) -> Query {
    let mut all = first.clone();
    if !first.c13.is_empty() {
        all.c13.extend(&second.c13);
        all.c13.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
        all.c13.dedup_by(|a, b| a.ppm - b.ppm < CARBON_PPM);
    }
    if !first.h1.is_empty() {
        all.h1.extend(second.h1.iter().map(|peak| scaled(peak, mol)));
        all.h1.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
        all.h1.dedup_by(|later, kept| {
            let together = later.ppm - kept.ppm < PROTON_PPM;
            if together && let Some(sum) = sum(kept, later) {
                *kept = sum;
            }
            together
        });
    }
    all
}

fn scaled(peak: &ObservedPeak, factor: f64) -> ObservedPeak {
    let Extent::Multiplet(multiplet) = peak.extent else { return *peak };
    let times = |value: Option<f64>| value.map(|value| value * factor);
    let (hydrogens, area) = (times(multiplet.hydrogens), times(multiplet.area));
    ObservedPeak::of_multiplet(peak.ppm, ObservedMultiplet { hydrogens, area, ..multiplet })
}

/// Two signals that run into one another.
fn sum(one: &ObservedPeak, other: &ObservedPeak) -> Option<ObservedPeak> {
    let [a, b] = [one, other].map(|peak| peak.as_multiplet()?.hydrogens);
    let (a, b) = (a?, b?);
    let ppm = (one.ppm * a + other.ppm * b) / (a + b);
    Some(ObservedPeak::multiplet(ppm, Some(a + b)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn an_impurity_has_its_lines_in_its_share() {
        let query = Query {
            c13: vec![ObservedPeak::carbon(170.0, None)],
            h1: vec![ObservedPeak::multiplet(2.04, Some(3.0))],
            ..Query::default()
        };
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let ester = impurity("ethyl acetate").unwrap();
        let both = with_impurity(&query, &ester, 0.5, &mut random);
        assert_eq!(both.c13.len(), 5);
        let total: f64 = both.h1.iter().filter_map(|peak| peak.as_multiplet()?.hydrogens).sum();
        assert!((total - 7.0).abs() < 0.4 && both.h1.len() <= 4, "{total}");
        let little = with_impurity(&query, &ester, 0.05, &mut random);
        assert_eq!(little.c13.len(), 1, "13C does not show little");
        assert!(ADDED.iter().all(|name| impurity(name).is_some()));
    }
}
