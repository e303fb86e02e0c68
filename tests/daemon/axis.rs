//! One axis for all spectra of a tube.

use std::fs;
use std::path::Path;

use larmor_store::{EventKind, StoredSpectrum};

use crate::bruker::{acquire, arborinine};
use crate::events::{count, until};
use crate::running::TestDaemon;

/// Experiments of arborinine on a spectrometer whose zero is 2 ppm off.
fn acquire_displaced(expno: &str, path: &Path) {
    let made = acquire(arborinine(expno), path.with_file_name(format!("making-{expno}")));
    let acqus = fs::read(made.path.join("acqus")).unwrap();
    let text: String = acqus
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| {
            let line = String::from_utf8_lossy(line).into_owned();
            match line.strip_prefix("##$BF1= ").map(|mhz| mhz.trim().parse::<f64>().unwrap()) {
                Some(mhz) => format!("##$BF1= {:.9}\n", mhz * (1.0 + 2e-6)),
                None => line,
            }
        })
        .collect();
    fs::write(made.path.join("acqus"), text).unwrap();
    fs::rename(&made.path, path).unwrap();
}

fn method(spectrum: &StoredSpectrum) -> (&str, f64) {
    let referencing = &spectrum.referencing;
    (referencing["method"].as_str().unwrap(), referencing["shift_ppm"].as_f64().unwrap())
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_better_axis_that_comes_later_puts_the_earlier_spectra_right() {
    let daemon = TestDaemon::start().await;
    let sample = daemon.home().join("making");
    fs::create_dir_all(&sample).unwrap();
    fs::create_dir_all(daemon.experiment("rossi/S1")).unwrap();
    let place = |expno: &str| {
        acquire_displaced(expno, &sample.join(expno));
        fs::rename(sample.join(expno), daemon.experiment(&format!("rossi/S1/{expno}"))).unwrap();
    };
    let store = daemon.store().await;
    // DEPT shows no solvent: nothing puts its axis right.
    place("12");
    let events = until(&daemon, |events| count(events, EventKind::Processed) == 1).await;
    let dept = events.last().unwrap().acquisition;
    let alone = store.acquisition_spectrum(dept).await.unwrap().unwrap();
    assert_eq!(method(&alone).0, "carrier", "{:?}", alone.referencing);
    assert!(alone.quality.unwrap().score < 0.8, "an axis that nothing tells is not sure");
    // The 13C does; the DEPT follows it.
    place("11");
    let events = until(&daemon, |events| count(events, EventKind::Processed) == 3).await;
    assert_eq!(events.last().unwrap().sample, events[0].sample);
    let carbon = events.iter().map(|event| event.acquisition).find(|id| *id != dept).unwrap();
    let carbon = store.acquisition_spectrum(carbon).await.unwrap().unwrap();
    let together = store.acquisition_spectrum(dept).await.unwrap().unwrap();
    assert_ne!(together.id, alone.id);
    let ((by, carbon_shift), (sample, dept_shift)) = (method(&carbon), method(&together));
    assert_eq!((by, sample), ("solvent", "sample"));
    assert!((carbon_shift - 2.0).abs() < 0.05 && (dept_shift - carbon_shift).abs() < 0.01);
}
