//! A 13C peak list as a vector in K-M3AID's common space.

use super::network::Kmaid;
use super::similarity::CarbonPeak;
use crate::device::numbers;
use crate::error::NetworkError;
use crate::spectrum_encoder::shifts_of;

impl Kmaid {
    /// A peak list as a whole in the common space, in which like spectra lie close together.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn embed_spectrum(&self, peaks: &[CarbonPeak]) -> Result<Vec<f32>, NetworkError> {
        let _no_gradients = tch::no_grad_guard();
        let shifts = shifts_of(peaks.iter().map(|peak| peak.0));
        numbers(&self.project_spectra(&self.encode_spectra(&[&shifts])?, false)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kmaid::config::KmaidConfig;
    use crate::parameters::Parameters;
    use tch::Device;

    #[test]
    fn a_spectrum_has_a_vector_of_the_common_space_whatever_order_its_peaks_are_in() {
        let config = KmaidConfig { width: 16, layers: 2, projection: 24, ..KmaidConfig::default() };
        let net =
            Kmaid::build(&mut Parameters::random(5, Device::Cpu), &config, Device::Cpu).unwrap();
        let ethanol = net.embed_spectrum(&[(18.2, None), (58.0, None)]).unwrap();
        assert_eq!(ethanol.len(), 24);
        assert_eq!(net.embed_spectrum(&[(58.0, None), (18.2, None)]).unwrap(), ethanol);
        assert_ne!(net.embed_spectrum(&[(128.4, None)]).unwrap(), ethanol);
    }
}
