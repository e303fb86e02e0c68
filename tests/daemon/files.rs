//! Datasets that are one file: copied slowly, renamed into place, copied twice, not for us, broken.

use std::fs;
use std::io::Write;
use std::time::Duration;

use larmor_fixtures::test_data;
use larmor_store::{Event, EventBody, EventKind};

use crate::bruker::{acquire, arborinine};
use crate::events::{all, count, kinds, until};
use crate::running::TestDaemon;

const RUTIN: &str = "jeol/Rutin_3080ug200uL_DMSOd6_13CNMR_400MHz_Jeol.jdf";
const RUTIN_2D: &str = "jeol/Rutin_3080ug200uL_DMSOd6_HSQC_400MHz_Jeol.jdf";
const ASPIRIN: &str = "jcamp/aspirin-1h.fid.dx";
const RUTIN_2D_JCAMP: &str = "jcamp/Rutin_3080ug200uL_DMSOd6_HSQC_400MHz_JDX.jdx";

/// Settling time of these tests.
const SETTLE: Duration = Duration::from_millis(800);

async fn daemon() -> TestDaemon {
    let daemon = TestDaemon::with_settings(&[("LARMOR_WATCH__SETTLE", "800ms")]).await;
    fs::create_dir_all(daemon.experiment("rossi/S1")).unwrap();
    daemon
}

fn nuclei(events: &[Event]) -> Vec<String> {
    let nucleus = |event: &Event| match &event.body {
        EventBody::Processed { nucleus, .. } => Some(nucleus.to_string()),
        _ => None,
    };
    let mut nuclei: Vec<String> = events.iter().filter_map(nucleus).collect();
    nuclei.sort_unstable();
    nuclei
}

/// Waits until scans have begun and ended in which what lies there now had settled.
async fn settled(daemon: &TestDaemon) {
    tokio::time::sleep(SETTLE).await;
    daemon.scanned(2).await;
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_file_that_is_copied_slowly_is_never_processed_half() {
    let daemon = daemon().await;
    let places = [(RUTIN, "rossi/S1/13c.jdf"), (ASPIRIN, "rossi/S1/1h.fid.dx")];
    let mut open = Vec::new();
    for (source, place) in places {
        let bytes = fs::read(test_data(source)).unwrap();
        let mut file = fs::File::create(daemon.experiment(place)).unwrap();
        file.write_all(&bytes[..bytes.len() / 2]).unwrap();
        open.push((file, bytes));
    }
    until(&daemon, |events| count(events, EventKind::Discovered) == 2).await;
    settled(&daemon).await;
    // A JCAMP-DX file without its end has failed once it was left alone, until it goes on.
    let early = all(&daemon).await;
    assert_eq!(count(&early, EventKind::Discovered), 2, "{:?}", kinds(&early));
    assert_eq!(count(&early, EventKind::Failed), 1, "{:?}", kinds(&early));
    assert_eq!(early.len(), 3, "{:?}", kinds(&early));
    for (mut file, bytes) in open {
        file.write_all(&bytes[bytes.len() / 2..]).unwrap();
    }
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) >= 1).await;
    let events = match count(&events, EventKind::Processed) {
        2 => events,
        _ => until(&daemon, |events| count(events, EventKind::Processed) == 2).await,
    };
    assert_eq!(nuclei(&events), ["13C", "1H"]);
    assert_eq!(count(&events, EventKind::Discovered), 2, "{:?}", kinds(&events));
    // Both are spectra of the sample that the directory is.
    assert!(events.iter().all(|e| (&*e.group, &*e.sample_name) == ("rossi", "S1")));
    let store = daemon.store().await;
    let row = store.acquisition(events[0].acquisition).await.unwrap();
    assert!(["13c", "1h"].contains(&row.experiment_number.as_deref().unwrap()), "{row:?}");
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_file_is_met_when_it_has_its_own_name() {
    let daemon = daemon().await;
    for (source, temporary, name) in
        [(RUTIN, ".13c.jdf.Xy12Ab", "13c.jdf"), (ASPIRIN, "1h.fid.dx.part", "1h.fid.dx")]
    {
        let temporary = daemon.experiment("rossi/S1").join(temporary);
        fs::copy(test_data(source), &temporary).unwrap();
        settled(&daemon).await;
        let names: Vec<_> = kinds(&all(&daemon).await);
        assert!(names.iter().all(|(_, place)| !place.ends_with(name)), "{names:?}");
        fs::rename(&temporary, daemon.experiment("rossi/S1").join(name)).unwrap();
        let place = format!("S1/{name}");
        until(&daemon, |events| kinds(events).contains(&(EventKind::Processed, place.clone())))
            .await;
    }
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_second_copy_is_processed_nowhere_and_told_where_it_is_another_samples() {
    let daemon = daemon().await;
    fs::copy(test_data(RUTIN), daemon.experiment("rossi/S1/13c.jdf")).unwrap();
    until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    let original = all(&daemon).await[0].acquisition;
    fs::copy(test_data(RUTIN), daemon.experiment("rossi/S1/copy of 13c.jdf")).unwrap();
    fs::create_dir_all(daemon.experiment("rossi/backup")).unwrap();
    fs::copy(test_data(RUTIN), daemon.experiment("rossi/backup/copy of 13c.jdf")).unwrap();
    let events = until(&daemon, |events| count(events, EventKind::Skipped) == 1).await;
    let EventBody::Skipped { reason } = &events.last().unwrap().body else {
        panic!("{:?}", kinds(&events))
    };
    assert_eq!(*reason, format!("a copy of acquisition {original} of sample S1"));
    assert_eq!(events.last().unwrap().sample_name, "backup");
    daemon.scanned(2).await;
    assert_eq!(all(&daemon).await.len(), events.len(), "nothing is told or done twice");
    let row = daemon.store().await.acquisition(original).await.unwrap();
    assert!(row.path.contains("/rossi/S1/"), "{}", row.path);
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn files_that_are_not_processed_are_told_with_the_reason_and_disturb_nothing() {
    let daemon = daemon().await;
    for (source, name) in [(RUTIN_2D, "hsqc.jdf"), (RUTIN_2D_JCAMP, "hsqc.jdx")] {
        fs::copy(test_data(source), daemon.experiment("rossi/S1").join(name)).unwrap();
    }
    fs::write(daemon.experiment("rossi/S1/rubbish.jdf"), "no spectrum at all\n".repeat(500))
        .unwrap();
    fs::write(daemon.experiment("rossi/S1/empty.jdf"), "").unwrap();
    std::os::unix::fs::symlink(test_data(RUTIN), daemon.experiment("rossi/S1/link.jdf")).unwrap();
    let events = until(&daemon, |events| {
        count(events, EventKind::Skipped) == 2 && count(events, EventKind::Failed) >= 1
    })
    .await;
    let reason = |name: &str| {
        let of = |event: &&Event| event.path.ends_with(name);
        events.iter().filter(of).find_map(|event| match &event.body {
            EventBody::Skipped { reason } | EventBody::Failed { reason, .. } => {
                Some((event.body.kind(), reason.clone()))
            }
            _ => None,
        })
    };
    for name in ["hsqc.jdf", "hsqc.jdx"] {
        let (kind, reason) = reason(name).unwrap();
        assert_eq!(kind, EventKind::Skipped, "{name}: {reason}");
        assert!(reason.contains("dimension"), "{name}: {reason}");
    }
    let (kind, rubbish) = reason("rubbish.jdf").unwrap();
    assert_eq!(kind, EventKind::Failed, "{rubbish}");
    assert!(rubbish.len() > 10, "{rubbish}");

    fs::copy(test_data(RUTIN), daemon.experiment("rossi/S1/13c.jdf")).unwrap();
    acquire(arborinine("11"), daemon.experiment("rossi/EN4/11"));
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 2).await;
    assert!(events.iter().all(|event| !event.path.ends_with("link.jdf")));
}
