//! Every call of the protocol, what it is asked with here and what it must ask of its caller. A new call
//! is missed here until somebody says so.

use larmor_client::proto::proposed_structure::Structure;
use larmor_client::proto::submit_fid_request::Part;
use larmor_client::proto::*;
use larmor_store::Role;
use prost::Message;
use uuid::Uuid;

/// Whose data a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// One sample's.
    Sample,
    /// One sample's, which a link to it shows.
    LinkedSample,
    /// Those of all groups that the caller sees.
    List,
    /// Those of a group that the caller names.
    Group,
    /// Those of every group: only for who sees them.
    Facility,
    /// Nobody's.
    Nothing,
    /// Nobody's, and for links as well.
    NothingAndLinks,
}

/// A sample that was processed and judged, of a group.
#[derive(Debug, Clone)]
pub struct Judged {
    pub group: String,
    pub name: String,
    pub sample: Uuid,
    pub acquisition: Uuid,
    pub spectrum: Uuid,
    pub elucidation: Uuid,
    pub proposal: Uuid,
}

/// What a call must ask of its caller, and a request that is about a sample.
pub fn call(name: &str, of: &Judged) -> Option<(Role, About, Vec<u8>)> {
    use About::{Facility, Group, LinkedSample, List, Nothing, NothingAndLinks, Sample};
    use Role::{Chemist, Manager, Reader};
    let by = String::new();
    let sample_id = of.sample.to_string();
    let named = || SampleName { group: of.group.clone(), name: of.name.clone() };
    Some(match name {
        "ResultService/WatchResults" => {
            (Reader, List, WatchResultsRequest::default().encode_to_vec())
        }
        "ResultService/GetResult" => {
            let request = GetResultRequest { id: of.elucidation.to_string() };
            (Reader, LinkedSample, request.encode_to_vec())
        }
        "ResultService/ListResults" => {
            (Reader, List, ListResultsRequest::default().encode_to_vec())
        }
        "ResultService/GetSpectrum" => {
            let request = GetSpectrumRequest { id: of.spectrum.to_string() };
            (Reader, LinkedSample, request.encode_to_vec())
        }
        "ResultService/GetTrace" => {
            let request =
                GetTraceRequest { spectrum_id: of.spectrum.to_string(), ..Default::default() };
            (Reader, LinkedSample, request.encode_to_vec())
        }
        "ResultService/FindSimilarSpectra" => {
            let query = find_similar_spectra_request::Query::Sample(named());
            let request = FindSimilarSpectraRequest { query: Some(query), ..Default::default() };
            (Reader, Sample, request.encode_to_vec())
        }
        "AcquisitionService/ListAcquisitions" => {
            (Reader, List, ListAcquisitionsRequest::default().encode_to_vec())
        }
        "AcquisitionService/GetAcquisition" => {
            let request = GetAcquisitionRequest { id: of.acquisition.to_string() };
            (Reader, LinkedSample, request.encode_to_vec())
        }
        "AcquisitionService/ReprocessAcquisition" => {
            let request = ReprocessAcquisitionRequest { id: of.acquisition.to_string() };
            (Chemist, Sample, request.encode_to_vec())
        }
        "AcquisitionService/SubmitFid" => {
            let submission = Submission {
                sample: "new".to_owned(),
                group: of.group.clone(),
                name: "10".to_owned(),
                ..Submission::default()
            };
            let request = SubmitFidRequest { part: Some(Part::Submission(submission)) };
            (Chemist, Group, request.encode_to_vec())
        }
        "AcquisitionService/ListInstruments" => {
            (Reader, Nothing, ListInstrumentsRequest {}.encode_to_vec())
        }
        "AcquisitionService/GetBackfill" => {
            (Reader, Nothing, GetBackfillRequest {}.encode_to_vec())
        }
        "AcquisitionService/PauseBackfill" => {
            (Manager, Facility, PauseBackfillRequest { paused: false, by }.encode_to_vec())
        }
        "CandidateService/ProposeCandidates" => {
            let structure = Some(Structure::Smiles("CCO".to_owned()));
            let request = ProposeCandidatesRequest {
                group: of.group.clone(),
                sample: of.name.clone(),
                structures: vec![ProposedStructure { structure, name: String::new() }],
                proposed_by: String::new(),
            };
            (Chemist, Sample, request.encode_to_vec())
        }
        "CandidateService/ListProposals" => {
            let request = ListProposalsRequest { group: of.group.clone(), sample: of.name.clone() };
            (Reader, Sample, request.encode_to_vec())
        }
        "CandidateService/WithdrawProposal" => {
            let request = WithdrawProposalRequest { id: of.proposal.to_string() };
            (Chemist, Sample, request.encode_to_vec())
        }
        "CandidateService/DrawStructure" => {
            let request = DrawStructureRequest { smiles: "CCO".to_owned(), ..Default::default() };
            (Reader, NothingAndLinks, request.encode_to_vec())
        }
        "SampleService/ListSamples" => {
            (Reader, List, ListSamplesRequest::default().encode_to_vec())
        }
        "SampleService/GetSample" => {
            let sample = Some(get_sample_request::Sample::Id(sample_id));
            (Reader, LinkedSample, GetSampleRequest { sample }.encode_to_vec())
        }
        "SampleService/GetReport" => {
            let sample = Some(get_report_request::Sample::Id(sample_id));
            let request = GetReportRequest { sample, ..Default::default() };
            (Reader, LinkedSample, request.encode_to_vec())
        }
        "SampleService/ExportSample" => {
            let sample = Some(export_sample_request::Sample::Id(sample_id));
            let format = ExportFormat::Text.into();
            let request = ExportSampleRequest { sample, format, ..Default::default() };
            (Reader, LinkedSample, request.encode_to_vec())
        }
        "SampleService/SubmitReview" => {
            let request = SubmitReviewRequest {
                elucidation_id: of.elucidation.to_string(),
                decision: ReviewDecision::Open.into(),
                note: "seen".to_owned(),
                reviewed_by: "somebody".to_owned(),
                ..Default::default()
            };
            (Chemist, Sample, request.encode_to_vec())
        }
        "SampleService/RenameSample" => {
            let name = format!("{} again", of.name);
            (Chemist, Sample, RenameSampleRequest { sample_id, name, by }.encode_to_vec())
        }
        "SampleService/MergeSamples" => {
            let into_sample_id = sample_id.clone();
            (Chemist, Sample, MergeSamplesRequest { sample_id, into_sample_id, by }.encode_to_vec())
        }
        "SampleService/SplitSample" => {
            let request = SplitSampleRequest {
                sample_id,
                acquisition_ids: vec![of.acquisition.to_string()],
                name: format!("{} split", of.name),
                by,
            };
            (Chemist, Sample, request.encode_to_vec())
        }
        "SampleService/DeleteSample" => {
            (Manager, Sample, DeleteSampleRequest { sample_id, by }.encode_to_vec())
        }
        "SampleService/ListSampleChanges" => {
            (Reader, Sample, ListSampleChangesRequest { sample_id }.encode_to_vec())
        }
        "SampleService/ShareSample" => {
            (Chemist, Sample, ShareSampleRequest { sample_id, days: 1 }.encode_to_vec())
        }
        "InfoService/GetInfo" => (Reader, NothingAndLinks, GetInfoRequest {}.encode_to_vec()),
        _ => return None,
    })
}

/// Every call there is, as `Service/Method`.
pub fn all() -> Vec<String> {
    let protocol = prost_types::FileDescriptorSet::decode(larmor_client::DESCRIPTORS).unwrap();
    let files = protocol.file.into_iter().filter(|file| file.package() == "larmor.v1");
    let services = files.flat_map(|file| file.service);
    let names = services.flat_map(|service| {
        let methods = service.method.iter().map(|method| method.name().to_owned());
        let named = methods.map(|method| format!("{}/{method}", service.name()));
        named.collect::<Vec<_>>()
    });
    names.collect()
}
