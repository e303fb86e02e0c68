//! Graph isomorphism network (Xu et al., 2019) with bond embeddings:
//!
//! ```text
//! h_i = MLP(sum over j in N(i) and i itself of x_j + e_ij)
//! x_i = dropout(ReLU(BatchNorm(h_i)))        no ReLU after the last layer
//! ```

use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use super::batch::{ATOM_TABLES, BOND_TABLES, GinBatch, SELF_LOOP};
use crate::error::NetworkError;
use crate::layers::{BatchNorm, Dense, Embedding};
use crate::parameters::Parameters;

/// The atom tables, in the order of [`ATOM_TABLES`].
const ATOMS: [&str; 7] =
    ["element", "chirality", "hybridisation", "hydrogens", "charge", "ring", "rings"];
/// The bond tables, in the order of [`BOND_TABLES`].
const BONDS: [&str; 3] = ["order", "configuration", "surroundings"];

/// What a graph network is told of atoms and bonds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AtomDescription {
    /// As K-M3AID: element, chirality, hybridisation; order and configuration of bonds.
    #[default]
    Published,
    /// As ACML: the same without hybridisation.
    WithoutHybridisation,
    /// Also hydrogens, charge and rings, conjugation and rings of bonds; what a layer finds is added
    /// to what went into it.
    Full,
}

impl AtomDescription {
    fn atoms(self) -> &'static [&'static str] {
        match self {
            Self::Published => &ATOMS[..3],
            Self::WithoutHybridisation => &ATOMS[..2],
            Self::Full => &ATOMS,
        }
    }

    fn bonds(self) -> &'static [&'static str] {
        if self == Self::Full { &BONDS } else { &BONDS[..2] }
    }
}

/// Size of a graph network.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GinSize {
    pub(crate) layers: i64,
    pub(crate) width: i64,
    pub(crate) dropout: f64,
    pub(crate) description: AtomDescription,
}

impl GinSize {
    /// That of the networks that ship.
    pub(crate) fn shipped() -> Self {
        Self { layers: 6, width: 128, dropout: 0.05, description: AtomDescription::Full }
    }
}

struct Layer {
    /// A table for each property of a bond.
    bonds: Vec<Embedding>,
    inner: Dense,
    outer: Dense,
    norm: BatchNorm,
}

pub(crate) struct Gin {
    atoms: Vec<Embedding>,
    layers: Vec<Layer>,
    size: GinSize,
}

impl Gin {
    pub(crate) fn new(p: &mut Parameters, name: &str, size: GinSize) -> Result<Self, NetworkError> {
        let GinSize { width, description, .. } = size;
        #[allow(clippy::cast_precision_loss)]
        let bound = (3.0 / width as f64).sqrt();
        let tables = |p: &mut Parameters, within: &str, parts: &[&str], rows: &[i64]| {
            parts
                .iter()
                .zip(rows)
                .map(|(part, &rows)| {
                    Embedding::new(p, &format!("{within}.{part}"), rows, width, bound)
                })
                .collect::<Result<Vec<_>, _>>()
        };
        let atoms = tables(p, name, description.atoms(), &ATOM_TABLES)?;
        let layers = (0..size.layers)
            .map(|i| {
                let within = format!("{name}.layers.{i}");
                let part = |part: &str| format!("{within}.{part}");
                Ok(Layer {
                    bonds: tables(p, &within, description.bonds(), &BOND_TABLES)?,
                    inner: Dense::new(p, &part("inner"), width, 2 * width)?,
                    outer: Dense::new(p, &part("outer"), 2 * width, width)?,
                    norm: BatchNorm::new(p, &part("norm"), width)?,
                })
            })
            .collect::<Result<Vec<_>, NetworkError>>()?;
        Ok(Self { atoms, layers, size })
    }

    /// A row for each atom.
    pub(crate) fn forward(&self, batch: &GinBatch, training: bool) -> Result<Tensor, NetworkError> {
        let mut x = self.atoms[0].forward(&batch.atoms[0])?;
        for (table, numbers) in self.atoms.iter().zip(&batch.atoms).skip(1) {
            x = x.f_add(&table.forward(numbers)?)?;
        }
        for (index, layer) in self.layers.iter().enumerate() {
            let (bonds, own) = layer.bond_rows()?;
            let messages = x
                .f_index_select(0, &batch.from)?
                .f_add_(&bonds.f_index_select(0, &batch.bonds)?)?;
            let heard = x.f_add(&own)?.f_index_add_(0, &batch.to, &messages)?;
            let hidden = layer.inner.forward(&heard)?.f_relu_()?;
            let mut found = layer.norm.forward(&layer.outer.forward(&hidden)?, training)?;
            if index + 1 < self.layers.len() {
                found = found.f_relu_()?;
            }
            found = found.f_dropout(self.size.dropout, training)?;
            x = match self.size.description {
                AtomDescription::Full => x.f_add(&found)?,
                _ => found,
            };
        }
        Ok(x)
    }
}

impl Layer {
    /// A row for every bond there can be, so that edges look up one in place of one a property: the
    /// sum of its properties' rows, in the order of [`GinFeatures`](super::batch::GinFeatures)' codes; and
    /// the row of an atom's edge to itself.
    fn bond_rows(&self) -> Result<(Tensor, Tensor), NetworkError> {
        let width = self.bonds[0].width();
        let mut own = self.bonds[0].row(SELF_LOOP)?;
        let mut rows = self.bonds[0].rows().shallow_clone();
        for (place, &count) in BOND_TABLES.iter().enumerate().skip(1) {
            let each = rows.f_unsqueeze(1)?;
            // What a network is not told makes no difference.
            let each = match self.bonds.get(place) {
                Some(table) => {
                    own = own.f_add(&table.row(0)?)?;
                    each.f_add(&table.rows().f_unsqueeze(0)?)?
                }
                None => each.f_expand([-1, count, -1], false)?,
            };
            rows = each.f_reshape([-1, width])?;
        }
        Ok((rows, own))
    }
}

impl GinBatch {
    /// Sum of the atoms' rows of each graph: N x D to G x D.
    pub(crate) fn sum(&self, rows: &Tensor) -> Result<Tensor, NetworkError> {
        let width = rows.size().last().copied().unwrap_or(0);
        let zero = Tensor::f_zeros([self.graphs, width], (Kind::Float, rows.device()))?;
        Ok(zero.f_index_add(0, &self.graph, rows)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::gin::batch::GinFeatures;
    use larmor_chemistry::Molecule;
    use tch::Device;

    fn rows(gin: &Gin, smiles: &[&str]) -> Tensor {
        let features: Vec<GinFeatures> = smiles
            .iter()
            .map(|s| GinFeatures::from(&Molecule::graph_only(s).unwrap().graph))
            .collect();
        let batch = GinBatch::collate(&features.iter().collect::<Vec<_>>(), Device::Cpu).unwrap();
        gin.forward(&batch, false).unwrap()
    }

    fn gin() -> Gin {
        let description = AtomDescription::Full;
        let size = GinSize { layers: 3, width: 16, dropout: 0.2, description };
        Gin::new(&mut Parameters::random(3, Device::Cpu), "gin", size).unwrap()
    }

    /// The same molecule written from its two ends; place `i` of one is place `map[i]` of the other.
    #[test]
    fn rows_follow_the_atoms_whatever_their_order() {
        let gin = gin();
        let (a, b) = ("C[C@H](O)/C=C/C#N", "N#C/C=C/[C@H](C)O");
        let one = Molecule::from_smiles(a).unwrap();
        let other = Molecule::from_smiles(b).unwrap();
        assert_eq!(one.inchikey_block(), other.inchikey_block());
        let (left, right) = (rows(&gin, &[a]), rows(&gin, &["CCC", b]));
        let same_label = one.graph.cip[1] == other.graph.cip[4];
        assert!(same_label, "choose SMILES of one enantiomer");
        // Atoms of `b`: N, C, CH, CH, C*, CH3, O.
        let map = [5, 4, 6, 3, 2, 1, 0];
        for (i, j) in map.into_iter().enumerate() {
            let difference = (left.get(i as i64) - right.get(3 + j)).abs().max();
            assert!(difference.double_value(&[]) < 1e-5, "atom {i}");
        }
    }

    #[test]
    fn equivalent_atoms_have_equal_rows_and_neighbours_matter() {
        let toluene = rows(&gin(), &["Cc1ccccc1"]);
        let apart =
            |a: i64, b: i64| (toluene.get(a) - toluene.get(b)).abs().max().double_value(&[]);
        assert!(apart(2, 6) < 1e-5);
        assert!(apart(2, 3) > 1e-3);
    }
}
