//! Build script of every package whose tests need data that are not part of the project: tells
//! them whether the data are there, so that tests without their data are shown as ignored.
//!
//! - `cfg(test_data)`: real datasets that set-up fetches lie in `third_party/test-data`;
//! - `cfg(reference_data)`: `LARMOR_REFERENCE_DATA` names a folder of reference acquisitions.

use std::env;
use std::path::PathBuf;

/// Sets what is there of the two.
pub fn main() {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    if let Some(project) = package.ancestors().find(|folder| folder.join("Cargo.lock").exists()) {
        let complete = project.join("third_party/test-data/complete");
        println!("cargo::rerun-if-changed={}", complete.display());
        if complete.exists() {
            println!("cargo::rustc-cfg=test_data");
        }
    }
    println!("cargo::rerun-if-env-changed=LARMOR_REFERENCE_DATA");
    if env::var_os("LARMOR_REFERENCE_DATA").is_some() {
        println!("cargo::rustc-cfg=reference_data");
    }
}
