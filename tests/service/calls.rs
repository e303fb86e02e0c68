//! Calls: lists, single results, proposals, what the server is.

use larmor_client::proto::proposed_structure::Structure;
use larmor_client::proto::{
    AcquisitionState, GetAcquisitionRequest, GetInfoRequest, GetResultRequest, GetSpectrumRequest,
    GetTraceRequest, ListAcquisitionsRequest, ListResultsRequest, PeakClass,
    ProposeCandidatesRequest, ProposedStructure, ReprocessAcquisitionRequest, SpectrumOrigin,
    Verdict,
};
use larmor_nmr::elucidation;
use larmor_store::Finished;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use uuid::Uuid;

use crate::support::server::{TestServer, quick};
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased, observation, proton_spectrum};

#[tokio::test]
async fn a_result_is_listed_and_read_whole() {
    let database = TestDatabase::new().await;
    for sample in ["a", "b", "c"] {
        let lease = leased(&database.store, &format!("g/{sample}/1")).await;
        database.store.commit(&lease, &finished()).await.unwrap();
    }
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.results();
    let mut request = ListResultsRequest { page_size: 2, ..ListResultsRequest::default() };
    let first = client.list_results(request.clone()).await.unwrap().into_inner();
    let samples: Vec<&str> = first.results.iter().map(|one| one.sample.as_str()).collect();
    assert_eq!(samples, ["c", "b"]);
    request.page_token = first.next_page_token;
    let second = client.list_results(request).await.unwrap().into_inner();
    assert_eq!((second.results.len(), second.next_page_token.as_str()), (1, ""));

    let request = GetResultRequest { id: second.results[0].id.clone() };
    let result = client.get_result(request).await.unwrap().into_inner().result.unwrap();
    assert_eq!(result.sample, "a");
    assert_eq!(result.candidates.len(), 2);
    assert_eq!(result.candidates[1].assignments.len(), 2);
    assert_eq!(result.parameters_json, r#"{"top":10}"#);
    assert_eq!(result.verdict(), Verdict::Consistent);
    assert_eq!(result.verdict_probability, Some(0.97));
    assert_eq!(second.results[0].verdict_probability, Some(0.97));
    let [ethanol, acetone, benzene] = result.components.as_slice() else { panic!("{result:?}") };
    assert_eq!((ethanol.name.as_str(), ethanol.judged), ("CCO", true));
    assert_eq!((acetone.mol_percent, acetone.mol_percent_error), (Some(3.5), Some(0.4)));
    assert_eq!((&acetone.proton_ppm[..], acetone.judged), (&[2.17][..], false));
    assert_eq!((benzene.mol_percent, &benzene.carbon_ppm[..]), (None, &[128.4][..]));
    let [carbon, proton] = result.unexplained.as_slice() else { panic!("{result:?}") };
    assert_eq!((carbon.nucleus.as_str(), carbon.ppm, carbon.hydrogens), ("13C", 29.7, None));
    assert_eq!((proton.nucleus.as_str(), proton.hydrogens), ("1H", Some(0.21)));
    let filter = ListResultsRequest {
        verdict: Verdict::Inconsistent.into(),
        ..ListResultsRequest::default()
    };
    assert!(client.list_results(filter).await.unwrap().into_inner().results.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn verdicts_of_a_search_are_listed_by_their_own_names() {
    let database = TestDatabase::new().await;
    for (sample, verdict) in
        [("found", elucidation::Verdict::BestMatch), ("lost", elucidation::Verdict::NoneFits)]
    {
        let lease = leased(&database.store, &format!("g/{sample}/1")).await;
        let mut given = finished();
        given.elucidation.as_mut().unwrap().elucidation.verdict = verdict;
        database.store.commit(&lease, &given).await.unwrap();
    }
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.results();
    for (verdict, sample) in [(Verdict::BestMatch, "found"), (Verdict::NoneFits, "lost")] {
        let only = ListResultsRequest { verdict: verdict.into(), ..ListResultsRequest::default() };
        let listed = client.list_results(only).await.unwrap().into_inner().results;
        assert_eq!((listed.len(), listed[0].sample.as_str()), (1, sample));
        assert_eq!(listed[0].verdict(), verdict);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_spectrum_is_read_with_all_that_is_known_of_its_lines() {
    let database = TestDatabase::new().await;
    for (path, spectrum) in [("g/a/1", finished().spectrum), ("g/a/2", proton_spectrum())] {
        let lease = leased(&database.store, path).await;
        database.store.commit(&lease, &Finished { spectrum, ..finished() }).await.unwrap();
    }
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.results();
    let sample = database.store.sample_named("g", "a").await.unwrap();
    let mut read = Vec::new();
    for stored in database.store.sample_spectra(sample).await.unwrap() {
        let request = GetSpectrumRequest { id: stored.id.to_string() };
        let answer = client.get_spectrum(request).await.unwrap().into_inner();
        read.push(answer.spectrum.unwrap());
    }
    let [carbon, proton] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!(carbon.origin(), SpectrumOrigin::Acquired);
    assert_eq!(carbon.quality.as_ref().unwrap().reasons, ["few scans"]);
    let peak = &carbon.peaks[0];
    assert_eq!((peak.peak_class(), peak.multiplicity.as_str()), (PeakClass::Compound, "T"));
    assert_eq!(peak.errors.unwrap().width_hz, 0.02);
    let splitting = peak.splitting.as_ref().unwrap();
    assert_eq!((splitting.by.as_str(), splitting.lines), ("19F", 2));
    let substance = carbon.peaks[2].substance.as_ref().unwrap();
    assert_eq!((substance.name.as_str(), substance.confidence), ("CDCl3", 0.98));
    assert!(carbon.peaks[1].errors.is_none() && carbon.peaks[1].substance.is_none());
    assert!(carbon.multiplets.is_empty());
    assert_eq!(proton.peaks[8].peak_class(), PeakClass::Sideband);
    assert_eq!(proton.multiplets[1].pattern, "q");
    assert_eq!(proton.multiplets[1].peaks, [3, 4, 5, 6]);
    let unknown = GetSpectrumRequest { id: Uuid::now_v7().to_string() };
    assert_eq!(client.get_spectrum(unknown).await.unwrap_err().code(), Code::NotFound);
    server.stop().await;
}

#[tokio::test]
async fn acquisitions_are_listed_and_reprocessed() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.acquisitions();
    let id = lease.acquisition.to_string();
    let early = client
        .reprocess_acquisition(ReprocessAcquisitionRequest { id: id.clone() })
        .await
        .unwrap_err();
    assert_eq!(early.code(), Code::FailedPrecondition);
    database.store.commit(&lease, &finished()).await.unwrap();
    let answer =
        client.reprocess_acquisition(ReprocessAcquisitionRequest { id: id.clone() }).await.unwrap();
    let acquisition = answer.into_inner().acquisition.unwrap();
    assert_eq!(acquisition.state(), AcquisitionState::Ready);
    let read = client.get_acquisition(GetAcquisitionRequest { id }).await.unwrap().into_inner();
    assert_eq!(read.acquisition.unwrap(), acquisition);
    database.store.observe(&observation("other/b/1")).await.unwrap();
    let filter =
        ListAcquisitionsRequest { group: "g".to_owned(), ..ListAcquisitionsRequest::default() };
    let listed = client.list_acquisitions(filter).await.unwrap().into_inner().acquisitions;
    assert_eq!(listed, [acquisition]);
    server.stop().await;
}

#[tokio::test]
async fn bad_arguments_are_refused_with_the_right_code() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    let mut results = server.results();
    let unknown = GetResultRequest { id: Uuid::now_v7().to_string() };
    assert_eq!(results.get_result(unknown).await.unwrap_err().code(), Code::NotFound);
    let no_id = GetResultRequest { id: "'; DROP TABLE events".to_owned() };
    assert_eq!(results.get_result(no_id).await.unwrap_err().code(), Code::InvalidArgument);
    for request in [
        ListResultsRequest { page_size: -1, ..ListResultsRequest::default() },
        ListResultsRequest { page_token: "x".to_owned(), ..ListResultsRequest::default() },
        ListResultsRequest { verdict: 99, ..ListResultsRequest::default() },
    ] {
        let refused = results.list_results(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
    }
    server.stop().await;
}

fn proposal(structures: Vec<Structure>) -> ProposeCandidatesRequest {
    ProposeCandidatesRequest {
        group: "g".to_owned(),
        sample: "a".to_owned(),
        structures: structures
            .into_iter()
            .map(|one| ProposedStructure { structure: Some(one), name: String::new() })
            .collect(),
        proposed_by: "a chemist".to_owned(),
    }
}

#[tokio::test]
async fn proposed_structures_are_checked_kept_and_judged() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.candidates();
    let ethanol = || proposal(vec![Structure::Smiles("CCO".to_owned())]);
    let early = client.propose_candidates(ethanol()).await.unwrap_err();
    assert_eq!(early.code(), Code::NotFound, "no such sample yet");
    let lease = leased(&database.store, "g/a/1").await;
    database.store.commit(&lease, &finished()).await.unwrap();

    let both = vec![Structure::Smiles("CCO".to_owned()), Structure::Smiles("C1CC".to_owned())];
    for (refused, why) in [
        (proposal(both), "structures[1]"),
        (proposal(Vec::new()), "0 structures"),
        (proposal(vec![Structure::Molblock("rubbish".to_owned())]), "structures[0]"),
    ] {
        let status = client.propose_candidates(refused).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(status.message().contains(why), "{}", status.message());
    }
    assert!(database.store.proposals(lease.sample).await.unwrap().is_empty(), "all or nothing");

    let answer = client.propose_candidates(ethanol()).await.unwrap().into_inner();
    assert_eq!(answer.requeued_acquisition_id, lease.acquisition.to_string());
    assert_eq!(answer.proposals.len(), 1);
    assert_eq!(answer.proposals[0].proposed_by, "a chemist");
    server.stop().await;
}

#[tokio::test]
async fn the_server_says_what_it_is() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    let info = server.info().get_info(GetInfoRequest {}).await.unwrap().into_inner();
    assert_eq!(info.version, env!("CARGO_PKG_VERSION"));
    assert!(info.chemistry.starts_with("RDKit"));
    assert_eq!(info.models[0].digest.len(), 64);
    assert_eq!(info.libraries[0].size, 7);
    assert_eq!(info.limits.unwrap().page_size, 500);

    let mut health = HealthClient::new(server.channel.clone());
    let mut status = ServingStatus::Unknown;
    for _ in 0..200 {
        let request = HealthCheckRequest { service: "larmor.v1.ResultService".to_owned() };
        if let Ok(answer) = health.check(request).await {
            status = answer.into_inner().status();
        }
        if status == ServingStatus::Serving {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(status, ServingStatus::Serving);
    server.stop().await;
}

#[tokio::test]
async fn reflection_lists_every_service() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut answers = ServerReflectionClient::new(server.channel.clone())
        .server_reflection_info(tokio_stream::once(request))
        .await
        .unwrap()
        .into_inner();
    let Some(MessageResponse::ListServicesResponse(listed)) =
        answers.message().await.unwrap().unwrap().message_response
    else {
        panic!("no list")
    };
    let names: Vec<&str> = listed.service.iter().map(|one| one.name.as_str()).collect();
    for service in ["Result", "Acquisition", "Candidate", "Info"] {
        let name = format!("larmor.v1.{service}Service");
        assert!(names.contains(&name.as_str()), "{names:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn the_points_of_a_spectrum_are_drawn_whole_or_in_part() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    database.store.commit(&lease, &finished()).await.unwrap();
    let kept = database.store.acquisition_spectrum(lease.acquisition).await.unwrap().unwrap();
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.results();
    let spectrum_id = kept.id.to_string();
    let whole =
        GetTraceRequest { spectrum_id: spectrum_id.clone(), width: 100, ..Default::default() };
    let whole = client.get_trace(whole).await.unwrap().into_inner();
    assert_eq!((whole.lowest.len(), whole.highest.len(), whole.points.len()), (100, 100, 0));
    assert_eq!((whole.lower_end_ppm, whole.spectrum_points), (-10.0, 2_000));
    assert!((whole.upper_end_ppm - 189.9).abs() < 1e-9);
    let tallest = whole.highest.iter().position(|height| *height > 0.79).unwrap();
    let at = whole.first_ppm + tallest as f64 * whole.step_ppm;
    assert!((at - 58.3).abs() < whole.step_ppm, "{at}");
    let part = GetTraceRequest {
        spectrum_id: spectrum_id.clone(),
        from_ppm: Some(60.0),
        to_ppm: Some(57.0),
        width: 0,
    };
    let part = client.get_trace(part).await.unwrap().into_inner();
    let tallest = part.points.iter().position(|height| *height > 0.79).unwrap();
    assert!((part.first_ppm + tallest as f64 * part.step_ppm - 58.3).abs() < 1e-6);
    assert!(part.points.len() <= 34 && part.highest.is_empty());

    for (request, code) in [
        (
            GetTraceRequest { spectrum_id: "x".to_owned(), ..Default::default() },
            Code::InvalidArgument,
        ),
        (
            GetTraceRequest { spectrum_id: Uuid::now_v7().to_string(), ..Default::default() },
            Code::NotFound,
        ),
        (
            GetTraceRequest {
                from_ppm: Some(f64::NAN),
                spectrum_id: spectrum_id.clone(),
                ..Default::default()
            },
            Code::InvalidArgument,
        ),
    ] {
        assert_eq!(client.get_trace(request).await.unwrap_err().code(), code);
    }
    let mut connection = database.connection().await;
    sqlx::query("DELETE FROM spectrum_traces").execute(&mut connection).await.unwrap();
    let request = GetTraceRequest { spectrum_id, ..Default::default() };
    let refused = client.get_trace(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    server.stop().await;
}
