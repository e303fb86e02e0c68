//! Messages with every field set, and the lines they are shown as.

use std::collections::HashMap;

use larmor_client::proto::{
    Candidate, Component, LineErrors, Multiplet, Peak, PeakAssignment, PeakClass, Quality,
    Spectrum, SpectrumOrigin, SpectrumUsed, Splitting, StageTimings, Substance,
};
use serde_json::{Value, json};

use crate::{text, time};

pub(crate) fn timings() -> StageTimings {
    StageTimings { read_ms: 1.5, process_ms: 2.25, elucidate_ms: 1e-3 }
}

pub(crate) fn used() -> SpectrumUsed {
    SpectrumUsed {
        spectrum_id: text("spectrum-id"),
        nucleus: text("13C"),
        experiment: text("DEPT135"),
    }
}

pub(crate) fn candidate() -> Candidate {
    Candidate {
        rank: 1,
        smiles: text("CCO"),
        inchikey: text("LFQSCWFLJHTTHZ-UHFFFAOYSA-N"),
        formula: text("C2H6O"),
        name: text("ethanol"),
        source: text("library:moses"),
        score: -26.86,
        probability: 0.9867,
        judged: true,
        assignments: vec![PeakAssignment {
            atom: 1,
            nucleus: text("13C"),
            observed_ppm: 58.3,
            predicted_ppm: 57.9,
            probability: 0.97,
            spectrum_id: text("spectrum-id"),
            peak: Some(3),
            multiplet: None,
        }],
        parts: HashMap::from([(text("13C shifts"), -3.5), (text("match"), 0.1 + 0.2)]),
    }
}

pub(crate) fn candidate_line() -> Value {
    json!({
        "rank": 1,
        "smiles": "CCO",
        "inchikey": "LFQSCWFLJHTTHZ-UHFFFAOYSA-N",
        "formula": "C2H6O",
        "name": "ethanol",
        "source": "library:moses",
        "score": -26.86,
        "probability": 0.9867,
        "judged": true,
        "parts": {"13C shifts": -3.5, "match": 0.1 + 0.2},
        "assignments": [{
            "atom": 1,
            "nucleus": "13C",
            "ppm": 58.3,
            "predicted_ppm": 57.9,
            "probability": 0.97,
            "spectrum_id": "spectrum-id",
            "peak": 3,
            "multiplet": null,
        }],
    })
}

pub(crate) fn bare_candidate_line() -> Value {
    json!({
        "rank": 0,
        "smiles": "",
        "inchikey": "",
        "formula": "",
        "name": "",
        "source": "",
        "score": 0.0,
        "probability": 0.0,
        "judged": false,
        "parts": {},
        "assignments": [],
    })
}

pub(crate) fn components() -> Vec<Component> {
    let acetone = Component {
        name: text("acetone"),
        judged: false,
        mol_percent: Some(3.5),
        mol_percent_error: Some(0.4),
        carbon_ppm: vec![30.9, 207.1],
        proton_ppm: vec![2.17],
    };
    vec![acetone, Component { name: text("CCO"), judged: true, ..Component::default() }]
}

pub(crate) fn component_lines() -> Value {
    json!([
        {
            "name": "acetone",
            "judged": false,
            "mol_percent": 3.5,
            "mol_percent_error": 0.4,
            "carbon_ppm": [30.9, 207.1],
            "proton_ppm": [2.17],
        },
        {
            "name": "CCO",
            "judged": true,
            "mol_percent": null,
            "mol_percent_error": null,
            "carbon_ppm": [],
            "proton_ppm": [],
        },
    ])
}

pub(crate) fn spectrum() -> Spectrum {
    Spectrum {
        id: text("spectrum-id"),
        acquisition_id: text("acquisition-id"),
        nucleus: text("1H"),
        experiment: text("1D"),
        frequency_mhz: 500.13,
        solvent: text("CDCl3"),
        origin: SpectrumOrigin::Acquired.into(),
        quality: Some(Quality { score: 0.9, reasons: vec![text("few scans")] }),
        peaks: vec![Peak {
            ppm: 1.24,
            intensity: 1.0,
            width_hz: 0.8,
            area: 0.5,
            signal_to_noise: 100.0,
            peak_class: PeakClass::Compound.into(),
            multiplicity: text("T"),
            errors: Some(LineErrors { ppm: 0.1, width_hz: 0.2, area: 0.3 }),
            splitting: Some(Splitting { by: text("19F"), lines: 2, coupling_hz: 240.0 }),
            substance: Some(Substance { name: text("water"), confidence: 0.6 }),
        }],
        multiplets: vec![Multiplet {
            ppm: 1.24,
            from_ppm: 1.2,
            to_ppm: 1.28,
            area: 0.5,
            pattern: text("dd"),
            couplings_hz: vec![7.1, 2.5],
            peak_class: PeakClass::Compound.into(),
            peaks: vec![0, 1, 2, 3],
            hydrogens: Some(2.97),
        }],
        create_time: time(),
    }
}

pub(crate) fn spectrum_lines() -> Value {
    json!([
        {
            "spectrum_id": "spectrum-id",
            "acquisition_id": "acquisition-id",
            "nucleus": "1H",
            "experiment": "1D",
            "frequency_mhz": 500.13,
            "solvent": "CDCl3",
            "quality": 0.9,
            "quality_reasons": ["few scans"],
            "multiplets": [{
                "ppm": 1.24,
                "from_ppm": 1.2,
                "to_ppm": 1.28,
                "area": 0.5,
                "pattern": "dd",
                "hydrogens": 2.97,
                "couplings_hz": [7.1, 2.5],
                "class": "compound",
            }],
        },
        {
            "spectrum_id": "",
            "acquisition_id": "",
            "nucleus": "",
            "experiment": "",
            "frequency_mhz": 0.0,
            "solvent": "",
            "quality": null,
            "quality_reasons": null,
            "multiplets": [{
                "ppm": 0.0,
                "from_ppm": 0.0,
                "to_ppm": 0.0,
                "area": 0.0,
                "pattern": "",
                "hydrogens": null,
                "couplings_hz": [],
                "class": "unknown",
            }],
        },
    ])
}
