//! Builds the RDKit bridge, compiles the protocol, and tells the linker where libtorch lies.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    protocol()?;
    rdkit()?;
    libtorch();
    Ok(())
}

fn protocol() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let mut files: Vec<PathBuf> = fs::read_dir("proto/larmor/v1")?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let descriptors = protox::compile(files, ["proto"])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("larmor_descriptor.bin"), prost::Message::encode_to_vec(&descriptors))?;
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}

fn rdkit() -> Result<(), Box<dyn Error>> {
    for file in ["rdkit.rs", "rdkit.cc", "rdkit.h"] {
        println!("cargo::rerun-if-changed=src/molecule/{file}");
    }
    println!("cargo::rerun-if-env-changed=LARMOR_RDKIT");
    let root = env::var_os("LARMOR_RDKIT").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("third_party/rdkit"),
        PathBuf::from,
    );
    let root = fs::canonicalize(&root).map_err(|cause| {
        format!("no RDKit in {} ({cause}): run ./dev setup or set LARMOR_RDKIT", root.display())
    })?;
    let (lib, include) = (root.join("lib"), root.join("include"));
    cxx_build::bridge("src/molecule/rdkit.rs")
        .file("src/molecule/rdkit.cc")
        .std("c++20")
        .flag("-isystem")
        .flag(include.join("rdkit"))
        .flag("-isystem")
        .flag(&include)
        .flag_if_supported("-w")
        .flag("-O2")
        .compile("larmor_rdkit");
    for stem in [
        "RDInchiLib",
        "MolDraw2D",
        "Descriptors",
        "FileParsers",
        "SmilesParse",
        "Depictor",
        "GraphMol",
        "RDGeneral",
    ] {
        println!("cargo::rustc-link-arg={}", shared_library(&lib, stem)?.display());
    }
    // $ORIGIN first: an installed tree bin/larmor + lib/ wins over the build machine's paths.
    println!("cargo::rustc-link-arg=-Wl,-rpath,$ORIGIN/../lib/larmor/rdkit:{}", lib.display());
    println!("cargo::rustc-link-arg=-Wl,--allow-shlib-undefined");
    Ok(())
}

/// The wheels name their libraries libRDKitX-<hash>.so.1, distributions libRDKitX.so.
fn shared_library(lib: &Path, stem: &str) -> Result<PathBuf, Box<dyn Error>> {
    let plain = format!("libRDKit{stem}.so");
    let hashed = format!("libRDKit{stem}-");
    let mut found: Vec<PathBuf> = fs::read_dir(lib)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            let name =
                path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            name.starts_with(&plain) || name.starts_with(&hashed)
        })
        .collect();
    found.sort();
    found.into_iter().next().ok_or_else(|| format!("no libRDKit{stem} in {}", lib.display()).into())
}

fn libtorch() {
    println!("cargo::rerun-if-env-changed=LIBTORCH");
    if let Some(root) = env::var_os("LIBTORCH") {
        let lib = PathBuf::from(root).join("lib");
        let lib = fs::canonicalize(&lib).unwrap_or(lib);
        println!(
            "cargo::rustc-link-arg=-Wl,-rpath,$ORIGIN/../lib/larmor/torch/lib:{}",
            lib.display()
        );
    }
}
