//! From a directory a spectrometer writes into to events, in order and once.

use std::fs;

use larmor_nmr::elucidation::Verdict;
use larmor_nmr::fid::Nucleus;
use larmor_store::{AcquisitionState, EventBody, EventKind};

use crate::bruker::{RunningExperiment, acquire, arborinine};
use crate::events::{all, count, kinds, until};
use crate::running::TestDaemon;

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn an_acquisition_is_discovered_processed_and_elucidated_once_it_is_complete() {
    let daemon = TestDaemon::start().await;
    let path = daemon.experiment("rossi/EN4/11");
    let acquisition = RunningExperiment::begin(arborinine("11"), path);
    until(&daemon, |events| count(events, EventKind::Discovered) == 1).await;
    for share in [0.1, 0.5, 1.0] {
        acquisition.scan(share);
        daemon.scanned(1).await;
    }
    // All points are there, the word that this is the end is not.
    let early = all(&daemon).await;
    assert_eq!(count(&early, EventKind::Processed), 0, "{:?}", kinds(&early));

    acquisition.finish();
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    let of = |kind| (kind, "EN4/11".to_owned());
    assert_eq!(
        kinds(&events),
        [of(EventKind::Discovered), of(EventKind::Processed), of(EventKind::Elucidated)]
    );
    let cursors: Vec<i64> = events.iter().map(|event| event.cursor).collect();
    assert!(cursors.is_sorted_by(|a, b| a < b), "{cursors:?}");
    let EventBody::Processed { nucleus, peaks, .. } = &events[1].body else { unreachable!() };
    assert_eq!((nucleus, peaks.compound), (&Nucleus::Carbon, 16));

    daemon.scanned(2).await;
    assert_eq!(all(&daemon).await.len(), 3, "later scans tell nothing new");
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn spectra_of_one_sample_are_judged_together() {
    let daemon = TestDaemon::start().await;
    fs::create_dir_all(daemon.experiment("rossi/EN4")).unwrap();
    let structure = arborinine("11").join("../../compound1.nmredata.sdf");
    fs::copy(structure, daemon.experiment("rossi/EN4/structure.sdf")).unwrap();
    acquire(arborinine("10"), daemon.experiment("rossi/EN4/10"));
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    let EventBody::Elucidated { verdict, reasons, .. } = &events.last().unwrap().body else {
        panic!("{:?}", kinds(&events))
    };
    assert_eq!(*verdict, Verdict::Consistent, "its hydrogens are those of the structure");
    assert!(reasons.iter().any(|reason| reason.contains("1H alone")), "{reasons:?}");

    acquire(arborinine("11"), daemon.experiment("rossi/EN4/11"));
    until(&daemon, |events| count(events, EventKind::Elucidated) == 2).await;
    acquire(arborinine("12"), daemon.experiment("rossi/EN4/12"));
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 3).await;
    let revisions: Vec<i32> = events
        .iter()
        .filter_map(|event| match &event.body {
            EventBody::Elucidated { revision, .. } => Some(*revision),
            _ => None,
        })
        .collect();
    assert_eq!(revisions, [1, 2, 3]);
    let EventBody::Elucidated { elucidation, candidates, verdict, .. } =
        &events.last().unwrap().body
    else {
        panic!("{:?}", kinds(&events))
    };
    let proposed = candidates.iter().find(|c| c.source == "proposed").unwrap();
    assert_eq!(proposed.formula, "C16H15NO4");
    assert_eq!(*verdict, Verdict::Consistent, "it is what the sample is");
    let carbons = proposed.assignments.iter().filter(|a| a.nucleus == Nucleus::Carbon).count();
    assert_eq!(carbons, 16);
    let stored = daemon.store().await.elucidation(*elucidation).await.unwrap();
    assert_eq!(stored.spectra.len(), 3, "13C, 1H and DEPT135");
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn data_that_are_not_processed_are_told_with_the_reason() {
    let daemon = TestDaemon::with_settings(&[("LARMOR_WATCH__SETTLE", "300ms")]).await;
    // An ended 2D experiment, a fid cut off under its audit trail, a 13C off the path rule.
    acquire(arborinine("13"), daemon.experiment("rossi/EN4/13"));
    let short = RunningExperiment::begin(arborinine("11"), daemon.experiment("rossi/EN4/11"));
    short.finish();
    short.scan(0.3);
    acquire(arborinine("11"), daemon.experiment("stray/11"));
    let events = until(&daemon, |events| {
        count(events, EventKind::Skipped) == 2 && count(events, EventKind::Discovered) == 3
    })
    .await;
    let reason = |expno: &str, kind| {
        events
            .iter()
            .filter(|event| event.path.ends_with(expno))
            .find_map(|event| match &event.body {
                EventBody::Skipped { reason } if kind == EventKind::Skipped => Some(reason.clone()),
                EventBody::Discovered { reason, .. } if kind == EventKind::Discovered => {
                    Some(reason.clone())
                }
                _ => None,
            })
            .unwrap_or_default()
    };
    assert!(reason("EN4/13", EventKind::Skipped).contains("two or more dimensions"));
    assert!(reason("stray/11", EventKind::Skipped).contains("{group}/{sample}/{expno}"));
    assert!(reason("EN4/11", EventKind::Discovered).contains("bytes"), "{events:#?}");
    daemon.scanned(2).await;
    assert_eq!(count(&all(&daemon).await, EventKind::Processed), 0);
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_sample_whose_directory_is_renamed_or_given_away_stays_one() {
    let daemon = TestDaemon::start().await;
    for expno in ["10", "11"] {
        acquire(arborinine(expno), daemon.experiment(&format!("rossi/EN4/{expno}")));
    }
    acquire(arborinine("13"), daemon.experiment("rossi/EN4/13"));
    let events = until(&daemon, |events| {
        count(events, EventKind::Elucidated) == 2 && count(events, EventKind::Skipped) == 1
    })
    .await;
    let sample = events[0].sample;
    fs::rename(daemon.experiment("rossi/EN4"), daemon.experiment("rossi/EN4-pure")).unwrap();
    until(&daemon, |events| count(events, EventKind::Moved) == 2).await;
    daemon.scanned(2).await;
    fs::create_dir_all(daemon.experiment("bianchi")).unwrap();
    fs::rename(daemon.experiment("rossi/EN4-pure"), daemon.experiment("bianchi/EN4")).unwrap();
    // Each acquisition is told to the group that it leaves and to the one it comes to.
    let events = until(&daemon, |events| count(events, EventKind::Moved) >= 5).await;
    daemon.scanned(2).await;

    let store = daemon.store().await;
    let summary = store.sample(sample).await.unwrap();
    assert_eq!((summary.group.as_str(), summary.name.as_str()), ("bianchi", "EN4"));
    assert_eq!(summary.judgement.unwrap().revision, 2, "nothing was judged anew");
    assert_eq!(count(&all(&daemon).await, EventKind::Processed), 2, "{:?}", kinds(&events));
    let left = events.iter().filter(|event| match event.body {
        EventBody::Moved { left_group, .. } => left_group && event.group == "rossi",
        _ => false,
    });
    assert!(left.count() >= 1);
    // What is measured there next is judged with what there is.
    acquire(arborinine("12"), daemon.experiment("bianchi/EN4/12"));
    until(&daemon, |events| count(events, EventKind::Elucidated) == 3).await;
    assert_eq!(store.sample(sample).await.unwrap().judgement.unwrap().revision, 3);
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_directory_that_vanishes_midway_disturbs_nothing() {
    let daemon = TestDaemon::start().await;
    let lost = RunningExperiment::begin(arborinine("11"), daemon.experiment("rossi/LOST/11"));
    lost.scan(0.5);
    until(&daemon, |events| count(events, EventKind::Discovered) == 1).await;
    fs::remove_dir_all(daemon.experiment("rossi/LOST")).unwrap();
    let events = until(&daemon, |events| count(events, EventKind::Vanished) == 1).await;
    let EventBody::Vanished { reason } = &events[1].body else { panic!("{events:#?}") };
    assert!(reason.contains("before it was complete"), "{reason}");
    let row = daemon.store().await.acquisition(events[1].acquisition).await.unwrap();
    assert_eq!((row.state, row.nucleus), (AcquisitionState::Vanished, Some(Nucleus::Carbon)));

    acquire(arborinine("11"), daemon.experiment("rossi/EN4/11"));
    until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    // It comes back, whole: a copy elsewhere of what is known by now.
    acquire(arborinine("11"), daemon.experiment("rossi/LOST/11"));
    let events = until(&daemon, |events| count(events, EventKind::Skipped) == 1).await;
    assert_eq!(count(&events, EventKind::Processed), 1);
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_dataset_that_vanished_and_comes_back_complete_goes_on_as_one_acquisition() {
    let daemon = TestDaemon::start().await;
    let path = daemon.experiment("rossi/LOST/11");
    let lost = RunningExperiment::begin(arborinine("11"), path.clone());
    lost.scan(0.5);
    until(&daemon, |events| count(events, EventKind::Discovered) == 1).await;
    fs::remove_dir_all(&path).unwrap();
    until(&daemon, |events| count(events, EventKind::Vanished) == 1).await;

    acquire(arborinine("11"), path);
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    let kinds: Vec<_> = events.iter().map(|event| event.body.kind()).collect();
    let expected =
        [EventKind::Discovered, EventKind::Vanished, EventKind::Processed, EventKind::Elucidated];
    assert_eq!(kinds, expected);
    assert!(events.iter().all(|event| event.acquisition == events[0].acquisition));
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn whole_trees_of_snapshots_and_waste_are_no_samples() {
    let daemon = TestDaemon::start().await;
    for name in [".snapshot", ".Trash-0", "#recycle", "@eaDir"] {
        let elsewhere = daemon.home().join("elsewhere");
        acquire(arborinine("12"), elsewhere.join("EN4/12"));
        fs::rename(elsewhere, daemon.experiment(name)).unwrap();
    }
    acquire(arborinine("11"), daemon.experiment("rossi/EN4/11"));
    until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    daemon.scanned(2).await;
    let events = all(&daemon).await;
    assert!(events.iter().all(|event| event.path.ends_with("rossi/EN4/11")), "{events:#?}");
}
