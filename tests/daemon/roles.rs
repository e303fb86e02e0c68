//! One process that watches and another that processes, on one database. What happens to the
//! data between the two shows what a worker does about it.

use std::fs;

use larmor_nmr::fid::Nucleus;
use larmor_store::{AcquisitionState, EventBody, EventKind};

use crate::bruker::{acquire, arborinine, variant};
use crate::events::{count, until};
use crate::running::TestDaemon;

const WATCH: [(&str, &str); 1] = [("LARMOR_ROLES", "[\"watch\"]")];
const PROCESS: [(&str, &str); 1] = [("LARMOR_ROLES", "[\"process\"]")];

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn two_workers_share_the_work_and_do_nothing_twice() {
    let watching = TestDaemon::with_settings(&WATCH).await;
    let (_one, _two) = (watching.beside(&PROCESS).await, watching.beside(&PROCESS).await);
    for number in 1..9 {
        variant(number, &watching.experiment(&format!("rossi/S{number}/11")));
    }
    let events = until(&watching, |events| count(events, EventKind::Elucidated) >= 8).await;
    for kind in [EventKind::Discovered, EventKind::Processed, EventKind::Elucidated] {
        assert_eq!(count(&events, kind), 8);
    }
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn data_that_are_away_are_tried_again() {
    let watching = TestDaemon::with_settings(&WATCH).await;
    let path = watching.experiment("rossi/S1/11");
    variant(1, &path);
    until(&watching, |events| count(events, EventKind::Discovered) == 1).await;
    let away = watching.home().join("away");
    fs::rename(&path, &away).unwrap();
    let processing = watching.beside(&PROCESS).await;
    processing.logged("not processed").await;
    fs::rename(&away, &path).unwrap();
    let events = until(&watching, |events| count(events, EventKind::Elucidated) == 1).await;
    assert_eq!(count(&events, EventKind::Failed), 0);
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn data_that_were_replaced_before_they_were_processed_are_not_taken_for_what_was_seen() {
    let mut watching = TestDaemon::with_settings(&WATCH).await;
    let path = watching.experiment("rossi/S1/11");
    variant(1, &path);
    until(&watching, |events| count(events, EventKind::Discovered) == 1).await;
    watching.terminate();
    variant(2, &path);
    let _processing = watching.beside(&PROCESS).await;
    let events = until(&watching, |events| count(events, EventKind::Superseded) == 1).await;
    let EventBody::Superseded { reason } = &events.last().unwrap().body else { unreachable!() };
    assert!(reason.contains("no longer holds what was seen there"), "{reason}");
    let row = watching.store().await.acquisition(events[0].acquisition).await.unwrap();
    assert_eq!(row.state, AcquisitionState::Superseded);

    // The new content is an acquisition of its own.
    watching.begin().await;
    let events = until(&watching, |events| count(events, EventKind::Elucidated) == 1).await;
    assert_eq!(count(&events, EventKind::Discovered), 2);
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn part_of_the_carbons_alone_is_processed_and_the_event_says_why_nothing_was_judged() {
    let daemon = TestDaemon::start().await;
    acquire(arborinine("12"), daemon.experiment("rossi/EN4/12"));
    let events = until(&daemon, |events| count(events, EventKind::Processed) == 1).await;
    let EventBody::Processed { nucleus, unjudged, .. } = &events[1].body else { unreachable!() };
    assert_eq!(*nucleus, Nucleus::Carbon);
    assert!(unjudged.as_ref().unwrap().contains("every carbon"), "{unjudged:?}");
}
