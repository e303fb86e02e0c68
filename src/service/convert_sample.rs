//! Samples, instruments and reviews as the protocol carries them.

use tonic::Status;

use super::convert::{best, change, elucidation_summary, timestamp, verdict};
use larmor_client::proto;
use larmor_nmr::fid::Nucleus;
use larmor_nmr::review::{Decision, ReviewedAssignment};
use larmor_report::text::Style;
use larmor_store::{ElucidationSummary, Instrument, Review, RevisionChange, SampleSummary};

pub(super) fn summary(kept: SampleSummary) -> proto::SampleSummary {
    let judgement = kept.judgement;
    let found = judgement.as_ref().map_or(proto::Verdict::Unspecified, |one| verdict(one.verdict));
    let verdict_probability = judgement.as_ref().and_then(|one| one.probability);
    let (best_smiles, best_formula, best_name, best_probability) =
        best(judgement.and_then(|one| one.best));
    proto::SampleSummary {
        id: kept.id.to_string(),
        group: kept.group,
        name: kept.name,
        instrument: kept.instrument,
        spectra: kept.spectra,
        waiting: count(kept.waiting),
        failed: count(kept.failed),
        verdict: found.into(),
        verdict_probability,
        best_smiles,
        best_formula,
        best_name,
        best_probability,
        decision: kept.decision.map_or(proto::ReviewDecision::Unspecified, decision).into(),
        create_time: Some(timestamp(kept.created_at)),
        update_time: Some(timestamp(kept.updated_at)),
    }
}

pub(super) fn revision(
    kept: ElucidationSummary,
    changed: Option<RevisionChange>,
) -> proto::Revision {
    proto::Revision { summary: Some(elucidation_summary(kept)), change: changed.map(change) }
}

pub(super) fn instrument(kept: Instrument) -> proto::Instrument {
    proto::Instrument {
        name: kept.name,
        last_written_time: kept.last_written.map(timestamp),
        writing: count(kept.writing),
        waiting: count(kept.waiting),
        done_today: count(kept.done_today),
        failed_today: count(kept.failed_today),
        skipped_today: count(kept.skipped_today),
    }
}

pub(super) fn review(kept: Review) -> proto::Review {
    let (smiles, inchikey) = match kept.review.structure {
        Some(structure) => (structure.smiles, structure.inchikey),
        None => Default::default(),
    };
    proto::Review {
        id: kept.id.to_string(),
        elucidation_id: kept.review.elucidation.to_string(),
        reviewed_by: kept.review.reviewed_by,
        decision: decision(kept.review.decision).into(),
        smiles,
        inchikey,
        note: kept.review.note,
        assignments: kept.review.assignments.into_iter().map(assignment).collect(),
        create_time: Some(timestamp(kept.created_at)),
    }
}

fn assignment(one: ReviewedAssignment) -> proto::ReviewedAssignment {
    proto::ReviewedAssignment {
        nucleus: one.nucleus.to_string(),
        atom: one.atom.map_or(0, |atom| i32::try_from(atom).unwrap_or(i32::MAX)),
        ppm: one.ppm,
        no_atom: one.atom.is_none(),
    }
}

fn decision(decision: Decision) -> proto::ReviewDecision {
    match decision {
        Decision::Confirmed => proto::ReviewDecision::Confirmed,
        Decision::Rejected => proto::ReviewDecision::Rejected,
        Decision::Open => proto::ReviewDecision::Open,
    }
}

/// What a client decided.
pub(super) fn decided(number: i32) -> Result<Decision, Status> {
    match proto::ReviewDecision::try_from(number) {
        Ok(proto::ReviewDecision::Confirmed) => Ok(Decision::Confirmed),
        Ok(proto::ReviewDecision::Rejected) => Ok(Decision::Rejected),
        Ok(proto::ReviewDecision::Open) => Ok(Decision::Open),
        Ok(proto::ReviewDecision::Unspecified) | Err(_) => {
            Err(Status::invalid_argument("decision is none of confirmed, rejected and open"))
        }
    }
}

/// Whose rules a client's texts follow.
pub(super) fn style(number: i32) -> Result<Style, Status> {
    match proto::ReportStyle::try_from(number) {
        Ok(proto::ReportStyle::Unspecified | proto::ReportStyle::Acs) => Ok(Style::Acs),
        Ok(proto::ReportStyle::Rsc) => Ok(Style::Rsc),
        Err(_) => Err(Status::invalid_argument("style is none this server knows")),
    }
}

/// Assignments that a client sends, of a structure with so many atoms.
pub(super) fn reviewed(
    sent: Vec<proto::ReviewedAssignment>,
    atoms: usize,
) -> Result<Vec<ReviewedAssignment>, Status> {
    let one = |(place, sent): (usize, proto::ReviewedAssignment)| {
        let refuse = |why: String| Status::invalid_argument(format!("assignments[{place}]: {why}"));
        let nucleus = match sent.nucleus.as_str() {
            "13C" => Nucleus::Carbon,
            "1H" => Nucleus::Proton,
            other => return Err(refuse(format!("nucleus '{other}' is neither 13C nor 1H"))),
        };
        if !sent.ppm.is_finite() {
            return Err(refuse("ppm is no number".to_owned()));
        }
        match u32::try_from(sent.atom) {
            Ok(0) if sent.no_atom => Ok(ReviewedAssignment { nucleus, atom: None, ppm: sent.ppm }),
            _ if sent.no_atom => Err(refuse("it has no_atom and an atom".to_owned())),
            Ok(atom) if (atom as usize) < atoms => {
                Ok(ReviewedAssignment { nucleus, atom: Some(atom), ppm: sent.ppm })
            }
            _ => Err(refuse(format!("the structure has {atoms} atoms and no atom {}", sent.atom))),
        }
    };
    sent.into_iter().enumerate().map(one).collect()
}

fn count(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
