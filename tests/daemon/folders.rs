//! Datasets that are folders of other vendors: followed from the first file to the end of the scans.

use std::fs;
use std::path::Path;
use std::time::Duration;

use larmor_nmr::fid::{Nucleus, Solvent, Vendor};
use larmor_store::{EventBody, EventKind};

use crate::events::{all, count, kinds, until};
use crate::running::TestDaemon;
use larmor_fixtures::instruments::magritek::{ACQU, POINTS, data};
use larmor_fixtures::instruments::{stored_line, varian};

/// Settling time of these tests.
const SETTLE: Duration = Duration::from_millis(800);

async fn daemon() -> TestDaemon {
    TestDaemon::with_settings(&[("LARMOR_WATCH__SETTLE", "800ms")]).await
}

/// Waits until scans have begun and ended in which what lies there now had settled.
async fn settled(daemon: &TestDaemon) {
    tokio::time::sleep(SETTLE).await;
    daemon.scanned(2).await;
}

/// A Varian run that has stored 7 of its 16 scans, seen and left alone.
async fn varian_running(daemon: &TestDaemon, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let running = varian::Dataset {
        scans: vec![7],
        log: None,
        ..varian::Dataset::with(&[("ct", "7"), ("time_saved", "\"\"")])
    };
    fs::write(folder.join("procpar"), running.procpar()).unwrap();
    fs::write(folder.join("fid"), running.fid()).unwrap();
    fs::write(folder.join("log"), "Mon Jan 8: Experiment started\n").unwrap();
    until(daemon, |events| count(events, EventKind::Discovered) == 1).await;
    settled(daemon).await;
}

#[tokio::test]
async fn a_varian_dataset_is_processed_when_its_log_says_so() {
    let daemon = daemon().await;
    let folder = daemon.experiment("rossi/S1/proton.fid");
    varian_running(&daemon, &folder).await;
    let early = all(&daemon).await;
    assert_eq!(early.len(), 1, "7 of 16 scans: {:?}", kinds(&early));

    let done = varian::Dataset::default();
    fs::write(folder.join("fid"), done.fid()).unwrap();
    fs::write(folder.join("procpar"), done.procpar()).unwrap();
    fs::write(folder.join("log"), done.log.unwrap()).unwrap();
    let events = until(&daemon, |events| count(events, EventKind::Processed) == 1).await;
    assert_eq!(count(&events, EventKind::Discovered), 1, "{:?}", kinds(&events));
    let processed = events.iter().find(|event| event.body.kind() == EventKind::Processed).unwrap();
    let EventBody::Processed { nucleus, frequency_mhz, .. } = &processed.body else {
        unreachable!()
    };
    assert_eq!((nucleus, frequency_mhz.round()), (&Nucleus::Proton, 400.0));
    let row = daemon.store().await.acquisition(processed.acquisition).await.unwrap();
    assert_eq!((row.vendor.known(), row.sample_name.as_str()), (Some(&Vendor::Varian), "S1"));
}

#[tokio::test]
async fn a_spinsolve_dataset_is_processed_once_every_point_is_there() {
    let daemon = daemon().await;
    let folder = daemon.experiment("rossi/S1/240108-proton");
    fs::create_dir_all(&folder).unwrap();
    let bytes = data(504, &stored_line(0.125, POINTS, 100.0));
    fs::write(folder.join("acqu.par"), ACQU).unwrap();
    fs::write(folder.join("data.1d"), &bytes[..bytes.len() / 2]).unwrap();
    until(&daemon, |events| count(events, EventKind::Discovered) == 1).await;
    settled(&daemon).await;
    let early = all(&daemon).await;
    assert_eq!(early.len(), 1, "half of the points: {:?}", kinds(&early));

    fs::write(folder.join("data.1d"), &bytes).unwrap();
    let events = until(&daemon, |events| count(events, EventKind::Processed) == 1).await;
    let processed = events.iter().find(|event| event.body.kind() == EventKind::Processed).unwrap();
    let EventBody::Processed { solvent, .. } = &processed.body else { unreachable!() };
    assert_eq!(*solvent, Some(Solvent::DimethylSulfoxide.into()));
    let row = daemon.store().await.acquisition(processed.acquisition).await.unwrap();
    assert_eq!(row.vendor.known(), Some(&Vendor::Magritek));
}

/// The expert software's name for the points; the vendor's spectrum then says that they are whole.
#[tokio::test]
async fn a_spinsolve_dataset_under_its_other_name_is_processed_as_soon() {
    let daemon = daemon().await;
    let folder = daemon.experiment("rossi/S1/240108-expert");
    fs::create_dir_all(&folder).unwrap();
    let bytes = data(504, &stored_line(0.125, POINTS, 100.0));
    fs::write(folder.join("acqu.par"), ACQU).unwrap();
    until(&daemon, |events| count(events, EventKind::Discovered) == 1).await;
    settled(&daemon).await;

    fs::write(folder.join("fid.1d"), &bytes).unwrap();
    until(&daemon, |events| count(events, EventKind::Processed) == 1).await;
}

/// Nothing but `log` changes at the end of a run whose scans were all stored before.
#[tokio::test]
async fn a_varian_dataset_whose_log_alone_is_closed_is_processed() {
    let daemon = daemon().await;
    let folder = daemon.experiment("rossi/S1/halted.fid");
    varian_running(&daemon, &folder).await;

    let closed = "Mon Jan 8: Experiment started\nMon Jan 8: Acquisition complete\n";
    fs::write(folder.join("log"), closed).unwrap();
    until(&daemon, |events| count(events, EventKind::Processed) == 1).await;
}
