//! More than one compound in the tube: does the right structure stay consistent beside a common
//! impurity, is the impurity named, and are both compounds of a mixture found?

use rand::RngExt;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::error::EvaluationError;
use crate::evaluation::{Nuclei, Report, Table};
use crate::shift::ShiftSystem;
use crate::statistics::{Estimate, share_of};
use crate::verification::contamination::{ADDED, impurity, together, with_impurity};
use crate::verification::{CaseSet, VerificationCase};
use larmor_elucidation::{
    CandidatePool, Elucidation, ElucidationOptions, Elucidator, Query, Verdict,
};
use larmor_nmr::structure::ProposedStructure;

/// Shares of an impurity, mol of it for each mol of the compound: 5 to 50 mol-%.
const SHARES: std::ops::Range<f64> = 0.053..1.0;
/// Mol of the second compound for each of the first.
const RATIOS: [(&str, f64); 2] = [("1:1", 1.0), ("3:1", 1.0 / 3.0)];
/// Other molecules among which the two of a mixture stand.
const OTHERS: usize = 98;

/// Adds each of twelve impurities to each case, and pairs of cases to mixtures.
///
/// # Errors
/// [`EvaluationError`] when the network fails.
pub fn mixtures(
    system: &ShiftSystem,
    cases: &CaseSet,
    seed: u64,
) -> Result<Report, EvaluationError> {
    let elucidator = Elucidator::new(system.predictor().clone(), Vec::new())
        .with_parameters(*system.parameters());
    let notes = vec![
        cases.described(),
        "impurities: the right structure proposed alone, first without, then with 5 to 50 mol-% of \
         one (uniform in the logarithm), its lines off by up to 0.08 and 0.012 ppm"
            .to_owned(),
        format!(
            "mixtures: each case with the next one, both among {OTHERS} other molecules of the \
             set, none proposed"
        ),
    ];
    let tables = vec![impurities(&elucidator, cases, seed)?, pairs(&elucidator, cases, seed)?];
    Ok(Report { protocol: "mixtures, shift network".to_owned(), notes, tables })
}

fn proposed_alone(
    elucidator: &Elucidator,
    query: &Query,
    smiles: &str,
) -> Result<Elucidation, EvaluationError> {
    let proposed = [ProposedStructure::smiles(smiles)];
    let options = ElucidationOptions { top: 1, threads: 1, ..ElucidationOptions::default() };
    Ok(elucidator.elucidate(query, &proposed, &options)?)
}

/// What became of one case with one impurity.
struct Contaminated {
    before: Verdict,
    /// Something was named where nothing had been added.
    invented: bool,
    after: Verdict,
    named: bool,
    /// Errors of the stated mol-%.
    off: Option<f64>,
}

fn impurities(
    elucidator: &Elucidator,
    cases: &CaseSet,
    seed: u64,
) -> Result<Table, EvaluationError> {
    let mut table = Table::new(&[
        "spectra",
        "impurity",
        "n",
        "right consistent without, %",
        "of these still consistent, %",
        "right inconsistent, %",
        "impurity named, %",
        "mean error of its mol-%",
        "one named where none is, %",
    ]);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for nuclei in [Nuclei::Both, Nuclei::Proton] {
        let mut all: Vec<Contaminated> = Vec::new();
        for name in ADDED {
            let Some(added) = impurity(name) else { continue };
            let mut found = Vec::new();
            for case in &cases.list {
                let Some(query) = case.shown(nuclei) else { continue };
                let log = random.random_range(SHARES.start.ln()..SHARES.end.ln());
                let mol = log.exp();
                let smiles = &case.right.smiles;
                let before = proposed_alone(elucidator, &query, smiles)?;
                let query = with_impurity(&query, &added, mol, &mut random);
                let after = proposed_alone(elucidator, &query, smiles)?;
                let component = after.components.iter().find(|one| one.name == name);
                let percent = component.and_then(|component| component.mol_percent);
                found.push(Contaminated {
                    before: before.verdict,
                    invented: before.components.iter().any(|component| !component.judged),
                    after: after.verdict,
                    named: component.is_some(),
                    off: percent.map(|percent| (percent - 100.0 * mol / (1.0 + mol)).abs()),
                });
            }
            table.push(impurity_row(nuclei, name, &found));
            all.append(&mut found);
        }
        table.push(impurity_row(nuclei, "all", &all));
    }
    Ok(table)
}

fn impurity_row(nuclei: Nuclei, name: &str, found: &[Contaminated]) -> Vec<String> {
    let consistent = |verdict: Verdict| verdict == Verdict::Consistent;
    let before = || found.iter().filter(|one| consistent(one.before));
    let off: Vec<f64> = found.iter().filter_map(|one| one.off).collect();
    let mean = Estimate::of(&off).map_or_else(|| "-".to_owned(), |e| format!("{:.1}", e.mean));
    vec![
        nuclei.name().to_owned(),
        name.to_owned(),
        found.len().to_string(),
        share_of(found.iter().map(|one| consistent(one.before))),
        share_of(before().map(|one| consistent(one.after))),
        share_of(found.iter().map(|one| one.after == Verdict::Inconsistent)),
        share_of(found.iter().map(|one| one.named)),
        mean,
        share_of(found.iter().map(|one| one.invented)),
    ]
}

fn pairs(elucidator: &Elucidator, cases: &CaseSet, seed: u64) -> Result<Table, EvaluationError> {
    let mut table = Table::new(&[
        "spectra",
        "mixture",
        "n",
        "judged one of both, %",
        "both named, %",
        "mean error of mol-%",
    ]);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let smiles: Vec<&str> = cases.list.iter().map(|case| case.right.smiles.as_str()).collect();
    let options = ElucidationOptions { threads: 1, ..ElucidationOptions::default() };
    for nuclei in [Nuclei::Both, Nuclei::Carbon] {
        for (name, mol) in RATIOS {
            let (mut first, mut both, mut off) = (Vec::new(), Vec::new(), Vec::new());
            let next = cases.list.iter().cycle().skip(1);
            for (one, other) in cases.list.iter().zip(next) {
                let Some(query) = mixed(one, other, nuclei, mol) else { continue };
                let pair = [&one.right.smiles, &other.right.smiles].map(String::as_str);
                let mut others: Vec<&str> =
                    smiles.iter().copied().filter(|smiles| !pair.contains(smiles)).collect();
                others.shuffle(&mut random);
                others.truncate(OTHERS);
                let candidates: Vec<ProposedStructure> =
                    pair.iter().chain(&others).map(|s| ProposedStructure::smiles(s)).collect();
                let pool = CandidatePool { candidates: &candidates, ..CandidatePool::default() };
                let found = elucidator.elucidate_among(&query, &pool, &options)?;
                let judged = found.components.iter().find(|component| component.judged);
                let best = found.candidates.first().map(|best| best.smiles.as_str());
                let judged = judged.map(|component| component.name.as_str()).or(best);
                first.push(judged.is_some_and(|judged| pair.contains(&judged)));
                let named = |smiles: &&str| found.components.iter().find(|c| c.name == *smiles);
                let components: Vec<_> = pair.iter().filter_map(named).collect();
                both.push(components.len() == 2);
                let share = 100.0 / (1.0 + mol);
                let own = named(&pair[0]).and_then(|component| component.mol_percent);
                off.extend(own.map(|percent| (percent - share).abs()));
            }
            let mean =
                Estimate::of(&off).map_or_else(|| "-".to_owned(), |e| format!("{:.1}", e.mean));
            table.push(vec![
                nuclei.name().to_owned(),
                name.to_owned(),
                both.len().to_string(),
                share_of(first.into_iter()),
                share_of(both.into_iter()),
                mean,
            ]);
        }
    }
    Ok(table)
}

/// Both cases in one tube, as these nuclei show them.
fn mixed(
    one: &VerificationCase,
    other: &VerificationCase,
    nuclei: Nuclei,
    mol: f64,
) -> Option<Query> {
    Some(together(&one.shown(nuclei)?, &other.shown(nuclei)?, mol))
}
