//! Parameters of a Bruker dataset, beside a FID of 1,024 values.
#![no_main]

use larmor_fuzz::directory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let fid: Vec<u8> = (0..1024i32).flat_map(|i| (i * i % 977 - 400).to_le_bytes()).collect();
    directory("bruker_acqus", &[("acqus", input), ("fid", &fid)]);
});
