//! AdamW over one flat vector of all weights (Loshchilov and Hutter, 2019), with clipping by
//! global norm. Its state is two tensors, so a run resumes exactly where it stopped.

use tch::{Device, Kind, Tensor};

use super::TrainingError;

const BETA: (f64, f64) = (0.9, 0.999);
const EPSILON: f64 = 1e-8;

pub(super) struct AdamW {
    weights: Vec<Tensor>,
    lengths: Vec<i64>,
    /// Weight decay of each element: matrices decay, vectors (biases, norms) do not.
    decay: Tensor,
    clip: f64,
    pub(super) first: Tensor,
    pub(super) second: Tensor,
    pub(super) steps: i64,
}

impl AdamW {
    pub(super) fn new(
        weights: Vec<Tensor>,
        decay: f64,
        clip: f64,
        device: Device,
    ) -> Result<Self, TrainingError> {
        let _no_gradients = tch::no_grad_guard();
        let lengths: Vec<i64> =
            weights.iter().map(|w| i64::try_from(w.numel()).unwrap_or(0)).collect();
        let options = (Kind::Float, device);
        let decays = weights
            .iter()
            .zip(&lengths)
            .map(|(w, &n)| Tensor::f_full([n], if w.dim() > 1 { decay } else { 0.0 }, options))
            .collect::<Result<Vec<_>, _>>()?;
        let total: i64 = lengths.iter().sum();
        Ok(Self {
            weights,
            lengths,
            decay: Tensor::f_cat(&decays, 0)?,
            clip,
            first: Tensor::f_zeros([total], options)?,
            second: Tensor::f_zeros([total], options)?,
            steps: 0,
        })
    }

    /// Moves the weights against their gradients and clears these. Returns the gradient's norm.
    pub(super) fn step(&mut self, rate: f64) -> Result<f64, TrainingError> {
        let _no_gradients = tch::no_grad_guard();
        let gradients = self
            .weights
            .iter()
            .map(|w| {
                let gradient = w.f_grad()?;
                if gradient.defined() {
                    gradient.f_flatten(0, -1)
                } else {
                    w.f_zeros_like()?.f_flatten(0, -1)
                }
            })
            .collect::<Result<Vec<_>, _>>()?;
        let gradient = Tensor::f_cat(&gradients, 0)?;
        let norm = gradient.f_norm()?.f_double_value(&[])?;
        let gradient = gradient.f_mul_scalar((self.clip / norm.max(self.clip)).min(1.0))?;
        self.steps += 1;
        self.first =
            self.first.f_mul_scalar(BETA.0)?.f_add(&gradient.f_mul_scalar(1.0 - BETA.0)?)?;
        let square = gradient.f_square()?.f_mul_scalar(1.0 - BETA.1)?;
        self.second = self.second.f_mul_scalar(BETA.1)?.f_add(&square)?;
        let steps = i32::try_from(self.steps).unwrap_or(i32::MAX);
        let (first, second) = (1.0 - BETA.0.powi(steps), 1.0 - BETA.1.powi(steps));
        let denominator = self.second.f_div_scalar(second)?.f_sqrt()?.f_add_scalar(EPSILON)?;
        let update = self.first.f_div(&denominator)?.f_mul_scalar(rate / first)?;
        let shrink = self.decay.f_mul_scalar(-rate)?.f_add_scalar(1.0)?;
        let updates = update.f_split_with_sizes(&self.lengths, 0)?;
        let shrinks = shrink.f_split_with_sizes(&self.lengths, 0)?;
        for ((weight, update), shrink) in self.weights.iter_mut().zip(updates).zip(shrinks) {
            let shape = weight.size();
            let moved =
                weight.f_mul(&shrink.f_view(&shape[..])?)?.f_sub(&update.f_view(&shape[..])?)?;
            weight.f_copy_(&moved)?;
            let mut gradient = weight.f_grad()?;
            if gradient.defined() {
                let _ = gradient.f_zero_()?;
            }
        }
        Ok(norm)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bowl() {
        let weight = Tensor::from_slice(&[5.0f32, -3.0]).set_requires_grad(true);
        let target = Tensor::from_slice(&[1.0f32, 2.0]);
        let mut adam = AdamW::new(vec![weight.shallow_clone()], 0.0, 10.0, Device::Cpu).unwrap();
        for _ in 0..2000 {
            (&weight - &target).square().sum(Kind::Float).backward();
            adam.step(0.01).unwrap();
        }
        assert!((&weight - &target).abs().max().double_value(&[]) < 1e-2);
    }

    #[test]
    fn only_matrices_decay() {
        let matrix = Tensor::ones([1, 1], (Kind::Float, Device::Cpu)).set_requires_grad(true);
        let vector = Tensor::ones([1], (Kind::Float, Device::Cpu)).set_requires_grad(true);
        let weights = vec![matrix.shallow_clone(), vector.shallow_clone()];
        let mut adam = AdamW::new(weights, 0.5, 1.0, Device::Cpu).unwrap();
        adam.step(0.1).unwrap();
        assert!((matrix.double_value(&[0, 0]) - 0.95).abs() < 1e-6);
        assert!((vector.double_value(&[0]) - 1.0).abs() < 1e-6);
    }
}
