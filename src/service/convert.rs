//! From what the store keeps to what the protocol carries.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use prost_types::Timestamp;

use crate::conditions::Condition;
use larmor_client::proto;
use larmor_nmr::elucidation::{Candidate, Component, PeakAssignment, UnexplainedSignal, Verdict};
use larmor_nmr::structure::StructureFormat;
use larmor_store::{
    Acquisition, AcquisitionState, AssignedSignal, BestCandidate, ElucidationSummary, Event,
    EventBody, Proposal, RevisionChange, SpectrumUsed, StageTimings, StoredElucidation,
};

pub(super) fn timestamp(time: DateTime<Utc>) -> Timestamp {
    let nanos = i32::try_from(time.timestamp_subsec_nanos()).unwrap_or(0);
    Timestamp { seconds: time.timestamp(), nanos }
}

pub(super) fn conditions(conditions: Vec<Condition>) -> Vec<proto::Condition> {
    let convert = |condition: Condition| proto::Condition {
        subject: condition.subject.to_string(),
        reason: condition.reason,
        since: Some(timestamp(condition.since)),
    };
    conditions.into_iter().map(convert).collect()
}

fn state(state: AcquisitionState) -> proto::AcquisitionState {
    match state {
        AcquisitionState::Discovered => proto::AcquisitionState::Discovered,
        AcquisitionState::Incomplete => proto::AcquisitionState::Incomplete,
        AcquisitionState::Ready => proto::AcquisitionState::Ready,
        AcquisitionState::Processing => proto::AcquisitionState::Processing,
        AcquisitionState::Done => proto::AcquisitionState::Done,
        AcquisitionState::Failed => proto::AcquisitionState::Failed,
        AcquisitionState::Skipped => proto::AcquisitionState::Skipped,
        AcquisitionState::Vanished => proto::AcquisitionState::Vanished,
        AcquisitionState::Superseded => proto::AcquisitionState::Superseded,
    }
}

fn spectrum_used(used: SpectrumUsed) -> proto::SpectrumUsed {
    proto::SpectrumUsed {
        spectrum_id: used.spectrum.to_string(),
        nucleus: used.nucleus.to_string(),
        experiment: used.experiment.to_string(),
    }
}

pub(super) fn change(change: RevisionChange) -> proto::RevisionChange {
    let best = change.best.map(|best| proto::FormerBest {
        smiles: best.smiles,
        inchikey: best.inchikey,
        probability: best.probability,
    });
    proto::RevisionChange {
        supersedes: change.supersedes.to_string(),
        verdict: verdict(change.verdict).into(),
        best,
        best_changed: change.best_changed,
        added: change.added.into_iter().map(spectrum_used).collect(),
        left_out: change.left_out.into_iter().map(spectrum_used).collect(),
    }
}

pub(super) fn verdict(verdict: Verdict) -> proto::Verdict {
    match verdict {
        Verdict::Consistent => proto::Verdict::Consistent,
        Verdict::Inconsistent => proto::Verdict::Inconsistent,
        Verdict::Inconclusive => proto::Verdict::Inconclusive,
        Verdict::BestMatch => proto::Verdict::BestMatch,
        Verdict::NoneFits => proto::Verdict::NoneFits,
    }
}

pub(super) fn acquisition(kept: Acquisition) -> proto::Acquisition {
    proto::Acquisition {
        id: kept.id.to_string(),
        instrument: kept.instrument,
        group: kept.group,
        sample_id: kept.sample.to_string(),
        sample: kept.sample_name,
        experiment_number: kept.experiment_number.unwrap_or_default(),
        path: kept.path,
        vendor: kept.vendor.to_string(),
        digest: kept.digest.unwrap_or_default(),
        nucleus: name(kept.nucleus),
        experiment: name(kept.experiment),
        title: kept.title,
        pulse_program: kept.pulse_program,
        state: state(kept.state).into(),
        reason: kept.reason,
        attempts: kept.attempts,
        sighted_time: Some(timestamp(kept.discovered_at)),
        last_written_time: kept.last_written.map(timestamp),
        update_time: Some(timestamp(kept.updated_at)),
    }
}

/// A judgement with the spectra it rests on.
pub(super) fn elucidation(
    kept: StoredElucidation,
    spectra: Vec<proto::Spectrum>,
) -> proto::Elucidation {
    let judged = kept.elucidation;
    proto::Elucidation {
        id: kept.id.to_string(),
        sample_id: kept.sample.to_string(),
        sample: kept.sample_name,
        group: kept.group,
        instrument: kept.instrument,
        acquisition_id: kept.acquisition.to_string(),
        revision: kept.revision,
        supersedes: kept.supersedes.map(|id| id.to_string()).unwrap_or_default(),
        verdict: verdict(judged.verdict).into(),
        verdict_probability: judged.verdict_probability,
        reasons: judged.reasons,
        considered: i64::try_from(judged.considered).unwrap_or(i64::MAX),
        candidates: candidates_with_signals(judged.candidates, &kept.signals),
        components: judged.components.into_iter().map(component).collect(),
        unexplained: judged.unexplained.into_iter().map(unexplained).collect(),
        model_digest: kept.model_digest,
        models: kept.models.into_iter().collect(),
        library_versions_json: kept.library_versions.to_string(),
        parameters_json: kept.parameters.to_string(),
        spectrum_ids: kept.spectra.iter().map(ToString::to_string).collect(),
        create_time: Some(timestamp(kept.created_at)),
        thinned_time: kept.thinned_at.map(timestamp),
        spectra,
    }
}

/// SMILES, formula, name and probability of the best candidate, empty where there is none.
pub(super) fn best(best: Option<BestCandidate>) -> (String, String, String, f64) {
    best.map(|best| (best.smiles, best.formula, best.name.unwrap_or_default(), best.probability))
        .unwrap_or_default()
}

pub(super) fn elucidation_summary(kept: ElucidationSummary) -> proto::ElucidationSummary {
    let (best_smiles, best_formula, best_name, best_probability) = best(kept.best);
    proto::ElucidationSummary {
        id: kept.id.to_string(),
        sample_id: kept.sample.to_string(),
        sample: kept.sample_name,
        group: kept.group,
        instrument: kept.instrument,
        acquisition_id: kept.acquisition.to_string(),
        revision: kept.revision,
        verdict: verdict(kept.verdict).into(),
        verdict_probability: kept.verdict_probability,
        considered: kept.considered,
        best_smiles,
        best_formula,
        best_name,
        best_probability,
        create_time: Some(timestamp(kept.created_at)),
    }
}

/// Candidates with the spectrum, peak and multiplet of each assignment.
fn candidates_with_signals(
    ranked: Vec<Candidate>,
    signals: &[Vec<AssignedSignal>],
) -> Vec<proto::Candidate> {
    let mut candidates: Vec<_> = ranked.into_iter().map(candidate).collect();
    for (candidate, signals) in candidates.iter_mut().zip(signals) {
        for (assignment, signal) in candidate.assignments.iter_mut().zip(signals) {
            assignment.spectrum_id = name(signal.spectrum);
            assignment.peak = signal.peak;
            assignment.multiplet = signal.multiplet;
        }
    }
    candidates
}

fn candidate(ranked: Candidate) -> proto::Candidate {
    proto::Candidate {
        rank: number(ranked.rank),
        smiles: ranked.smiles,
        inchikey: ranked.inchikey,
        formula: ranked.formula,
        name: ranked.name.unwrap_or_default(),
        source: ranked.source,
        score: ranked.score,
        parts: ranked.parts.into_iter().collect(),
        probability: ranked.probability,
        judged: ranked.judged,
        assignments: ranked.assignments.into_iter().map(assignment).collect(),
    }
}

fn assignment(one: PeakAssignment) -> proto::PeakAssignment {
    proto::PeakAssignment {
        atom: number(one.atom),
        nucleus: one.nucleus.to_string(),
        observed_ppm: one.ppm,
        predicted_ppm: one.predicted_ppm,
        probability: one.probability,
        ..proto::PeakAssignment::default()
    }
}

fn component(found: Component) -> proto::Component {
    proto::Component {
        name: found.name,
        judged: found.judged,
        mol_percent: found.mol_percent,
        mol_percent_error: found.mol_percent_error,
        carbon_ppm: found.carbon_ppm,
        proton_ppm: found.proton_ppm,
    }
}

fn unexplained(signal: UnexplainedSignal) -> proto::UnexplainedSignal {
    proto::UnexplainedSignal {
        nucleus: signal.nucleus.to_string(),
        ppm: signal.ppm,
        hydrogens: signal.hydrogens,
    }
}

/// What is not known is empty.
pub(super) fn name(value: Option<impl Display>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn number(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn timings(taken: StageTimings) -> proto::StageTimings {
    proto::StageTimings {
        read_ms: taken.read_ms,
        process_ms: taken.process_ms,
        elucidate_ms: taken.elucidate_ms,
    }
}

pub(super) fn proposal(kept: Proposal) -> proto::Proposal {
    use proto::proposed_structure::Structure;
    let structure = match kept.structure.format {
        StructureFormat::Smiles => Structure::Smiles(kept.structure.text),
        StructureFormat::Molblock => Structure::Molblock(kept.structure.text),
    };
    proto::Proposal {
        id: kept.id.to_string(),
        structure: Some(proto::ProposedStructure {
            structure: Some(structure),
            name: kept.structure.name.unwrap_or_default(),
        }),
        proposed_by: kept.proposed_by,
        create_time: Some(timestamp(kept.created_at)),
    }
}

pub(super) fn event(kept: Event) -> proto::Event {
    proto::Event {
        cursor: kept.cursor,
        occurred_time: Some(timestamp(kept.occurred_at)),
        group: kept.group,
        instrument: kept.instrument,
        sample_id: kept.sample.to_string(),
        sample: kept.sample_name,
        acquisition_id: kept.acquisition.to_string(),
        path: kept.path,
        body: Some(body(kept.body)),
    }
}

fn body(event: EventBody) -> proto::event::Body {
    use proto::event::Body;
    match event {
        EventBody::Discovered { state: seen, reason, nucleus, experiment, title } => {
            Body::Discovered(proto::Discovered {
                state: state(seen).into(),
                reason,
                nucleus: name(nucleus),
                experiment: name(experiment),
                title,
            })
        }
        EventBody::Incomplete { reason } => Body::Incomplete(proto::Incomplete { reason }),
        EventBody::Skipped { reason } => Body::Skipped(proto::Skipped { reason }),
        EventBody::Failed { reason, attempts } => Body::Failed(proto::Failed { reason, attempts }),
        EventBody::Vanished { reason } => Body::Vanished(proto::Vanished { reason }),
        EventBody::Superseded { reason } => Body::Superseded(proto::Superseded { reason }),
        EventBody::Moved { state: now, former_group, former_sample, former_path, left_group } => {
            Body::Moved(proto::Moved {
                state: state(now).into(),
                former_group,
                former_sample,
                former_path,
                left_group,
            })
        }
        EventBody::Processed {
            spectrum,
            nucleus,
            experiment,
            frequency_mhz,
            solvent,
            peaks,
            multiplets,
            quality,
            timings: taken,
            unjudged,
        } => Body::Processed(proto::Processed {
            spectrum_id: spectrum.to_string(),
            nucleus: nucleus.to_string(),
            experiment: experiment.to_string(),
            frequency_mhz,
            solvent: name(solvent),
            peaks: Some(proto::PeakCounts {
                compound: number(peaks.compound),
                solvent: number(peaks.solvent),
                impurity: number(peaks.impurity),
                satellite: number(peaks.satellite),
                artifact: number(peaks.artifact),
                sideband: number(peaks.sideband),
            }),
            multiplets: number(multiplets),
            quality,
            timings: Some(timings(taken)),
            unjudged: unjudged.unwrap_or_default(),
        }),
        EventBody::Elucidated {
            elucidation,
            revision,
            verdict: found,
            verdict_probability,
            reasons,
            considered,
            candidates,
            components,
            model_digest,
            timings: taken,
            spectra,
            change: changed,
        } => Body::Elucidated(proto::Elucidated {
            elucidation_id: elucidation.to_string(),
            revision,
            verdict: verdict(found).into(),
            verdict_probability,
            reasons,
            considered: i64::try_from(considered).unwrap_or(i64::MAX),
            candidates: candidates.into_iter().map(candidate).collect(),
            components: components.into_iter().map(component).collect(),
            model_digest,
            timings: Some(timings(taken)),
            spectra: spectra.into_iter().map(spectrum_used).collect(),
            change: changed.map(change),
        }),
    }
}
