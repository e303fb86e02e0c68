//! The spectra's side. Drawn, each spectrum becomes channels over places, the two weigh each other's
//! channels, and both are pooled into one vector.

use tch::{Kind, Tensor};

use super::cbam::Cbam;
use super::config::{CHANNELS, FEATURE_CHANNELS, FEATURE_SIDE, VECTOR};
use super::config::{Pooling, SpecMolConfig, SpectrumInput};
use super::peak_branch::PeakBranch;
use super::spectra::TRACE_POINTS;
use super::spectrum_batch::SpectrumBatch;
use crate::error::NetworkError;
use crate::layers::Dense;
use crate::parameters::Parameters;

/// Convolutions over a trace: channels, kernel and stride.
const STEPS: [(i64, i64, i64); 4] = [(16, 16, 4), (32, 9, 4), (48, 7, 4), (48, 5, 2)];

/// 1H and 13C, in that order.
const NUCLEI: [&str; 2] = ["proton", "carbon"];

pub(super) struct DrawnBranch {
    encoders: [Encoder; 2],
    gate: Option<(Dense, Dense)>,
    places: Option<[Dense; 2]>,
    channels: i64,
}

/// Either form.
pub(super) enum SpectrumBranch {
    Drawn(DrawnBranch),
    Peaks(PeakBranch),
}

impl SpectrumBranch {
    pub(super) fn new(p: &mut Parameters, config: &SpecMolConfig) -> Result<Self, NetworkError> {
        Ok(match config.spectra {
            SpectrumInput::Peaks => Self::Peaks(PeakBranch::new(p, config.gating)?),
            _ => Self::Drawn(DrawnBranch::new(p, config)?),
        })
    }

    /// Width of the vector.
    pub(super) fn width(&self) -> i64 {
        match self {
            Self::Drawn(branch) => branch.width(),
            Self::Peaks(_) => PeakBranch::width(),
        }
    }

    /// A vector for each pair of spectra.
    pub(super) fn forward(&self, batch: &SpectrumBatch) -> Result<Tensor, NetworkError> {
        match (self, batch) {
            (Self::Drawn(branch), SpectrumBatch::Rows(rows)) => branch.forward(rows.each_ref()),
            (Self::Peaks(branch), SpectrumBatch::Peaks(pairs)) => branch.forward(pairs),
            _ => Err(NetworkError::Input("spectra as another network takes them".to_owned())),
        }
    }
}

enum Encoder {
    Picture { narrow: Dense, cbam: Option<Cbam> },
    Trace(Vec<(Tensor, Tensor)>),
}

impl DrawnBranch {
    pub(super) fn new(p: &mut Parameters, config: &SpecMolConfig) -> Result<Self, NetworkError> {
        let [proton, carbon] = NUCLEI.map(|name| Encoder::new(p, name, config));
        let (channels, places) = match config.spectra {
            SpectrumInput::Image => (CHANNELS, FEATURE_SIDE * FEATURE_SIDE),
            SpectrumInput::Trace | SpectrumInput::Peaks => {
                let shrink: i64 = STEPS.iter().map(|(_, _, stride)| stride).product();
                #[allow(clippy::cast_possible_wrap)]
                let points = TRACE_POINTS as i64;
                (STEPS[STEPS.len() - 1].0, points / shrink)
            }
        };
        let gate = if config.gating {
            let inner = Dense::new(p, "spectra.gate.inner", 2 * channels, channels)?;
            Some((inner, Dense::new(p, "spectra.gate.outer", channels, 2 * channels)?))
        } else {
            None
        };
        let mut pool = |name: &str| {
            Dense::new(p, &format!("spectra.{name}.places"), channels * places, VECTOR)
        };
        let places = match config.pooling {
            Pooling::Mean => None,
            Pooling::Places => Some([pool(NUCLEI[0])?, pool(NUCLEI[1])?]),
        };
        Ok(Self { encoders: [proton?, carbon?], gate, places, channels })
    }

    /// Width of the vector.
    pub(super) fn width(&self) -> i64 {
        2 * if self.places.is_some() { VECTOR } else { self.channels }
    }

    /// A vector for each pair of spectra: of 1H and of 13C, B x channels x 8 x 8 features of their
    /// pictures or B x points traces.
    pub(super) fn forward(&self, spectra: [&Tensor; 2]) -> Result<Tensor, NetworkError> {
        let mut maps = [
            self.encoders[0].forward(spectra[0])?.f_flatten(2, -1)?,
            self.encoders[1].forward(spectra[1])?.f_flatten(2, -1)?,
        ];
        if let Some((inner, outer)) = &self.gate {
            let pooled = Tensor::f_cat(&[mean(&maps[0])?, mean(&maps[1])?], 1)?;
            let gate = outer.forward(&inner.forward(&pooled)?.f_relu()?)?.f_sigmoid()?;
            for (map, gate) in maps.iter_mut().zip(gate.f_chunk(2, 1)?) {
                *map = map.f_mul(&gate.f_unsqueeze(-1)?)?;
            }
        }
        let [proton, carbon] = &maps;
        let vectors = match &self.places {
            None => [mean(proton)?, mean(carbon)?],
            Some([a, b]) => [
                a.forward(&proton.f_flatten(1, -1)?)?.f_relu()?,
                b.forward(&carbon.f_flatten(1, -1)?)?.f_relu()?,
            ],
        };
        Ok(Tensor::f_cat(&vectors, 1)?)
    }
}

/// Mean over places.
fn mean(map: &Tensor) -> Result<Tensor, NetworkError> {
    Ok(map.f_mean_dim([2].as_slice(), false, Kind::Float)?)
}

impl Encoder {
    fn new(p: &mut Parameters, name: &str, config: &SpecMolConfig) -> Result<Self, NetworkError> {
        let name = |part: String| format!("spectra.{name}.{part}");
        if config.spectra == SpectrumInput::Image {
            let narrow = Dense::new(p, &name("narrow".to_owned()), FEATURE_CHANNELS, CHANNELS)?;
            let cbam = config.cbam.then(|| Cbam::new(p, &name("cbam".to_owned()))).transpose()?;
            return Ok(Self::Picture { narrow, cbam });
        }
        let mut from = 1;
        let mut filters = Vec::with_capacity(STEPS.len());
        for (i, (to, kernel, _)) in STEPS.into_iter().enumerate() {
            #[allow(clippy::cast_precision_loss)]
            let bound = (6.0 / (from * kernel) as f64).sqrt();
            let weight =
                p.uniform(&name(format!("filters.{i}.weight")), &[to, from, kernel], bound)?;
            filters.push((weight, p.constant(&name(format!("filters.{i}.bias")), &[to], 0.0)?));
            from = to;
        }
        Ok(Self::Trace(filters))
    }

    fn forward(&self, spectrum: &Tensor) -> Result<Tensor, NetworkError> {
        match self {
            Self::Picture { narrow, cbam } => {
                // A 1x1 convolution is the same affine map at every place.
                let x = narrow.forward(&spectrum.f_permute([0, 2, 3, 1])?)?;
                let x = x.f_permute([0, 3, 1, 2])?.f_relu()?;
                match cbam {
                    Some(cbam) => cbam.forward(&x),
                    None => Ok(x),
                }
            }
            Self::Trace(filters) => {
                // The root brings low lines nearer to high ones; noise below zero counts as none.
                let mut x = spectrum.f_clamp(0.0, 1.0)?.f_sqrt()?.f_unsqueeze(1)?;
                for ((weight, bias), (_, kernel, stride)) in filters.iter().zip(STEPS) {
                    // As many places as points over the stride.
                    let padding = (kernel - stride + 1) / 2;
                    x = x.f_conv1d(weight, Some(bias), stride, padding, 1, 1)?.f_relu()?;
                }
                Ok(x)
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use tch::Device;

    #[test]
    fn every_configuration_gives_a_vector_of_the_stated_width_that_depends_on_both_spectra() {
        let shapes = [
            (SpectrumInput::Image, vec![2, FEATURE_CHANNELS, FEATURE_SIDE, FEATURE_SIDE]),
            (SpectrumInput::Trace, vec![2, i64::try_from(TRACE_POINTS).unwrap()]),
        ];
        for (spectra, shape) in shapes {
            for (cbam, gating, pooling) in [
                (true, true, Pooling::Mean),
                (false, true, Pooling::Places),
                (true, false, Pooling::Places),
            ] {
                let config =
                    SpecMolConfig { spectra, cbam, gating, pooling, ..SpecMolConfig::default() };
                let mut p = Parameters::random(4, Device::Cpu);
                let branch = DrawnBranch::new(&mut p, &config).unwrap();
                let options = (Kind::Float, Device::Cpu);
                let (a, b) = (Tensor::rand(&shape, options), Tensor::rand(&shape, options));
                let vector = branch.forward([&a, &b]).unwrap();
                assert_eq!(vector.size(), [2, branch.width()]);
                for other in [[&b, &b], [&a, &a]] {
                    let changed = branch.forward(other).unwrap();
                    assert!(
                        (&changed - &vector).abs().max().double_value(&[]) > 1e-5,
                        "{config:?}"
                    );
                }
            }
        }
    }
}
