//! A whole Bruker dataset: parameters, audit trail, points.
#![no_main]

use larmor_fuzz::{directory, parts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [acqus, audit, fid] = parts(input);
    directory("bruker_dataset", &[("acqus", acqus), ("audita.txt", audit), ("fid", fid)]);
});
