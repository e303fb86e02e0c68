//! ResNet-50 without its head (He et al., 2016), frozen: pictures to 2048 channels at a 32nd of
//! their size. Strides stand on the first 1x1 convolution of a stage, as in Keras' first version;
//! batch normalisation is folded into the convolutions when the weights are converted.

use std::path::Path;

use tch::{Device, Kind, Tensor};

use crate::card::file_sha256;
use crate::error::NetworkError;
use crate::parameters::Parameters;

/// Blocks of each stage.
pub const STAGES: [usize; 4] = [3, 4, 6, 3];
/// Channels a block's last convolution has for each of its first.
const EXPANSION: i64 = 4;
/// Mean of ImageNet's blue, green and red, which the weights expect to be subtracted.
const MEAN: [f32; 3] = [103.939, 116.779, 123.68];
/// What pictures lie side by side while they run: bounds memory.
const AT_ONCE: usize = 8;

/// A square grey picture, 0 black to 255 white, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels of a row, and rows.
    pub side: usize,
    /// Brightness of each.
    pub pixels: Vec<u8>,
}

/// A convolution that carries its batch normalisation in weight and bias.
struct Convolution {
    weight: Tensor,
    bias: Tensor,
    stride: i64,
    padding: i64,
}

impl Convolution {
    fn new(
        p: &mut Parameters,
        name: &str,
        [to, from, side]: [i64; 3],
        stride: i64,
    ) -> Result<Self, NetworkError> {
        #[allow(clippy::cast_precision_loss)]
        let bound = (6.0 / (from * side * side) as f64).sqrt();
        Ok(Self {
            weight: p.uniform(&format!("{name}.weight"), &[to, from, side, side], bound)?,
            bias: p.constant(&format!("{name}.bias"), &[to], 0.0)?,
            stride,
            padding: side / 2,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor, NetworkError> {
        let (stride, padding) = ([self.stride; 2], [self.padding; 2]);
        Ok(x.f_conv2d(&self.weight, Some(&self.bias), stride, padding, [1, 1], 1)?)
    }
}

struct Bottleneck {
    reduce: Convolution,
    spatial: Convolution,
    expand: Convolution,
    shortcut: Option<Convolution>,
}

impl Bottleneck {
    fn forward(&self, x: &Tensor) -> Result<Tensor, NetworkError> {
        let inner = self.reduce.forward(x)?.f_relu_()?;
        let inner = self.spatial.forward(&inner)?.f_relu_()?;
        let mut inner = self.expand.forward(&inner)?;
        let sum = match &self.shortcut {
            Some(shortcut) => inner.f_add_(&shortcut.forward(x)?)?,
            None => inner.f_add_(x)?,
        };
        let mut sum = sum;
        Ok(sum.f_relu_()?)
    }
}

/// The frozen backbone.
pub struct Resnet {
    stem: Convolution,
    stages: Vec<Vec<Bottleneck>>,
    device: Device,
    digest: String,
    channels: i64,
}

impl Resnet {
    /// Builds the network; `width` is the channels of its first convolution, 64 in ResNet-50.
    ///
    /// # Errors
    /// [`NetworkError`] when stored weights do not fit.
    pub fn build(p: &mut Parameters, width: i64, device: Device) -> Result<Self, NetworkError> {
        p.frozen(|p| {
            let stem = Convolution::new(p, "stem", [width, 3, 7], 2)?;
            let mut stages = Vec::with_capacity(STAGES.len());
            let mut from = width;
            for (stage, blocks) in STAGES.into_iter().enumerate() {
                let inner = width << stage;
                let mut built = Vec::with_capacity(blocks);
                for block in 0..blocks {
                    let stride = if block == 0 && stage > 0 { 2 } else { 1 };
                    let name = |part: &str| format!("stages.{stage}.{block}.{part}");
                    let outer = EXPANSION * inner;
                    built.push(Bottleneck {
                        reduce: Convolution::new(p, &name("reduce"), [inner, from, 1], stride)?,
                        spatial: Convolution::new(p, &name("spatial"), [inner, inner, 3], 1)?,
                        expand: Convolution::new(p, &name("expand"), [outer, inner, 1], 1)?,
                        shortcut: if block == 0 {
                            let name = name("shortcut");
                            Some(Convolution::new(p, &name, [outer, from, 1], stride)?)
                        } else {
                            None
                        },
                    });
                    from = outer;
                }
                stages.push(built);
            }
            Ok(Self { stem, stages, device, digest: String::new(), channels: from })
        })
    }

    /// Opens weights that `larmor-lab train backbone` wrote.
    ///
    /// # Errors
    /// [`NetworkError`] when the file is missing, damaged or of another network.
    pub fn open(path: &Path, device: Device) -> Result<Self, NetworkError> {
        let wrong = |reason: String| NetworkError::Weights { path: path.to_owned(), reason };
        let digest = file_sha256(path).map_err(|e| {
            wrong(format!("{e}; './dev backbone' fetches the backbone and writes this file"))
        })?;
        let mut parameters = Parameters::from_file(path, device, false)?;
        let stem = parameters.stored_shape("stem.weight").unwrap_or_default();
        let width = *stem.first().ok_or_else(|| wrong("holds no 'stem.weight'".to_owned()))?;
        let mut net = Self::build(&mut parameters, width, device)?;
        parameters.finish(path)?;
        net.digest = digest;
        Ok(net)
    }

    /// SHA-256 of the weight file, hex.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Channels of the features.
    #[must_use]
    pub fn channels(&self) -> i64 {
        self.channels
    }

    /// Features of pictures of one size: N x channels x side/32 x side/32.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn features(&self, pictures: &[&Picture]) -> Result<Tensor, NetworkError> {
        let _no_gradients = tch::no_grad_guard();
        let parts = pictures
            .chunks(AT_ONCE)
            .map(|chunk| self.forward(&input(chunk)?.f_to_device(self.device)?))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Tensor::f_cat(&parts, 0)?)
    }

    /// Features of N x 3 x H x W pictures: blue, green, red, their means subtracted.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, NetworkError> {
        let mut x =
            self.stem.forward(x)?.f_relu_()?.f_max_pool2d([3, 3], [2, 2], [1, 1], [1, 1], false)?;
        for block in self.stages.iter().flatten() {
            x = block.forward(&x)?;
        }
        Ok(x)
    }
}

/// The same brightness in every channel, means subtracted.
#[allow(clippy::cast_possible_wrap)]
fn input(pictures: &[&Picture]) -> Result<Tensor, NetworkError> {
    let side = pictures.first().map_or(0, |p| p.side);
    let mut pixels = Vec::with_capacity(pictures.len() * side * side);
    for picture in pictures {
        if picture.side != side || picture.pixels.len() != side * side {
            let reason = format!("pictures of one batch are {side} by {side} pixels");
            return Err(NetworkError::Torch(reason));
        }
        pixels.extend_from_slice(&picture.pixels);
    }
    let shape = [pictures.len() as i64, 1, side as i64, side as i64];
    let grey = Tensor::f_from_slice(&pixels)?.f_to_kind(Kind::Float)?.f_view(shape)?;
    Ok(grey.f_sub(&Tensor::f_from_slice(&MEAN)?.f_view([1, 3, 1, 1])?)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_becomes_a_grid_of_a_32nd_of_its_side_alone_as_in_company() {
        let mut p = Parameters::random(1, Device::Cpu);
        let net = Resnet::build(&mut p, 2, Device::Cpu).unwrap();
        let weights = p.finish(Path::new("")).unwrap();
        assert!(weights.iter().all(|(_, w)| !w.requires_grad()), "frozen");
        // 53 convolutions, weight and bias each.
        assert_eq!(weights.len(), 106);
        let picture = |value: u8| Picture {
            side: 64,
            pixels: (0..64 * 64).map(|i| if i % 7 == 0 { value } else { 255 }).collect(),
        };
        let (a, b) = (picture(0), picture(90));
        let both = net.features(&[&a, &b]).unwrap();
        assert_eq!(both.size(), [2, net.channels(), 2, 2]);
        let alone = net.features(&[&b]).unwrap();
        let scale = alone.abs().max().double_value(&[]);
        assert!((both.get(1) - alone.get(0)).abs().max().double_value(&[]) < 1e-4 * scale);
        assert!((both.get(1) - both.get(0)).abs().max().double_value(&[]) > 1e-2 * scale);
        assert!(net.features(&[&a, &Picture { side: 32, pixels: vec![0; 1024] }]).is_err());
    }

    #[test]
    fn resnet_50_has_its_23_million_weights() {
        let mut p = Parameters::random(1, Device::Cpu);
        let net = Resnet::build(&mut p, 64, Device::Cpu).unwrap();
        let count: usize = p.finish(Path::new("")).unwrap().iter().map(|(_, w)| w.numel()).sum();
        // 23,454,912 in kernels, 26,560 in biases.
        assert_eq!((count, net.channels()), (23_481_472, 2_048));
    }
}
