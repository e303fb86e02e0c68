//! The molecule's side: attention over bonds, three graph branches beside one another, one vector.
//!
//! ```text
//! x = ReLU(TransformerConv(atoms))                                  8 heads of 19
//! y = ReLU(W [GCN(x), GCN(GCN(x)), SAGE(SAGE(SAGE(x)))])            ReLU after each layer
//! m = W dropout([max y, mean y])
//! ```

use tch::{Kind, Tensor};

use super::atoms::{ATOM_FEATURES, PublishedBatch};
use super::config::{SpecMolConfig, VECTOR};
use crate::error::NetworkError;
use crate::layers::Dense;
use crate::parameters::Parameters;

const HEADS: i64 = 8;
const HEAD: i64 = 19;
const WIDTH: i64 = HEADS * HEAD;
/// Logits of attention beyond this are cut, so that their exponentials stay numbers.
const MOST: f64 = 60.0;

pub(super) struct PublishedBranch {
    attention: TransformerConv,
    one: Gcn,
    more: Option<([Gcn; 2], [Sage; 3])>,
    fusion: Dense,
    out: Dense,
    dropout: f64,
}

impl PublishedBranch {
    pub(super) fn new(p: &mut Parameters, config: &SpecMolConfig) -> Result<Self, NetworkError> {
        let one = Gcn::new(p, "molecule.gcn.0")?;
        let more = if config.three_branches {
            let gcn = [Gcn::new(p, "molecule.gcn.1")?, Gcn::new(p, "molecule.gcn.2")?];
            let sage = |p: &mut Parameters, i| Sage::new(p, &format!("molecule.sage.{i}"));
            Some((gcn, [sage(p, 0)?, sage(p, 1)?, sage(p, 2)?]))
        } else {
            None
        };
        let branches = if config.three_branches { 3 } else { 1 };
        let atom = config.atom_width;
        Ok(Self {
            attention: TransformerConv::new(p, "molecule.attention")?,
            one,
            more,
            fusion: Dense::new(p, "molecule.fusion", branches * WIDTH, atom)?,
            out: Dense::new(p, "molecule.out", 2 * atom, VECTOR)?,
            dropout: config.dropout,
        })
    }

    /// A vector for each molecule.
    pub(super) fn forward(
        &self,
        batch: &PublishedBatch,
        training: bool,
    ) -> Result<Tensor, NetworkError> {
        let x = self.attention.forward(batch)?.f_relu()?;
        let mut branches = vec![self.one.forward(&x, batch)?];
        if let Some((gcn, sage)) = &self.more {
            let two = gcn[1].forward(&gcn[0].forward(&x, batch)?, batch)?;
            let mut three = x;
            for layer in sage {
                three = layer.forward(&three, batch)?;
            }
            branches.extend([two, three]);
        }
        let y = self.fusion.forward(&Tensor::f_cat(&branches, 1)?)?.f_relu()?;
        let zero = Tensor::f_zeros([batch.graphs, y.size()[1]], (Kind::Float, y.device()))?;
        let mean = zero.f_index_add(0, &batch.graph, &y)?.f_mul(&batch.per_atom)?;
        let pooled = Tensor::f_cat(&[batch.largest(&y)?, mean], 1)?;
        self.out.forward(&pooled.f_dropout(self.dropout, training)?)
    }
}

/// Attention of an atom over its neighbours (Shi et al., Masked label prediction, 2021).
struct TransformerConv {
    query: Dense,
    key: Dense,
    value: Dense,
    own: Dense,
}

impl TransformerConv {
    fn new(p: &mut Parameters, name: &str) -> Result<Self, NetworkError> {
        #[allow(clippy::cast_possible_wrap)]
        let from = ATOM_FEATURES as i64;
        let mut dense = |part| Dense::new(p, &format!("{name}.{part}"), from, WIDTH);
        Ok(Self {
            query: dense("query")?,
            key: dense("key")?,
            value: dense("value")?,
            own: dense("own")?,
        })
    }

    fn forward(&self, batch: &PublishedBatch) -> Result<Tensor, NetworkError> {
        let edges = batch.from.size()[0];
        let own = self.own.forward(&batch.atoms)?;
        if edges == 0 {
            return Ok(own);
        }
        let rows = |dense: &Dense, atoms: &Tensor| -> Result<Tensor, NetworkError> {
            let rows = dense.forward(&batch.atoms)?.f_index_select(0, atoms)?;
            Ok(rows.f_view([edges, HEADS, HEAD])?)
        };
        let (query, key) = (rows(&self.query, &batch.to)?, rows(&self.key, &batch.from)?);
        #[allow(clippy::cast_precision_loss)]
        let scale = 1.0 / (HEAD as f64).sqrt();
        let logits =
            query.f_mul(&key)?.f_sum_dim_intlist(-1, false, Kind::Float)?.f_mul_scalar(scale)?;
        let weight = logits.f_clamp(-MOST, MOST)?.f_exp()?;
        let sum = batch.gather(&weight)?.f_index_select(0, &batch.to)?;
        let weight = weight.f_div(&sum)?.f_unsqueeze(-1)?;
        let heard = rows(&self.value, &batch.from)?.f_mul(&weight)?.f_view([edges, WIDTH])?;
        Ok(own.f_add(&batch.gather(&heard)?)?)
    }
}

/// Graph convolution (Kipf and Welling, 2017).
struct Gcn(Dense);

impl Gcn {
    fn new(p: &mut Parameters, name: &str) -> Result<Self, NetworkError> {
        Ok(Self(Dense::new(p, name, WIDTH, WIDTH)?))
    }

    fn forward(&self, x: &Tensor, batch: &PublishedBatch) -> Result<Tensor, NetworkError> {
        let messages = x.f_index_select(0, &batch.from)?.f_mul(&batch.edge_share)?;
        let heard = batch.gather(&messages)?.f_add(&x.f_mul(&batch.own_share)?)?;
        Ok(self.0.forward(&heard)?.f_relu()?)
    }
}

/// GraphSAGE with the mean of the neighbours (Hamilton et al., 2017).
struct Sage {
    own: Dense,
    neighbours: Dense,
}

impl Sage {
    fn new(p: &mut Parameters, name: &str) -> Result<Self, NetworkError> {
        Ok(Self {
            own: Dense::new(p, &format!("{name}.own"), WIDTH, WIDTH)?,
            neighbours: Dense::without_bias(p, &format!("{name}.neighbours"), WIDTH, WIDTH)?,
        })
    }

    fn forward(&self, x: &Tensor, batch: &PublishedBatch) -> Result<Tensor, NetworkError> {
        let mean = batch.gather(&x.f_index_select(0, &batch.from)?)?.f_mul(&batch.per_neighbour)?;
        Ok(self.own.forward(x)?.f_add(&self.neighbours.forward(&mean)?)?.f_relu()?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::{MolecularGraph, Molecule};
    use tch::Device;

    fn vectors(branch: &PublishedBranch, smiles: &[&str]) -> Tensor {
        let graphs: Vec<MolecularGraph> =
            smiles.iter().map(|s| Molecule::graph_only(s).unwrap().graph).collect();
        let batch =
            PublishedBatch::collate(&graphs.iter().collect::<Vec<_>>(), Device::Cpu).unwrap();
        branch.forward(&batch, false).unwrap()
    }

    #[test]
    fn a_molecule_is_one_vector_whatever_its_order_and_company() {
        for three_branches in [true, false] {
            let config = SpecMolConfig { three_branches, ..SpecMolConfig::default() };
            let mut p = Parameters::random(3, Device::Cpu);
            let branch = PublishedBranch::new(&mut p, &config).unwrap();
            let alone = vectors(&branch, &["OCC(=O)Nc1ccccc1"]);
            let company = vectors(&branch, &["C", "c1ccc(cc1)NC(CO)=O", "CCCC"]);
            let apart = |row: i64| (alone.get(0) - company.get(row)).abs().max().double_value(&[]);
            assert!(apart(1) < 1e-5);
            assert!(apart(0) > 1e-3 && apart(2) > 1e-3);
            assert_eq!(vectors(&branch, &["C"]).size(), [1, VECTOR], "an atom without bonds");
        }
    }
}
