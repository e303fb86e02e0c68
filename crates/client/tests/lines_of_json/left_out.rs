//! What lines leave out.

use larmor_client::proto::{
    Acquisition, Elucidated, Elucidation, ElucidationSummary, Processed, SimilarSpectrum,
    UnexplainedSignal,
};
use prost_reflect::DescriptorPool;
use serde_json::Value;

use crate::messages::{candidate, components, spectrum};
use crate::shown;

/// Every field of the protocol is shown but those that are left out by name, so that a field which
/// the protocol gains shows up by itself.
#[test]
fn only_what_is_named_is_left_out() {
    let pool = DescriptorPool::decode(larmor_client::DESCRIPTORS).unwrap();
    let left_out = |message: &str, line: &Value| -> Vec<String> {
        let descriptor = pool.get_message_by_name(&format!("larmor.v1.{message}")).unwrap();
        let fields = descriptor.fields();
        let fields = fields.filter(|field| line.get(field.name()).is_none());
        fields.map(|field| field.name().to_owned()).collect()
    };
    let whole = Elucidation {
        candidates: vec![candidate()],
        components: components(),
        unexplained: vec![UnexplainedSignal::default()],
        spectra: vec![spectrum()],
        ..Elucidation::default()
    };
    let line = shown(&whole);
    let candidate = &line["candidates"][0];
    let spectrum = &line["spectra"][0];
    for (message, line, expected) in [
        (
            "Elucidation",
            &line,
            &["id", "library_versions_json", "parameters_json", "create_time"][..],
        ),
        ("ElucidationSummary", &shown(&ElucidationSummary::default()), &["id", "create_time"]),
        ("SimilarSpectrum", &shown(&SimilarSpectrum::default()), &[]),
        ("Candidate", candidate, &[]),
        ("Component", &line["components"][0], &[]),
        ("UnexplainedSignal", &line["unexplained"][0], &[]),
        ("PeakAssignment", &candidate["assignments"][0], &["observed_ppm"]),
        ("Spectrum", spectrum, &["id", "origin", "peaks", "create_time"]),
        ("Multiplet", &spectrum["multiplets"][0], &["peak_class", "peaks"]),
        ("Processed", &shown(&Processed::default()), &[]),
        ("Elucidated", &shown(&Elucidated::default()), &[]),
        ("Acquisition", &shown(&Acquisition::default()), &[]),
    ] {
        assert_eq!(left_out(message, line), expected, "{message}");
    }
}
