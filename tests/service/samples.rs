//! Everything that is known of a sample, and what chemists say of it.

use larmor_client::proto::get_sample_request::Sample;
use larmor_client::proto::proposed_structure::Structure;
use larmor_client::proto::{
    DrawStructureRequest, GetReportRequest, GetSampleRequest, ListInstrumentsRequest,
    ListProposalsRequest, ListSamplesRequest, ProposeCandidatesRequest, ProposedStructure,
    ReportStyle, ReviewDecision, ReviewedAssignment, SampleName, SubmitReviewRequest, Verdict,
    WithdrawProposalRequest,
};
use larmor_store::Finished;
use tonic::Code;

use crate::support::server::{TestServer, quick};
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased, proton_spectrum};

fn named(name: &str) -> GetSampleRequest {
    let name = SampleName { group: String::new(), name: name.to_owned() };
    GetSampleRequest { sample: Some(Sample::Name(name)) }
}

#[tokio::test]
async fn one_call_tells_everything_that_stands_of_a_sample() {
    let database = TestDatabase::new().await;
    for path in ["g/a/1", "g/a/2", "g/b/1"] {
        let lease = leased(&database.store, path).await;
        let spectrum = match path {
            "g/a/2" => proton_spectrum(),
            _ => finished().spectrum,
        };
        database.store.commit(&lease, &Finished { spectrum, ..finished() }).await.unwrap();
    }
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.samples();
    let listed = client.list_samples(ListSamplesRequest::default()).await.unwrap().into_inner();
    let names: Vec<&str> = listed.samples.iter().map(|sample| sample.name.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
    assert_eq!(listed.samples[1].verdict(), Verdict::Consistent);

    let sample = client.get_sample(named("a")).await.unwrap().into_inner();
    let by_id = GetSampleRequest { sample: Some(Sample::Id(listed.samples[1].id.clone())) };
    assert_eq!(client.get_sample(by_id).await.unwrap().into_inner(), sample);
    assert_eq!((sample.acquisitions.len(), sample.spectra.len()), (2, 2));
    let revisions: Vec<i32> =
        sample.revisions.iter().map(|one| one.summary.as_ref().unwrap().revision).collect();
    assert_eq!(revisions, [2, 1]);
    assert_eq!(sample.revisions[0].change.as_ref().unwrap().added.len(), 1);
    assert!(sample.revisions[1].change.is_none());
    // Each assignment says which peak of which spectrum it is on.
    let sample = client.get_sample(named("b")).await.unwrap().into_inner();
    let result = sample.result.unwrap();
    assert_eq!(result.candidates[0].assignments.len(), 2);
    assert_eq!(result.candidates.iter().map(|one| one.judged).collect::<Vec<_>>(), [true, false]);
    for one in &result.candidates[0].assignments {
        let spectrum = sample.spectra.iter().find(|spectrum| spectrum.id == one.spectrum_id);
        let peak = &spectrum.unwrap().peaks[usize::try_from(one.peak.unwrap()).unwrap()];
        assert!((peak.ppm - one.observed_ppm).abs() < 1e-6);
        assert_eq!(one.multiplet, None);
    }
    let nobody = client.get_sample(named("z")).await.unwrap_err();
    assert_eq!(nobody.code(), Code::NotFound);
    let empty = client.get_sample(GetSampleRequest::default()).await.unwrap_err();
    assert_eq!(empty.code(), Code::InvalidArgument);
    let mut client = server.acquisitions();
    let instruments = client.list_instruments(ListInstrumentsRequest {}).await.unwrap();
    let [instrument] = &instruments.into_inner().instruments[..] else { panic!() };
    assert_eq!((instrument.name.as_str(), instrument.done_today), ("av500", 3));
    server.stop().await;
}

#[tokio::test]
async fn a_review_is_kept_with_who_and_when_and_nonsense_is_refused() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    database.store.commit(&lease, &finished()).await.unwrap();
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.samples();
    let sample = client.get_sample(named("a")).await.unwrap().into_inner();
    let good = SubmitReviewRequest {
        elucidation_id: sample.result.unwrap().id,
        reviewed_by: " Rossi ".to_owned(),
        decision: ReviewDecision::Confirmed.into(),
        smiles: "OCC".to_owned(),
        note: String::new(),
        assignments: vec![
            ReviewedAssignment { nucleus: "13C".to_owned(), atom: 1, ppm: 58.3, no_atom: false },
            ReviewedAssignment { nucleus: "13C".to_owned(), atom: 0, ppm: 29.7, no_atom: true },
        ],
    };
    let kept = client.submit_review(good.clone()).await.unwrap().into_inner().review.unwrap();
    assert_eq!((kept.reviewed_by.as_str(), kept.smiles.as_str()), ("Rossi", "OCC"));
    assert_eq!(kept.inchikey, "LFQSCWFLJHTTHZ-UHFFFAOYSA-N");
    let sample = client.get_sample(named("a")).await.unwrap().into_inner();
    assert_eq!(sample.reviews, [kept]);
    assert_eq!(sample.summary.unwrap().decision(), ReviewDecision::Confirmed);

    let assigned = |nucleus: &str, atom, ppm| {
        vec![ReviewedAssignment { nucleus: nucleus.to_owned(), atom, ppm, no_atom: false }]
    };
    let both = ReviewedAssignment { no_atom: true, ..good.assignments[0].clone() };
    for bad in [
        SubmitReviewRequest { assignments: vec![both], ..good.clone() },
        SubmitReviewRequest { reviewed_by: " ".to_owned(), ..good.clone() },
        SubmitReviewRequest { decision: 0, ..good.clone() },
        SubmitReviewRequest { smiles: "nonsense".to_owned(), ..good.clone() },
        SubmitReviewRequest { assignments: assigned("13C", 3, 1.0), ..good.clone() },
        SubmitReviewRequest { assignments: assigned("15N", 0, 1.0), ..good.clone() },
        SubmitReviewRequest { assignments: assigned("1H", 0, f64::NAN), ..good.clone() },
        SubmitReviewRequest { elucidation_id: "x".to_owned(), ..good.clone() },
    ] {
        let refused = client.submit_review(bad.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{bad:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn proposals_are_listed_and_taken_back() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    database.store.commit(&lease, &finished()).await.unwrap();
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.candidates();
    let structure = ProposedStructure {
        structure: Some(Structure::Smiles("CCO".to_owned())),
        name: String::new(),
    };
    let propose = ProposeCandidatesRequest {
        group: "g".to_owned(),
        sample: "a".to_owned(),
        structures: vec![structure],
        proposed_by: "Rossi".to_owned(),
    };
    client.propose_candidates(propose).await.unwrap();
    let ask = ListProposalsRequest { group: String::new(), sample: "a".to_owned() };
    let standing = client.list_proposals(ask.clone()).await.unwrap().into_inner().proposals;
    assert_eq!(standing[0].proposed_by, "Rossi");
    let withdraw = WithdrawProposalRequest { id: standing[0].id.clone() };
    client.withdraw_proposal(withdraw.clone()).await.unwrap();
    assert!(client.list_proposals(ask).await.unwrap().into_inner().proposals.is_empty());
    assert_eq!(client.withdraw_proposal(withdraw).await.unwrap_err().code(), Code::NotFound);
    server.stop().await;
}

const WATER: &str = "
  test

  3  2  0  0  0  0            999 V2000
   -1.0000    0.0000    0.0000 H   0  0
    0.0000    0.5000    0.0000 O   0  0
    1.0000    0.0000    0.0000 H   0  0
  1  2  1  0
  2  3  1  0
M  END
";

#[tokio::test]
async fn structures_are_drawn_with_a_place_for_each_atom() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.candidates();
    let ask = |smiles: &str, width| DrawStructureRequest {
        smiles: smiles.to_owned(),
        width,
        ..DrawStructureRequest::default()
    };
    let drawn = client.draw_structure(ask("CC(=O)O", 0)).await.unwrap().into_inner();
    assert!(drawn.svg.starts_with("<svg") && drawn.svg.contains("atom-3"), "{}", drawn.svg);
    assert_eq!(drawn.atoms.len(), 4);
    assert_eq!((drawn.atoms[0].element.as_str(), drawn.atoms[0].hydrogens), ("C", 3));
    let block = DrawStructureRequest {
        molblock: WATER.to_owned(),
        width: 200,
        ..DrawStructureRequest::default()
    };
    let drawn = client.draw_structure(block.clone()).await.unwrap().into_inner();
    let elements: Vec<&str> = drawn.atoms.iter().map(|atom| atom.element.as_str()).collect();
    assert_eq!(elements, ["H", "O", "H"]);
    let broken = DrawStructureRequest { molblock: "H2O".to_owned(), ..block.clone() };
    let both = DrawStructureRequest { smiles: "O".to_owned(), ..block };
    for bad in [ask("nonsense", 0), ask("C", -1), ask("C", 100_000), broken, both] {
        assert_eq!(client.draw_structure(bad).await.unwrap_err().code(), Code::InvalidArgument);
    }
    server.stop().await;
}

#[tokio::test]
async fn spectra_are_written_as_papers_print_them() {
    let database = TestDatabase::new().await;
    for (path, spectrum) in [("g/a/1", finished().spectrum), ("g/a/2", proton_spectrum())] {
        let lease = leased(&database.store, path).await;
        database.store.commit(&lease, &Finished { spectrum, ..finished() }).await.unwrap();
    }
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.samples();
    let ask = |name: &str, style: ReportStyle| GetReportRequest {
        sample: Some(larmor_client::proto::get_report_request::Sample::Name(SampleName {
            group: String::new(),
            name: name.to_owned(),
        })),
        style: style.into(),
    };
    let acs = client.get_report(ask("a", ReportStyle::Unspecified)).await.unwrap().into_inner();
    let texts: Vec<&str> = acs.spectra.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "1H NMR (500 MHz, CDCl3) δ 3.71 (q, J = 7.1 Hz, 2H), 1.24 (t, J = 7.1 Hz, 2H).",
            "13C NMR (126 MHz, CDCl3) δ 58.3 (CH2, d, J = 245.5 Hz), 18.2 (CH3).",
        ]
    );
    let rsc = client.get_report(ask("a", ReportStyle::Rsc)).await.unwrap().into_inner();
    assert!(rsc.spectra[0].text.starts_with("δH (500 MHz; CDCl3) 3.71 (2 H, q, J 7.1)"));
    let nobody = client.get_report(ask("z", ReportStyle::Acs)).await.unwrap_err();
    assert_eq!(nobody.code(), Code::NotFound);
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_larmor"));
    command.args(["report", "g/a", "--style", "rsc", "--address", &server.address]);
    let output = command.output().await.unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().next(), Some(rsc.spectra[0].text.as_str()), "{printed}");
    server.stop().await;
}

#[tokio::test]
async fn a_sample_is_written_in_every_format() {
    use larmor_client::proto::{ExportFormat, ExportSampleRequest, export_sample_request};
    let database = TestDatabase::new().await;
    for (path, spectrum) in [("g/a/1", finished().spectrum), ("g/a/2", proton_spectrum())] {
        let lease = leased(&database.store, path).await;
        database.store.commit(&lease, &Finished { spectrum, ..finished() }).await.unwrap();
    }
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.samples();
    let ask = |name: &str, format: ExportFormat| ExportSampleRequest {
        sample: Some(export_sample_request::Sample::Name(SampleName {
            group: String::new(),
            name: name.to_owned(),
        })),
        format: format.into(),
        style: ReportStyle::Acs.into(),
    };
    let starts = [
        (ExportFormat::Text, vec![("a.txt", "1H NMR (500 MHz")]),
        (ExportFormat::Svg, vec![("a-1H.svg", "<svg"), ("a-13C.svg", "<svg")]),
        (ExportFormat::Pdf, vec![("a-1H.pdf", "%PDF-"), ("a-13C.pdf", "%PDF-")]),
        (ExportFormat::Nmredata, vec![("a.nmredata.sdf", "a")]),
        (ExportFormat::JcampDx, vec![("a-1H.jdx", "##TITLE="), ("a-13C.jdx", "##TITLE=")]),
        (ExportFormat::Nmrium, vec![("a.nmrium", "{")]),
    ];
    for (format, wanted) in starts {
        let files = client.export_sample(ask("a", format)).await.unwrap().into_inner().files;
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, wanted.iter().map(|one| one.0).collect::<Vec<_>>(), "{format:?}");
        for (file, (name, start)) in files.iter().zip(wanted) {
            assert!(file.content.starts_with(start.as_bytes()), "{name}");
        }
    }
    let unnamed = client.export_sample(ask("a", ExportFormat::Unspecified)).await.unwrap_err();
    assert_eq!(unnamed.code(), Code::InvalidArgument);
    let nobody = client.export_sample(ask("z", ExportFormat::Svg)).await.unwrap_err();
    assert_eq!(nobody.code(), Code::NotFound);

    let place = tempfile::tempdir().unwrap();
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_larmor"));
    command.args(["report", "g/a", "--address", &server.address, "--format", "pdf,nmredata"]);
    let output = command.arg("--out").arg(place.path()).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    for name in ["a-1H.pdf", "a-13C.pdf", "a.nmredata.sdf"] {
        assert!(place.path().join(name).is_file(), "{name}: {output:?}");
    }
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_larmor"));
    command.args(["report", "g/a", "--address", &server.address, "--format", "pdf"]);
    let again = command.arg("--out").arg(place.path()).output().await.unwrap();
    let told = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(!again.status.success() && told.contains("--force"), "{told}");
    server.stop().await;
}
