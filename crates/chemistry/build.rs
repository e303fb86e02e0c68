//! Builds the RDKit bridge and names RDKit's libraries to the linker.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// RDKit's libraries, those that need others first.
const LIBRARIES: [&str; 10] = [
    "RDInchiLib",
    "ChemReactions",
    "MolDraw2D",
    "Descriptors",
    "FileParsers",
    "SmilesParse",
    "Depictor",
    "SubstructMatch",
    "GraphMol",
    "RDGeneral",
];

fn main() -> Result<(), Box<dyn Error>> {
    let sources =
        ["rdkit.rs", "rdkit.cc", "rdkit.h", "reactions.cc", "substructure.cc", "reading.h"];
    for file in sources {
        println!("cargo::rerun-if-changed=src/{file}");
    }
    println!("cargo::rerun-if-env-changed=LARMOR_RDKIT");
    let root = env::var_os("LARMOR_RDKIT").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../third_party/rdkit"),
        PathBuf::from,
    );
    let root = fs::canonicalize(&root).map_err(|cause| {
        format!("no RDKit in {} ({cause}): run ./dev setup or set LARMOR_RDKIT", root.display())
    })?;
    let (lib, include) = (root.join("lib"), root.join("include"));
    cxx_build::bridge("src/rdkit.rs")
        .file("src/rdkit.cc")
        .file("src/reactions.cc")
        .file("src/substructure.cc")
        .std("c++20")
        .flag("-isystem")
        .flag(include.join("rdkit"))
        .flag("-isystem")
        .flag(&include)
        .flag_if_supported("-w")
        .flag("-O2")
        .compile("larmor_rdkit");
    println!("cargo::rustc-link-search=native={}", lib.display());
    for stem in LIBRARIES {
        println!("cargo::rustc-link-lib=dylib:+verbatim={}", shared_library(&lib, stem)?);
    }
    // For the programs that are linked with them, and for this package's own tests.
    println!("cargo::metadata=LIB={}", lib.display());
    println!("cargo::rustc-link-arg=-Wl,-rpath,{}", lib.display());
    println!("cargo::rustc-link-arg=-Wl,--allow-shlib-undefined");
    Ok(())
}

/// File name of a library: the wheels name them libRDKitX-<hash>.so.1, distributions libRDKitX.so.
fn shared_library(lib: &Path, stem: &str) -> Result<String, Box<dyn Error>> {
    let plain = format!("libRDKit{stem}.so");
    let hashed = format!("libRDKit{stem}-");
    let mut found: Vec<String> = fs::read_dir(lib)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(&plain) || name.starts_with(&hashed))
        .collect();
    found.sort();
    found.into_iter().next().ok_or_else(|| format!("no libRDKit{stem} in {}", lib.display()).into())
}
