//! Build script of every package with a program or tests that run RDKit or libtorch: tells the
//! linker where they lie, and the tests whether their data are there.
//!
//! A library's build script can name what to link, but not what a program of another package
//! has to carry; what it says for others comes in `DEP_*` variables.

#[path = "test_data.rs"]
mod test_data;

use std::env;

fn main() {
    test_data::main();
    // $ORIGIN first: an installed tree bin/larmor + lib/ wins over the build machine's paths.
    for (variable, installed) in
        [("DEP_LARMOR_RDKIT_LIB", "rdkit"), ("DEP_LARMOR_TORCH_LIB", "torch/lib")]
    {
        if let Ok(lib) = env::var(variable) {
            println!("cargo::rustc-link-arg=-Wl,-rpath,$ORIGIN/../lib/larmor/{installed}:{lib}");
        }
    }
    // The libraries of the wheels need stubs' symbols that are never called.
    println!("cargo::rustc-link-arg=-Wl,--allow-shlib-undefined");
}
