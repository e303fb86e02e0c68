//! Spectra as vectors: what similar spectra measured earlier are found by.

use crate::fid::Nucleus;

/// The direction that a network gives a spectrum. Directions given by the same weights lie the
/// closer together, the more alike the spectra are; those of other weights cannot be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct SpectrumEmbedding {
    /// Name of the network.
    pub network: String,
    /// Nucleus of the spectrum.
    pub nucleus: Nucleus,
    /// SHA-256 of the network's weights, hex.
    pub model_digest: String,
    vector: Vec<f32>,
}

impl SpectrumEmbedding {
    /// Brings what a network says to length one; `None` where it has no direction: all zeros, or
    /// something that is no number.
    #[must_use]
    pub fn new(
        network: &str,
        nucleus: Nucleus,
        model_digest: &str,
        mut vector: Vec<f32>,
    ) -> Option<Self> {
        let length = vector.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        if !(length.is_finite() && length > f64::from(f32::MIN_POSITIVE)) {
            return None;
        }
        #[allow(clippy::cast_possible_truncation)]
        vector.iter_mut().for_each(|v| *v = (f64::from(*v) / length) as f32);
        let (network, model_digest) = (network.to_owned(), model_digest.to_owned());
        Some(Self { network, nucleus, model_digest, vector })
    }

    /// The direction, of length one.
    #[must_use]
    pub fn vector(&self) -> &[f32] {
        &self.vector
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_embedding_has_length_one_and_what_has_no_direction_is_none() {
        let embedding = |vector| SpectrumEmbedding::new("kmaid", Nucleus::Carbon, "ab", vector);
        assert_eq!(embedding(vec![3.0, 0.0, -4.0]).unwrap().vector(), [0.6, 0.0, -0.8]);
        for nowhere in [vec![], vec![0.0, 0.0], vec![f32::NAN, 1.0], vec![f32::INFINITY]] {
            assert_eq!(embedding(nowhere), None);
        }
    }
}
