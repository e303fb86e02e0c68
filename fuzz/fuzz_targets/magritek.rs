//! A Magritek Spinsolve dataset: parameters, points.
#![no_main]

use larmor_fuzz::{directory, parts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [parameters, data] = parts(input);
    directory("magritek", &[("acqu.par", parameters), ("data.1d", data)]);
});
