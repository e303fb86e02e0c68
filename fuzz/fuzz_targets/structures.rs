//! Structure files beside a dataset: the first byte chooses the format.
#![no_main]

use larmor_fuzz::structures;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [choice, input @ ..] = input else { return };
    let name = ["a.mol", "a.sdf", "a.smi"][usize::from(*choice) % 3];
    structures(name, input);
});
