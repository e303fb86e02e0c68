//! Networks that hold whole spectra against candidates.

use super::*;

/// Holds molecules with many atoms, or few, to be the likelier ones.
struct BySize(f64);

impl CompareSpectra for BySize {
    fn part(&self) -> ScorePart {
        ScorePart::AcmlProton
    }

    fn model_digest(&self) -> &'static str {
        "of sizes"
    }

    fn compare(
        &self,
        query: &Query,
        molecules: &[MolecularGraph],
    ) -> Result<Option<Vec<f64>>, InferenceError> {
        let said = molecules.iter().map(|molecule| self.0 * molecule.len() as f64);
        Ok(query.h1_drawn.is_some().then(|| said.collect()))
    }
}

fn drawn() -> Option<DrawnSpectrum> {
    let peak = Peak {
        ppm: 7.1,
        intensity: 1.0,
        width_hz: 1.0,
        area: 1.0,
        signal_to_noise: 50.0,
        class: PeakClass::Compound,
        multiplicity: None,
        errors: None,
        splitting: None,
        substance: None,
    };
    DrawnSpectrum::of(&[peak], 400.0)
}

#[test]
fn networks_that_read_whole_spectra_weigh_in_where_there_are_spectra_to_read() {
    let plain = observed(ASPIRIN, 0.4, true);
    let seen = Query { h1_drawn: drawn(), ..plain.clone() };
    let candidates = proposals(&POOL);
    let pool = CandidatePool { candidates: &candidates, ..CandidatePool::default() };
    let told = |query: &Query, says: f64, weight: f64| {
        let similarity = SimilarityWeights { acml_proton: weight, ..SimilarityWeights::default() };
        let elucidator = Elucidator::new(rules(0.0), Vec::new())
            .with_parameters(Parameters { similarity, ..Parameters::default() })
            .comparing(vec![Arc::new(BySize(says))]);
        let judged =
            elucidator.elucidate_among(query, &pool, &ElucidationOptions::default()).unwrap();
        let models = elucidator.models_of(&judged);
        (judged, models.into_iter().collect::<Vec<_>>())
    };
    let judged = |query: &Query, says: f64, weight: f64| told(query, says, weight).0;
    let shifts = judged(&plain, 1.0, 100.0);
    let mut asked = judged(&seen, 1.0, 0.0);
    assert!(asked.candidates.iter().all(|c| c.parts.contains_key("1H similarity")), "what it says");
    for candidate in &mut asked.candidates {
        candidate.parts.remove("1H similarity");
    }
    assert_eq!(shifts, asked, "without a weight it changes nothing");
    let parts: Vec<&str> = shifts.candidates[0].parts.keys().map(String::as_str).collect();
    assert_eq!(parts, ["13C shifts", "discrepancies"]);
    assert!(shifts.verdict_probability.is_some());

    // Only networks that took part are named.
    let shift = ("shift".to_owned(), rules(0.0).model_digest().to_owned());
    let size = ("acml-1h".to_owned(), "of sizes".to_owned());
    assert_eq!(told(&plain, 1.0, 100.0).1.as_slice(), std::slice::from_ref(&shift));
    assert_eq!(told(&seen, 1.0, 0.0).1, [size.clone(), shift.clone()]);
    assert_eq!(told(&seen, 1.0, 100.0).1, [size, shift]);

    let sizes = |elucidation: &Elucidation| -> Vec<f64> {
        elucidation.candidates.iter().map(|c| c.parts["1H similarity"]).collect()
    };
    let (large, small) = (judged(&seen, 1.0, 100.0), judged(&seen, -1.0, 100.0));
    assert!(sizes(&large).is_sorted_by(|a, b| a >= b), "{:?}", sizes(&large));
    assert!(sizes(&small).is_sorted_by(|a, b| a >= b), "{:?}", sizes(&small));
    assert_ne!(large.candidates[0].smiles, small.candidates[0].smiles);
    // The one a network likes best keeps its score.
    let before = |smiles: &str| shifts.candidates.iter().find(|c| c.smiles == smiles).unwrap();
    let best = &large.candidates[0];
    assert!((best.score - before(&best.smiles).score).abs() < 1e-9);
    // What a network says senselessly counts for nothing.
    let senseless = judged(&seen, f64::NAN, 100.0);
    assert_eq!(senseless.candidates[0].smiles, ASPIRIN);
}

/// SpecMol that holds every molecule to match with the same odds.
struct Sure(f64);

impl CompareSpectra for Sure {
    fn part(&self) -> ScorePart {
        ScorePart::SpecMol
    }

    fn model_digest(&self) -> &'static str {
        "of one mind"
    }

    fn compare(
        &self,
        _: &Query,
        molecules: &[MolecularGraph],
    ) -> Result<Option<Vec<f64>>, InferenceError> {
        Ok(Some(vec![self.0; molecules.len()]))
    }
}

#[test]
fn a_second_opinion_is_told_where_it_disagrees_and_changes_nothing() {
    let told = |odds: f64| {
        let elucidator =
            Elucidator::new(rules(0.0), Vec::new()).comparing(vec![Arc::new(Sure(odds))]);
        let query = observed(ASPIRIN, 0.4, true);
        elucidator
            .elucidate(&query, &proposals(&[ASPIRIN]), &ElucidationOptions::default())
            .unwrap()
    };
    let (agrees, disagrees) = (told(4.0), told(-4.0));
    assert_eq!(agrees.verdict, Verdict::Consistent, "{:?}", agrees.reasons);
    assert_eq!(
        (disagrees.verdict, disagrees.verdict_probability),
        (agrees.verdict, agrees.verdict_probability)
    );
    let last = disagrees.reasons.last().unwrap();
    assert!(last.starts_with("second opinion: SpecMol"), "{last}");
    assert_eq!(disagrees.reasons[..disagrees.reasons.len() - 1], agrees.reasons);
}
