//! Graph isomorphism network (Xu et al., 2019) with bond embeddings:
//!
//! ```text
//! h_i = MLP(sum over j in N(i) and i itself of x_j + e_ij)
//! x_i = dropout(ReLU(BatchNorm(h_i)))        no ReLU after the last layer
//! ```

use tch::{Kind, Tensor};

use super::batch::{ATOM_TABLES, BOND_TABLES, GinBatch, SELF_LOOP};
use crate::error::NetworkError;
use crate::layers::{BatchNorm, Dense, Embedding};
use crate::parameters::Parameters;

/// The atom tables, in the order of [`ATOM_TABLES`].
const ATOMS: [&str; 3] = ["element", "chirality", "hybridisation"];

struct Layer {
    order: Embedding,
    configuration: Embedding,
    inner: Dense,
    outer: Dense,
    norm: BatchNorm,
}

pub(crate) struct Gin {
    atoms: Vec<Embedding>,
    layers: Vec<Layer>,
    dropout: f64,
}

impl Gin {
    pub(crate) fn new(
        p: &mut Parameters,
        name: &str,
        layers: i64,
        width: i64,
        dropout: f64,
    ) -> Result<Self, NetworkError> {
        Self::with_tables(p, name, &ATOMS, layers, width, dropout)
    }

    /// The same, told element and chirality of an atom but not its hybridisation.
    pub(crate) fn without_hybridisation(
        p: &mut Parameters,
        name: &str,
        layers: i64,
        width: i64,
        dropout: f64,
    ) -> Result<Self, NetworkError> {
        Self::with_tables(p, name, &ATOMS[..2], layers, width, dropout)
    }

    fn with_tables(
        p: &mut Parameters,
        name: &str,
        tables: &[&str],
        layers: i64,
        width: i64,
        dropout: f64,
    ) -> Result<Self, NetworkError> {
        #[allow(clippy::cast_precision_loss)]
        let bound = (3.0 / width as f64).sqrt();
        let table = |p: &mut Parameters, part: &str, rows| {
            Embedding::new(p, &format!("{name}.{part}"), rows, width, bound)
        };
        let atoms = tables
            .iter()
            .zip(ATOM_TABLES)
            .map(|(part, rows)| table(p, part, rows))
            .collect::<Result<Vec<_>, _>>()?;
        let layers = (0..layers)
            .map(|i| {
                let part = |part: &str| format!("{name}.layers.{i}.{part}");
                Ok(Layer {
                    order: table(p, &format!("layers.{i}.order"), BOND_TABLES[0])?,
                    configuration: table(p, &format!("layers.{i}.configuration"), BOND_TABLES[1])?,
                    inner: Dense::new(p, &part("inner"), width, 2 * width)?,
                    outer: Dense::new(p, &part("outer"), 2 * width, width)?,
                    norm: BatchNorm::new(p, &part("norm"), width)?,
                })
            })
            .collect::<Result<Vec<_>, NetworkError>>()?;
        Ok(Self { atoms, layers, dropout })
    }

    /// A row for each atom.
    pub(crate) fn forward(&self, batch: &GinBatch, training: bool) -> Result<Tensor, NetworkError> {
        let mut x = self.atoms[0].forward(&batch.atoms[0])?;
        for (table, numbers) in self.atoms.iter().zip(&batch.atoms).skip(1) {
            x = x.f_add(&table.forward(numbers)?)?;
        }
        let loops = Tensor::f_from_slice(&[SELF_LOOP, 0])?.f_to_device(x.device())?;
        for (index, layer) in self.layers.iter().enumerate() {
            let bonds = layer
                .order
                .forward(&batch.bonds[0])?
                .f_add(&layer.configuration.forward(&batch.bonds[1])?)?;
            let own = layer
                .order
                .forward(&loops.f_narrow(0, 0, 1)?)?
                .f_add(&layer.configuration.forward(&loops.f_narrow(0, 1, 1)?)?)?;
            let messages = x.f_index_select(0, &batch.from)?.f_add(&bonds)?;
            let heard = x.f_add(&own)?.f_index_add(0, &batch.to, &messages)?;
            let hidden = layer.inner.forward(&heard)?.f_relu()?;
            x = layer.norm.forward(&layer.outer.forward(&hidden)?, training)?;
            if index + 1 < self.layers.len() {
                x = x.f_relu()?;
            }
            x = x.f_dropout(self.dropout, training)?;
        }
        Ok(x)
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
        Gin::new(&mut Parameters::random(3, Device::Cpu), "gin", 3, 16, 0.2).unwrap()
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
