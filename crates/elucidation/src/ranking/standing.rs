//! How a candidate stands among those of other constitution.

use super::elucidator::Elucidator;
use super::scored_candidate::{Origin, ScoredCandidate};
use super::verdict::Standing;

/// Probability below which a candidate adds nothing to that of its constitution.
const NEGLIGIBLE: f64 = 0.005;

impl Elucidator {
    /// How a candidate stands among those of other constitution.
    pub(super) fn standing(&self, scored: &[ScoredCandidate], at: usize, none: f64) -> Standing {
        let own = &scored[at];
        let constitution = self.constitution(&own.origin);
        let akin = |other: &ScoredCandidate| {
            constitution.is_some() && self.constitution(&other.origin) == constitution
        };
        let others = || scored.iter().enumerate().filter(|(other, _)| *other != at);
        let rival = others().find(|(_, other)| !akin(other));
        // Keys are costly, and the improbable add nothing.
        let among = 1.0 - none.min(1.0 - f64::EPSILON);
        let shared: Vec<f64> = others()
            .take_while(|(_, other)| other.probability >= NEGLIGIBLE * among)
            .filter(|(_, other)| akin(other))
            .map(|(_, other)| other.probability)
            .collect();
        Standing {
            proposed: own.proposed,
            rank: u32::try_from(at + 1).unwrap_or(u32::MAX),
            probability: ((own.probability + shared.iter().sum::<f64>()) / among).min(1.0),
            pooled: !shared.is_empty(),
            behind: rival.map(|(_, other)| other.score - own.score),
            formula_differs: own.formula_differs,
            none,
            beside: false,
        }
    }

    /// First block of the InChIKey: the same for stereoisomers and isotopologues.
    pub(super) fn constitution(&self, origin: &Origin) -> Option<String> {
        self.key(origin).split('-').next().filter(|block| !block.is_empty()).map(str::to_owned)
    }
}
