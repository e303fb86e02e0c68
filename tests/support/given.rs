//! What the rooms before the store would hand it.

use std::time::Duration;

use larmor::elucidation::{Candidate, Elucidation, PeakAssignment, Verdict};
use larmor::fid::Origin;
use larmor::spectrum::{LineErrors, Multiplet, Multiplicity, Peak, PeakClass, Quality, Splitting};
use larmor::store::{
    Finished, Lease, NewElucidation, NewSpectrum, SightedState, Sighting, StageTimings, Store,
};
use serde_json::json;
use uuid::Uuid;

pub const MINUTE: Duration = Duration::from_secs(60);

/// A complete 13C acquisition `GROUP/SAMPLE/EXPNO` whose content is its path.
pub fn sighting(path: &str) -> Sighting {
    let words: Vec<&str> = path.split('/').collect();
    Sighting {
        instrument: "av500".to_owned(),
        group: words[0].to_owned(),
        sample: words[1].to_owned(),
        experiment_number: Some(words[2].to_owned()),
        path: format!("/data/{path}"),
        vendor: "bruker".to_owned(),
        state: SightedState::Ready,
        reason: None,
        digest: Some(format!("digest of {path}")),
        nucleus: Some("13C".to_owned()),
        experiment: Some("1D".to_owned()),
        title: "a title".to_owned(),
        pulse_program: "zgpg30".to_owned(),
        last_written: None,
    }
}

/// The same while the spectrometer still writes.
pub fn incomplete(path: &str) -> Sighting {
    Sighting {
        state: SightedState::Incomplete,
        reason: Some("fid shorter than TD".to_owned()),
        digest: None,
        ..sighting(path)
    }
}

/// Sights a complete acquisition and leases it.
pub async fn leased(store: &Store, path: &str) -> Lease {
    store.sight(&sighting(path)).await.unwrap();
    store.lease("worker", MINUTE).await.unwrap().unwrap()
}

fn peak(ppm: f64, class: PeakClass, multiplicity: Option<Multiplicity>) -> Peak {
    Peak {
        ppm,
        intensity: 0.8,
        width_hz: 1.2,
        area: 0.5,
        signal_to_noise: 120.0,
        class,
        multiplicity,
        errors: None,
        splitting: None,
    }
}

pub fn spectrum() -> NewSpectrum {
    NewSpectrum {
        nucleus: "13C".to_owned(),
        experiment: "1D".to_owned(),
        frequency_mhz: 125.76,
        solvent: Some("CDCl3".to_owned()),
        referencing: json!({"method": "solvent", "shift_ppm": 0.12, "confidence": 0.98}),
        processing: json!({"version": 1, "steps": [{"step": "apodize", "lb_hz": 1.0}]}),
        noise: 0.002,
        origin: Origin::Acquired,
        quality: Quality { score: 0.9, reasons: vec!["few scans".to_owned()] },
        multiplets: Vec::new(),
        peaks: vec![
            Peak {
                errors: Some(LineErrors { ppm: 0.001, width_hz: 0.02, area: 0.003 }),
                splitting: Some(Splitting { by: "19F".to_owned(), lines: 2, coupling_hz: 245.5 }),
                ..peak(58.3, PeakClass::Compound, Some(Multiplicity::T))
            },
            peak(18.2, PeakClass::Compound, Some(Multiplicity::Q)),
            peak(77.16, PeakClass::Solvent, None),
        ],
    }
}

/// Ethanol's methyl triplet and methylene quartet, and the solvent.
pub fn proton_spectrum() -> NewSpectrum {
    let lines = |centre: f64, count: u8| {
        let middle = f64::from(count - 1) / 2.0;
        (0..count).map(move |line| centre + (f64::from(line) - middle) * 0.0142)
    };
    let compound = lines(1.24, 3).chain(lines(3.71, 4));
    let mut peaks: Vec<Peak> = compound.map(|ppm| peak(ppm, PeakClass::Compound, None)).collect();
    peaks.push(peak(7.26, PeakClass::Solvent, None));
    peaks.push(peak(7.40, PeakClass::Sideband, None));
    let multiplet =
        |ppm: f64, pattern: &str, couplings: &[f64], class, peaks: Vec<usize>| Multiplet {
            ppm,
            from_ppm: ppm - 0.04,
            to_ppm: ppm + 0.04,
            area: 0.5,
            pattern: pattern.to_owned(),
            hydrogens: Some(1.98),
            couplings_hz: couplings.to_vec(),
            class,
            peaks,
        };
    NewSpectrum {
        nucleus: "1H".to_owned(),
        frequency_mhz: 500.13,
        peaks,
        multiplets: vec![
            multiplet(1.24, "t", &[7.1], PeakClass::Compound, vec![0, 1, 2]),
            multiplet(3.71, "q", &[7.1], PeakClass::Compound, vec![3, 4, 5, 6]),
            multiplet(7.26, "s", &[], PeakClass::Solvent, vec![7]),
        ],
        ..spectrum()
    }
}

pub fn candidate(rank: u32, smiles: &str, source: &str) -> Candidate {
    Candidate {
        rank,
        smiles: smiles.to_owned(),
        smiles_places: None,
        inchikey: format!("LFQSCWFLJHTTHZ-UHFFFAOYSA-{rank}"),
        formula: "C2H6O".to_owned(),
        name: Some(format!("candidate {rank}")),
        source: source.to_owned(),
        parts: std::collections::BTreeMap::from([("13C shifts".to_owned(), -12.5)]),
        score: -f64::from(rank),
        probability: 0.5 / f64::from(rank),
        assignments: vec![assignment(1, 58.3, 57.9), assignment(0, 18.2, 17.6)],
    }
}

fn assignment(atom: u32, ppm: f64, predicted_ppm: f64) -> PeakAssignment {
    PeakAssignment { atom, nucleus: "13C".to_owned(), ppm, predicted_ppm, probability: 0.97 }
}

pub fn elucidation(candidates: Vec<Candidate>) -> NewElucidation {
    NewElucidation {
        elucidation: Elucidation {
            none_of_these: None,
            considered: candidates.len() as u64,
            candidates,
            verdict: Verdict::Consistent,
            reasons: vec!["all lines within 1 ppm".to_owned()],
        },
        model_digest: "ab".repeat(32),
        models: [("shift", "ab"), ("specmol", "cd")]
            .map(|(name, digest)| (name.to_owned(), digest.repeat(32)))
            .into(),
        library_versions: json!({"moses": "v1"}),
        parameters: json!({"top": 10}),
        spectra_used: Vec::<Uuid>::new(),
        uses_new_spectrum: true,
    }
}

/// Ethanol, found.
pub fn finished() -> Finished {
    Finished {
        spectrum: spectrum(),
        elucidation: Some(elucidation(vec![
            candidate(1, "CCO", "library:moses"),
            candidate(2, "COC", "library:moses"),
        ])),
        unjudged: None,
        timings: StageTimings { read_ms: 1.0, process_ms: 8.0, elucidate_ms: 40.0 },
    }
}
