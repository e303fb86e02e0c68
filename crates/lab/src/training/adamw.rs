//! AdamW over one flat vector of all weights (Loshchilov and Hutter, 2019), with clipping by
//! global norm. Its state is two tensors, so a run resumes exactly where it stopped.

use tch::{Device, Kind, Tensor};

use crate::error::TrainingError;

const BETA: (f64, f64) = (0.9, 0.999);
const EPSILON: f64 = 1e-8;

pub(crate) struct AdamW {
    weights: Vec<Tensor>,
    lengths: Vec<i64>,
    /// Weight decay: matrices decay, vectors (biases, norms) do not.
    decay: f64,
    clip: f64,
    pub(crate) first: Tensor,
    pub(crate) second: Tensor,
    pub(crate) steps: i64,
}

impl AdamW {
    pub(crate) fn new(
        weights: Vec<Tensor>,
        decay: f64,
        clip: f64,
        device: Device,
    ) -> Result<Self, TrainingError> {
        let _no_gradients = tch::no_grad_guard();
        let lengths: Vec<i64> =
            weights.iter().map(|w| i64::try_from(w.numel()).unwrap_or(0)).collect();
        let options = (Kind::Float, device);
        let total: i64 = lengths.iter().sum();
        Ok(Self {
            weights,
            lengths,
            decay,
            clip,
            first: Tensor::f_zeros([total], options)?,
            second: Tensor::f_zeros([total], options)?,
            steps: 0,
        })
    }

    /// Moves the weights against their gradients and clears these.
    ///
    /// Everything is done in place, weight by weight: with small batches the step costs as much as
    /// the network, most of it memory. Nothing is read back from the device.
    pub(crate) fn step(&mut self, rate: f64) -> Result<(), TrainingError> {
        let _no_gradients = tch::no_grad_guard();
        let gradients =
            self.weights.iter().map(Tensor::f_grad).collect::<Result<Vec<Tensor>, _>>()?;
        let norms = gradients
            .iter()
            .filter(|gradient| gradient.defined())
            .map(Tensor::f_norm)
            .collect::<Result<Vec<Tensor>, _>>()?;
        // One where the norm is within the limit, or there is none.
        let shrink = match norms.as_slice() {
            [] => Tensor::f_ones([1], (Kind::Float, self.first.device()))?,
            norms => Tensor::f_stack(norms, 0)?
                .f_norm()?
                .f_clamp_min(self.clip)?
                .f_reciprocal()?
                .f_mul_scalar(self.clip)?,
        };
        self.steps += 1;
        let steps = i32::try_from(self.steps).unwrap_or(i32::MAX);
        let (first_bias, second_bias) = (1.0 - BETA.0.powi(steps), 1.0 - BETA.1.powi(steps));
        let firsts = self.first.f_split_with_sizes(&self.lengths, 0)?;
        let seconds = self.second.f_split_with_sizes(&self.lengths, 0)?;
        let state = firsts.into_iter().zip(seconds).zip(gradients);
        // A rate of nothing would divide by nothing.
        let rate = rate.max(1e-30);
        for (weight, ((first, second), gradient)) in self.weights.iter_mut().zip(state) {
            let decay = if weight.dim() > 1 { self.decay } else { 0.0 };
            if decay != 0.0 {
                let _ = weight.f_mul_scalar_(1.0 - rate * decay)?;
            }
            if gradient.defined() {
                let shape = weight.size();
                let (mut first, mut second) =
                    (first.f_view(&shape[..])?, second.f_view(&shape[..])?);
                let mut scratch = gradient;
                let _ = scratch.f_mul_(&shrink)?;
                let _ = first.f_lerp_(&scratch, 1.0 - BETA.0)?;
                let _ = scratch.f_square_()?;
                let _ = second.f_lerp_(&scratch, 1.0 - BETA.1)?;
                // The gradient is spent: its place takes the divisor -(sqrt(v) + e) / rate, each
                // moment over its own bias.
                let _ = second.f_sqrt_out(&scratch)?;
                let scale = -first_bias / rate;
                let _ = scratch.f_mul_scalar_(scale / second_bias.sqrt())?;
                let _ = scratch.f_add_scalar_(scale * EPSILON)?;
                let _ = weight.f_addcdiv_(&first, &scratch)?;
                let _ = scratch.f_zero_()?;
            }
        }
        Ok(())
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
    fn a_step_is_that_of_the_formula() {
        let start = [0.5f32, -1.5, 2.0];
        let weight = Tensor::from_slice(&start).view([3, 1]).set_requires_grad(true);
        let (clip, decay, rate) = (1.0, 0.1, 0.02);
        let mut adam = AdamW::new(vec![weight.shallow_clone()], decay, clip, Device::Cpu).unwrap();
        let (mut w, mut m, mut v) = (start.map(f64::from), [0.0; 3], [0.0; 3]);
        for step in 1..=5 {
            // Gradient 2 w, longer than the clip.
            weight.square().sum(Kind::Float).backward();
            adam.step(rate).unwrap();
            let norm = w.iter().map(|w| 4.0 * w * w).sum::<f64>().sqrt();
            assert!(norm > clip);
            for i in 0..3 {
                let g = 2.0 * w[i] * clip / norm;
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                let (mean, square) =
                    (m[i] / (1.0 - 0.9f64.powi(step)), v[i] / (1.0 - 0.999f64.powi(step)));
                w[i] -= rate * decay * w[i] + rate * mean / (square.sqrt() + 1e-8);
            }
            for (i, w) in w.iter().enumerate() {
                assert!((weight.double_value(&[i as i64, 0]) - w).abs() < 1e-5, "step {step}");
            }
        }
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
