//! Molecules: parsed from SMILES or mol blocks into graphs of heavy atoms, with formula,
//! symmetry classes and InChIKey. Knows nothing of spectra.
//!
//! RDKit reads the structures, through a small bridge in C++; what it must not see (chains and
//! cages it could not bear) is refused before.
//!
//! ```
//! use larmor_chemistry::Molecule;
//!
//! let toluene = Molecule::from_smiles("Cc1ccccc1")?;
//! assert_eq!(toluene.formula.to_string(), "C7H8");
//! // Both ortho carbons are one class: they show one line.
//! assert_eq!(toluene.symmetry[2], toluene.symmetry[6]);
//! # Ok::<(), larmor_chemistry::MoleculeError>(())
//! ```

mod couplings;
mod drawing;
mod error;
mod fingerprint;
mod formula;
mod graph;
mod isomorphism;
mod isotopes;
mod limits;
mod mol_block;
mod molecule;
mod rdkit;
mod rdkit_functions;
mod reactions;
mod stereoisomers;
mod substructure;

pub use couplings::{GEMINAL_HZ, TypicalCoupling, exchanges, typical_couplings};
pub use drawing::{Drawing, DrawnAtom, draw, draw_molblock};
pub use error::MoleculeError;
pub use fingerprint::Fingerprint;
pub use formula::{Formula, FormulaError};
pub use graph::{Bond, BondType, Hybridisation, MolecularGraph};
pub use isomorphism::isomorphism;
pub use mol_block::{inchi, mol_block};
pub use molecule::Molecule;
pub use rdkit_functions::{chemistry_version, crippen_logp};
pub use reactions::reaction_products;
pub use stereoisomers::{double_bond_isomers, epimers};
pub use substructure::has_substructure;
