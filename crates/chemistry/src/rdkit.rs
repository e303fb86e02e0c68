//! The bridge to RDKit: text in, plain records out.
//!
//! `unsafe` here is only cxx's way of saying that the C++ signatures below are what they claim.
#![allow(
    unsafe_code,
    missing_docs,
    unused_qualifications,
    clippy::unwrap_used,
    clippy::expect_used
)]

#[cxx::bridge(namespace = "larmor")]
pub(super) mod ffi {
    /// A molecule without explicit hydrogens, atom by atom and bond by bond.
    #[derive(Default, Debug)]
    struct Record {
        /// Index of each atom in the input, hydrogens counted there.
        source: Vec<u32>,
        element: Vec<u8>,
        charge: Vec<i8>,
        hydrogens: Vec<u8>,
        degree: Vec<u8>,
        hybridisation: Vec<u8>,
        chiral_tag: Vec<u8>,
        cip: Vec<u8>,
        aromatic: Vec<bool>,
        radicals: Vec<u8>,
        ring_sizes: Vec<u8>,
        ring_count: Vec<u8>,
        begin: Vec<u32>,
        end: Vec<u32>,
        bond_type: Vec<u8>,
        bond_direction: Vec<u8>,
        bond_stereo: Vec<u8>,
        bond_conjugated: Vec<bool>,
        bond_in_ring: Vec<bool>,
        symmetry: Vec<u32>,
        formula: String,
        canonical_smiles: String,
        inchikey: String,
    }

    /// A drawing, and where each atom of the input lies in it.
    #[derive(Default, Debug)]
    struct Picture {
        svg: String,
        x: Vec<f64>,
        y: Vec<f64>,
        element: Vec<String>,
        hydrogens: Vec<u8>,
    }

    unsafe extern "C++" {
        include!("larmor-chemistry/src/rdkit.h");
        fn read_smiles(text: &str, identity: bool) -> Result<Record>;
        fn read_molblock(text: &str, identity: bool) -> Result<Record>;
        fn draw(structure: &str, molblock: bool, width: i32, height: i32) -> Result<Picture>;
        fn mol_block(smiles: &str) -> Result<String>;
        fn inchi(smiles: &str) -> Result<String>;
        fn crippen_logp(smiles: &str) -> Result<f64>;
        fn rdkit_version() -> String;
        fn reaction_products(smiles: &str, smarts: &str, most: u32) -> Result<Vec<String>>;
        fn has_substructure(
            pattern: &str,
            structures: &[String],
            milliseconds: u32,
        ) -> Result<Vec<bool>>;
        fn double_bond_isomers(smiles: &str) -> Result<Vec<String>>;
    }
}
