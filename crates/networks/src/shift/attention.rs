//! Attention among the atoms of a molecule that knows how many bonds lie between them.
//!
//! What decides a shift may be many bonds away but close in space, across a ring or along a
//! conjugated chain: more than message passing of a few layers carries. Each head weighs atoms by
//! the product of query and key plus a learned number for their topological distance (as
//! Graphormer does, Ying et al. 2021, section 3.1.2).

use tch::{Kind, Tensor};

use super::batch::GraphBatch;
use super::features::APART;
use crate::error::NetworkError;
use crate::layers::{Dense, LayerNorm};
use crate::parameters::Parameters;

/// Heads of a block.
const HEADS: i64 = 4;

pub(super) struct Attention {
    norm: LayerNorm,
    mixed: Dense,
    distance: Tensor,
    out: Dense,
    width: i64,
}

impl Attention {
    pub(super) fn new(p: &mut Parameters, name: &str, width: i64) -> Result<Self, NetworkError> {
        if width % HEADS != 0 {
            let reason = format!("a width of {width} cannot be shared by {HEADS} heads");
            return Err(NetworkError::Weights { path: name.into(), reason });
        }
        Ok(Self {
            norm: LayerNorm::new(p, &format!("{name}.norm"), width)?,
            mixed: Dense::without_bias(p, &format!("{name}.mixed"), width, 3 * width)?,
            distance: p.constant(
                &format!("{name}.distance"),
                &[i64::from(APART) + 1, HEADS],
                0.0,
            )?,
            out: Dense::new(p, &format!("{name}.out"), width, width)?,
            width,
        })
    }

    /// What is to be added to the state `x`, N x width.
    pub(super) fn forward(
        &self,
        x: &Tensor,
        batch: &GraphBatch,
        dropout: f64,
        training: bool,
    ) -> Result<Tensor, NetworkError> {
        let layout = &batch.layout;
        let (molecules, places) = (layout.molecules, layout.places);
        let head = self.width / HEADS;
        let mixed = self
            .mixed
            .forward(&self.norm.forward(x)?)?
            .f_index_select(0, &layout.atom_at)?
            .f_view([molecules, places, 3, HEADS, head])?
            .f_permute([2, 0, 3, 1, 4])?;
        let (query, key, value) = (mixed.f_get(0)?, mixed.f_get(1)?, mixed.f_get(2)?);
        let near = self
            .distance
            .f_index_select(0, &layout.distance)?
            .f_view([molecules, places, places, HEADS])?
            .f_permute([0, 3, 1, 2])?;
        #[allow(clippy::cast_precision_loss)]
        let scale = 1.0 / (head as f64).sqrt();
        let weights = query
            .f_matmul(&key.f_transpose(-2, -1)?)?
            .f_mul_scalar(scale)?
            .f_add(&near)?
            .f_add(&layout.padding)?
            .f_softmax(-1, Kind::Float)?;
        let heard = weights
            .f_matmul(&value)?
            .f_permute([0, 2, 1, 3])?
            .f_reshape([molecules * places, self.width])?
            .f_index_select(0, &layout.place_of)?
            .f_dropout(dropout, training)?;
        self.out.forward(&heard)
    }
}
