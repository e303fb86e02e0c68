//! What is in the tube beside the judged structure, and how much of each.

use super::examination::Examination;
use super::observed::Observed;
use crate::components::{Costs, FoundSubstance, impurities_in};
use larmor_nmr::elucidation::{Component, UnexplainedSignal};
use larmor_nmr::fid::Nucleus;

/// Substances that are looked for one after the other, at most.
const MOST: usize = 4;
/// In longer lists nothing is looked for.
const MOST_LINES: usize = 400;
/// Nats by which the structure must be likelier without a substance's lines, beyond its cost, for
/// the substance to be told from chance.
const LEAST_GAIN: f64 = 0.3;
/// A substance of several lines, or of lines that are not the structure's, is named also where it
/// changes next to nothing.
const NO_LOSS: f64 = -0.05;
/// With less of it for each of the structure it is not named by what nothing else explains.
const LEAST_TOLD: f64 = 0.01;
/// Lines within this are the same one, ppm; a signal of which so much is left is not the structure's.
const SAME_PPM: f64 = 0.01;
const MOSTLY: f64 = 0.6;
/// Relative errors of the integral of one hydrogen of a component.
const INTEGRAL_ERROR: f64 = 0.07;
/// Hydrogens that no component explains, from which on they are told.
const TOLD_HYDROGENS: f64 = 0.7;

/// The judged structure held against what is left for it.
#[derive(Debug, Clone)]
pub(super) struct Contents {
    pub observed: Observed,
    pub examination: Examination,
    /// Log-odds of the structure by what is left.
    pub odds: f64,
    /// What the substances that were taken out have to make up for, nats.
    pub cost: f64,
    /// Log-odds that were gained by naming a substance that is not likely enough to earn them.
    pub surplus: f64,
    pub found: Vec<FoundWithLines>,
}

/// A substance with the shifts of its lines.
#[derive(Debug, Clone)]
pub(super) struct FoundWithLines {
    substance: FoundSubstance,
    carbon_ppm: Vec<f64>,
    proton_ppm: Vec<f64>,
}

impl Contents {
    /// Log-odds of the structure, the cost of what stands beside it taken off.
    pub fn net_odds(&self) -> f64 {
        self.odds - self.cost - self.surplus
    }

    /// Whether nothing in the structure explains the lines of a substance.
    fn is_foreign(&self, substance: &FoundSubstance) -> bool {
        let explained = |ppm: f64| {
            self.examination.carbon.as_ref().is_some_and(|fit| {
                let lines = self.observed.lines.carbon.iter().zip(&fit.explained);
                lines.filter(|(line, _)| (line.ppm - ppm).abs() < SAME_PPM).any(|(_, own)| *own)
            })
        };
        let held = |place: usize| {
            self.examination.proton.as_ref().is_some_and(|fit| {
                let signals = fit.signals.iter().zip(&fit.transport.left);
                let together = self.observed.signals.as_ref();
                let together = together.map_or_else(Vec::new, |all| all.together_with(place));
                let mut of_place = signals.filter(|(signal, _)| together.contains(&signal.place));
                of_place.any(|(signal, left)| *left < MOSTLY * signal.hydrogens)
            })
        };
        let query = &self.observed.query;
        !substance.carbons.iter().any(|&place| explained(query.c13[place].ppm))
            && !substance.protons.iter().any(|(place, _)| held(*place))
    }

    /// Whether there is so little of it that any signal might be taken for it.
    fn is_trace(&self, substance: &FoundSubstance) -> bool {
        let scale = self.examination.proton.as_ref().map(|fit| fit.scale);
        let area = substance.area_of_hydrogen;
        area.zip(scale).is_some_and(|(area, scale)| area * scale < LEAST_TOLD)
    }

    /// Takes out the impurities that the structure is likelier without.
    pub fn without_impurities(
        mut self,
        judge: impl Fn(&Observed) -> Option<(Examination, f64)>,
    ) -> Self {
        let query = &self.observed.query;
        if query.c13.len() + query.h1.len() > MOST_LINES {
            return self;
        }
        for _ in 0..MOST {
            let tried = impurities_in(&self.observed.query).into_iter().filter_map(|substance| {
                let next = self.without(substance, &judge)?;
                let gain = next.net_odds() - self.net_odds();
                Some((gain, next))
            });
            match tried.max_by(|a, b| a.0.total_cmp(&b.0)) {
                Some((gain, next)) if gain > LEAST_GAIN => self = next,
                _ => break,
            }
        }
        self.naming_the_rest(judge)
    }

    /// Names what is there by all its lines and changes nothing.
    fn naming_the_rest(mut self, judge: impl Fn(&Observed) -> Option<(Examination, f64)>) -> Self {
        for _ in 0..MOST {
            let named = impurities_in(&self.observed.query).into_iter().find_map(|substance| {
                let lines = substance.carbons.len() + substance.protons.len();
                let few = lines <= 2;
                let told = !few || (!substance.rare && self.is_foreign(&substance));
                if !told || self.is_trace(&substance) {
                    return None;
                }
                let next = self.without(substance, &judge)?;
                (next.odds - self.odds > NO_LOSS).then_some(next)
            });
            match named {
                Some(next) => {
                    let net = self.net_odds();
                    let named = Self { cost: self.cost, ..next };
                    let surplus = named.surplus + (named.net_odds() - net).max(0.0);
                    self = Self { surplus, ..named };
                }
                None => break,
            }
        }
        self
    }

    /// The same with a substance taken out of the query.
    pub fn without(
        &self,
        substance: FoundSubstance,
        judge: impl Fn(&Observed) -> Option<(Examination, f64)>,
    ) -> Option<Self> {
        let query = &self.observed.query;
        let observed = Observed::of(&substance.taken_from(query)).ok()?;
        let (examination, odds) = judge(&observed)?;
        // All that is left of a nucleus cannot be a stranger's.
        let whole = &self.examination;
        let same = examination.carbon.is_some() == whole.carbon.is_some()
            && examination.proton.is_some() == whole.proton.is_some();
        if !same {
            return None;
        }
        let mut found = self.found.clone();
        let Costs { foreign, shared } = substance.costs;
        let cost = self.cost + if self.is_foreign(&substance) { foreign } else { shared };
        found.push(FoundWithLines {
            carbon_ppm: substance.carbons.iter().map(|&at| query.c13[at].ppm).collect(),
            proton_ppm: substance.protons.iter().map(|(at, _)| query.h1[*at].ppm).collect(),
            substance,
        });
        Some(Self { observed, examination, odds, cost, surplus: self.surplus, found })
    }

    /// All components with their shares, the judged structure first; none where it is alone.
    pub fn components(&self, smiles: &str) -> Vec<Component> {
        let separate = &self.observed.query.substances;
        if self.found.is_empty() && separate.is_empty() {
            return Vec::new();
        }
        let own = self.examination.proton.as_ref().map(|fit| 1.0 / fit.scale);
        let scale = self.hydrogens_of_area();
        let component = |name: &str, judged: bool| Component {
            name: name.to_owned(),
            judged,
            mol_percent: None,
            mol_percent_error: None,
            carbon_ppm: Vec::new(),
            proton_ppm: Vec::new(),
        };
        let mut all = vec![(component(smiles, true), own)];
        for one in &self.found {
            let (carbon_ppm, proton_ppm) = (one.carbon_ppm.clone(), one.proton_ppm.clone());
            let named = component(&one.substance.name, false);
            let named = Component { carbon_ppm, proton_ppm, ..named };
            all.push((named, one.substance.area_of_hydrogen));
        }
        for one in separate {
            let place = all.iter().position(|(known, _)| known.name == one.name && !known.judged);
            let place = place.unwrap_or_else(|| {
                all.push((component(&one.name, false), None));
                all.len() - 1
            });
            let (known, area) = &mut all[place];
            let lines = match one.nucleus {
                Nucleus::Carbon => &mut known.carbon_ppm,
                _ => &mut known.proton_ppm,
            };
            lines.extend(&one.ppm);
            *area = area.or(one.area_of_hydrogen.map(|area| area * scale));
        }
        shares(&mut all, own.is_some());
        all.into_iter().map(|(component, _)| component).collect()
    }

    /// Hydrogens, as the signals are measured in, for a unit of area.
    fn hydrogens_of_area(&self) -> f64 {
        let of_hydrogens = self.observed.signals.as_ref().is_some_and(|all| all.of_hydrogens);
        let both = self.observed.query.h1.iter().filter_map(|peak| {
            let multiplet = peak.as_multiplet()?;
            Some((multiplet.hydrogens?, multiplet.area?))
        });
        let (hydrogens, area) = both.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        if of_hydrogens && area > 0.0 { hydrogens / area } else { 1.0 }
    }

    /// What nothing explains.
    pub fn unexplained(&self) -> Vec<UnexplainedSignal> {
        let mut found = Vec::new();
        if let Some(fit) = &self.examination.carbon {
            found.extend(fit.left().map(|line| UnexplainedSignal {
                nucleus: Nucleus::Carbon,
                ppm: line.ppm - fit.moved_ppm,
                hydrogens: None,
            }));
        }
        if let Some(fit) = &self.examination.proton {
            let left = fit.signals.iter().zip(&fit.transport.left);
            let left = left.filter(|(_, left)| **left >= TOLD_HYDROGENS);
            found.extend(left.map(|(signal, left)| UnexplainedSignal {
                nucleus: Nucleus::Proton,
                ppm: signal.ppm - fit.moved_ppm,
                hydrogens: Some(*left),
            }));
        }
        found
    }
}

/// Shares in mol-%, with errors, of what has an integral.
fn shares(all: &mut [(Component, Option<f64>)], by_integrals: bool) {
    let total: f64 = all.iter().filter_map(|(_, area)| *area).sum();
    let known = all.iter().filter(|(_, area)| area.is_some()).count();
    if !by_integrals || known < 2 || total <= 0.0 {
        return;
    }
    for (component, area) in all {
        let share = area.map(|area| area / total);
        component.mol_percent = share.map(|share| 100.0 * share);
        // Of a share f of two integrals with relative errors e each: f (1 - f) e sqrt 2.
        let error = |share: f64| 100.0 * share * (1.0 - share) * INTEGRAL_ERROR * 2.0_f64.sqrt();
        component.mol_percent_error = share.map(error);
    }
}
