//! The words of enumerations.

use larmor_client::proto::event::Body;
use larmor_client::proto::{
    AcquisitionState, Discovered, Elucidation, ElucidationSummary, Multiplet, PeakClass, Spectrum,
    Verdict,
};

use crate::events::event;
use crate::shown;

#[test]
fn every_word_of_an_enumeration() {
    for (state, word) in [
        (AcquisitionState::Unspecified, "unknown"),
        (AcquisitionState::Discovered, "discovered"),
        (AcquisitionState::Incomplete, "incomplete"),
        (AcquisitionState::Ready, "ready"),
        (AcquisitionState::Processing, "processing"),
        (AcquisitionState::Done, "done"),
        (AcquisitionState::Failed, "failed"),
        (AcquisitionState::Skipped, "skipped"),
        (AcquisitionState::Vanished, "vanished"),
        (AcquisitionState::Superseded, "superseded"),
    ] {
        let discovered = Discovered { state: state.into(), ..Default::default() };
        assert_eq!(shown(&event(Some(Body::Discovered(discovered))))["state"], word);
    }
    let unknown = Discovered { state: 99, ..Default::default() };
    assert_eq!(shown(&event(Some(Body::Discovered(unknown))))["state"], "unknown");
    for (verdict, word) in [
        (Verdict::Unspecified, "unknown"),
        (Verdict::Consistent, "consistent"),
        (Verdict::Inconsistent, "inconsistent"),
        (Verdict::Inconclusive, "inconclusive"),
        (Verdict::BestMatch, "best_match"),
        (Verdict::NoneFits, "none_fits"),
    ] {
        let summary = ElucidationSummary { verdict: verdict.into(), ..Default::default() };
        assert_eq!(shown(&summary)["verdict"], word);
    }
    for (class, word) in [
        (PeakClass::Unspecified, "unknown"),
        (PeakClass::Compound, "compound"),
        (PeakClass::Solvent, "solvent"),
        (PeakClass::Impurity, "impurity"),
        (PeakClass::Satellite, "satellite"),
        (PeakClass::Artifact, "artifact"),
        (PeakClass::Sideband, "sideband"),
    ] {
        let multiplet = Multiplet { peak_class: class.into(), ..Default::default() };
        let spectrum = Spectrum { multiplets: vec![multiplet], ..Default::default() };
        let whole = Elucidation { spectra: vec![spectrum], ..Default::default() };
        assert_eq!(shown(&whole)["spectra"][0]["multiplets"][0]["class"], word);
    }
}
