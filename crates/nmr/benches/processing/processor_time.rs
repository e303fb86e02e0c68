//! Processor time of single datasets, one JSON line each.

use std::fs;
use std::path::Path;

use larmor_nmr::spectrum::ProcessingParameters;
use larmor_nmr::{fid, spectrum};

/// Runs of which the best counts.
const RUNS: usize = 5;

/// Reads and processes each dataset; those that cannot be processed are left out.
pub fn measure(paths: &[String]) {
    for path in paths {
        let best = (0..RUNS).filter_map(|_| milliseconds(Path::new(path))).reduce(f64::min);
        if let Some(best) = best {
            println!("{}", serde_json::json!({ "path": path, "ms": best }));
        }
    }
}

/// From files to peaks, in the processor time of this thread; the first run warms the plans.
fn milliseconds(path: &Path) -> Option<f64> {
    let start = thread_seconds();
    fid::inspect(path).ok()?;
    let fid = fid::read(path).ok()?;
    spectrum::process(&fid, &ProcessingParameters::default()).ok()?;
    Some((thread_seconds() - start) * 1e3)
}

/// Nanoseconds this thread has run, by the kernel's count.
fn thread_seconds() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ran = text.split(' ').next().and_then(|ran| ran.parse::<f64>().ok());
    ran.unwrap_or(0.0) * 1e-9
}
