//! Where trained networks run, and in how many bits they multiply.

use tch::{Device, Kind, Tensor};

use crate::device::choose_device;
use crate::error::NetworkError;

/// Ending of a device's name that asks for 16-bit products.
const BF16: &str = "+bf16";

/// In how many bits the matrix products of dense layers are taken. Everything else (sums over
/// neighbours, normalisation, activations, the last layer of a network that gives shifts) is in 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// 32-bit floats.
    #[default]
    F32,
    /// 16-bit brain floats, summed in 32 bits: what tensor cores of a GPU are fastest at.
    Bf16,
}

/// A device and a precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// The device.
    pub device: Device,
    /// The precision.
    pub precision: Precision,
}

impl From<Device> for Placement {
    fn from(device: Device) -> Self {
        Self { device, precision: Precision::F32 }
    }
}

impl Placement {
    /// Resolves the name of a device as [`choose_device`] does; with `+bf16` behind it, products are
    /// taken in 16 bits.
    ///
    /// # Errors
    /// [`NetworkError::Device`] when the name is unknown or the device is not there.
    pub fn named(name: &str) -> Result<Self, NetworkError> {
        let (device, precision) = match name.strip_suffix(BF16) {
            Some(device) => (device, Precision::Bf16),
            None => (name, Precision::F32),
        };
        Ok(Self { device: choose_device(device)?, precision })
    }

    /// The name: `cpu` or `cuda:N`, `+bf16` behind it where that is so.
    #[must_use]
    pub fn name(self) -> String {
        let device = match self.device {
            Device::Cuda(index) => format!("cuda:{index}"),
            _ => "cpu".to_owned(),
        };
        match self.precision {
            Precision::F32 => device,
            Precision::Bf16 => device + BF16,
        }
    }
}

impl Precision {
    /// A weight as products take it.
    pub(super) fn narrowed(self, weight: Tensor) -> Result<Tensor, NetworkError> {
        match self {
            Self::F32 => Ok(weight),
            Self::Bf16 => Ok(weight.f_to_kind(Kind::BFloat16)?),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::shift::ShiftEnsemble;
    use larmor_chemistry::Molecule;

    #[test]
    fn shifts_from_products_in_16_bits_are_nearly_those_from_32() {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/default/shift"));
        let graphs: Vec<_> = ["Cn1cnc2c1c(=O)n(C)c(=O)n2C", "CC(=O)Oc1ccccc1C(=O)O", "CCO"]
            .map(|smiles| Molecule::graph_only(smiles).unwrap().graph)
            .into();
        let predict = |device: &str| -> Vec<f32> {
            let on = Placement::named(device).unwrap();
            let (net, _) = ShiftEnsemble::open(folder, on).unwrap();
            let shifts =
                net.predict(&graphs).unwrap().into_iter().flat_map(|molecule| molecule.c13);
            shifts.flatten().map(|shift| shift.ppm).collect()
        };
        let (full, narrow) = (predict("cpu"), predict("cpu+bf16"));
        assert_eq!(full.len(), 8 + 9 + 2);
        assert!(full.iter().zip(&narrow).all(|(a, b)| (a - b).abs() < 1.0), "{full:?} {narrow:?}");
        assert_ne!(full, narrow);
    }

    #[test]
    fn a_name_says_where_and_in_how_many_bits() {
        assert_eq!(Placement::named("cpu").unwrap(), Device::Cpu.into());
        let half = Placement::named("cpu+bf16").unwrap();
        assert_eq!((half.precision, half.name().as_str()), (Precision::Bf16, "cpu+bf16"));
        for wrong in ["bf16", "cpu+f16", "+bf16", "cuda:900+bf16"] {
            assert!(Placement::named(wrong).is_err(), "{wrong}");
        }
    }
}
