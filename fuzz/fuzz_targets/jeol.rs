//! JEOL Delta files.
#![no_main]

use larmor_fuzz::file;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| file("jeol.jdf", input));
