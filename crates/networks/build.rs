//! Tells the programs that link this crate where libtorch lies.

use std::env;
use std::fs;
use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-env-changed=LIBTORCH");
    if let Some(root) = env::var_os("LIBTORCH") {
        let lib = PathBuf::from(root).join("lib");
        let lib = fs::canonicalize(&lib).unwrap_or(lib);
        println!("cargo::metadata=LIB={}", lib.display());
        println!("cargo::rustc-link-arg=-Wl,-rpath,{}", lib.display());
    }
    // This package's own tests run RDKit, too.
    if let Ok(rdkit) = env::var("DEP_LARMOR_RDKIT_LIB") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{rdkit}");
    }
    println!("cargo::rustc-link-arg=-Wl,--allow-shlib-undefined");
}
