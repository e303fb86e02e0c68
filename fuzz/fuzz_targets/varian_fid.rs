//! Points and block headers of a Varian dataset.
#![no_main]

use larmor_fuzz::{directory, parts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [procpar, fid] = parts(input);
    directory("varian_fid", &[("procpar", procpar), ("fid", fid)]);
});
