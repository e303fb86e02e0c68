//! A 13C peak list held against molecules by K-M3AID, as wholes and peak by peak.

use tch::Tensor;

use super::network::Kmaid;
use crate::device::numbers;
use crate::error::NetworkError;
use crate::gin::{GinBatch, GinFeatures};
use crate::spectrum_encoder::shifts_of;
use larmor_chemistry::MolecularGraph;
use larmor_nmr::spectrum::Multiplicity;

const CARBON: u8 = 6;

/// A 13C peak: shift in ppm and, where an edited spectrum tells, its multiplicity.
pub type CarbonPeak = (f64, Option<Multiplicity>);

/// What K-M3AID says of a molecule beside a peak list; higher is likelier.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct KmaidSimilarity {
    /// Dot product of molecule and spectrum.
    pub graph: f32,
    /// The best dot product of each peak with a carbon and of each carbon with a peak: the mean of
    /// both means. `None` without a carbon or without a peak.
    pub nodes: Option<f32>,
}

impl Kmaid {
    /// Holds a peak list against molecules, in order. A peak of unknown multiplicity is read as
    /// suits each carbon best.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    #[allow(clippy::cast_possible_wrap, clippy::cast_possible_truncation)]
    pub fn similarities(
        &self,
        peaks: &[CarbonPeak],
        molecules: &[MolecularGraph],
    ) -> Result<Vec<KmaidSimilarity>, NetworkError> {
        let _no_gradients = tch::no_grad_guard();
        if molecules.is_empty() {
            return Ok(Vec::new());
        }
        let features: Vec<GinFeatures> = molecules.iter().map(GinFeatures::from).collect();
        let batch = GinBatch::collate(&features.iter().collect::<Vec<_>>(), self.device())?;
        let carbons: Vec<Vec<i64>> = molecules
            .iter()
            .zip(&batch.first)
            .map(|(graph, first)| {
                let atoms = (0..graph.len()).filter(|&atom| graph.element[atom] == CARBON);
                atoms.map(|atom| first + atom as i64).collect()
            })
            .collect();
        let chosen = Tensor::f_from_slice(&carbons.concat())?.f_to_device(self.device())?;
        let structures = self.structures(&batch, &chosen, false)?;
        let shifts = shifts_of(peaks.iter().map(|peak| peak.0));
        let spectrum = self.project_spectra(&self.encode_spectra(&[&shifts])?, false)?;
        let graphs = numbers(&structures.graphs.f_matmul(&spectrum.f_tr()?)?)?;
        let pairs = numbers(&self.pairs(peaks, &structures.nodes)?)?;
        let mut rows = pairs.chunks_exact(peaks.len().max(1));
        Ok(graphs
            .into_iter()
            .zip(&carbons)
            .map(|(graph, carbons)| {
                let own: Vec<&[f32]> = rows.by_ref().take(carbons.len()).collect();
                KmaidSimilarity { graph, nodes: nodes(&own, peaks.len()) }
            })
            .collect())
    }

    /// Dot products of carbons (rows) and peaks (columns), each peak read as suits best.
    #[allow(clippy::cast_possible_truncation)]
    fn pairs(&self, peaks: &[CarbonPeak], nodes: &Tensor) -> Result<Tensor, NetworkError> {
        let ppm: Vec<f32> = peaks.iter().map(|peak| peak.0 as f32).collect();
        let ppm = Tensor::f_from_slice(&ppm)?.f_to_device(self.device())?;
        let readings = self
            .project_readings(&ppm)?
            .iter()
            .enumerate()
            .map(|(hydrogens, reading)| {
                let allowed: Vec<f32> = peaks
                    .iter()
                    .map(|peak| match peak.1 {
                        Some(known) if known.counts() >> hydrogens & 1 == 0 => f32::NEG_INFINITY,
                        _ => 0.0,
                    })
                    .collect();
                let allowed = Tensor::f_from_slice(&allowed)?.f_to_device(self.device())?;
                Ok(nodes.f_matmul(&reading.f_tr()?)?.f_add(&allowed)?)
            })
            .collect::<Result<Vec<_>, NetworkError>>()?;
        Ok(Tensor::f_stack(&readings, 0)?.f_amax([0], false)?)
    }
}

/// Mean of what each carbon (row) and each peak (column) finds at best.
#[allow(clippy::cast_precision_loss)]
fn nodes(rows: &[&[f32]], peaks: usize) -> Option<f32> {
    if rows.is_empty() || peaks == 0 {
        return None;
    }
    let best = |values: &mut dyn Iterator<Item = f32>| values.fold(f32::NEG_INFINITY, f32::max);
    let carbons: f32 = rows.iter().map(|row| best(&mut row.iter().copied())).sum();
    let lines: f32 = (0..peaks).map(|peak| best(&mut rows.iter().map(|row| row[peak]))).sum();
    Some((carbons / rows.len() as f32 + lines / peaks as f32) / 2.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kmaid::config::KmaidConfig;
    use crate::parameters::Parameters;
    use larmor_chemistry::Molecule;
    use tch::Device;

    fn net() -> Kmaid {
        let config = KmaidConfig { width: 16, layers: 2, projection: 16, ..KmaidConfig::default() };
        Kmaid::build(&mut Parameters::random(5, Device::Cpu), &config, Device::Cpu).unwrap()
    }

    fn graph(smiles: &str) -> MolecularGraph {
        Molecule::graph_only(smiles).unwrap().graph
    }

    #[test]
    fn molecules_are_judged_alike_alone_and_in_company() {
        let (net, peaks) = (net(), [(18.0, None), (58.0, Some(Multiplicity::T))]);
        let alone = net.similarities(&peaks, &[graph("CCO")]).unwrap();
        let company = net.similarities(&peaks, &[graph("c1ccccc1"), graph("O"), graph("CCO")]);
        let company = company.unwrap();
        assert!((alone[0].graph - company[2].graph).abs() < 1e-3);
        assert!((alone[0].nodes.unwrap() - company[2].nodes.unwrap()).abs() < 1e-3);
        assert_eq!(company[1].nodes, None, "water has no carbon");
        assert_eq!(net.similarities(&[], &[graph("CCO")]).unwrap()[0].nodes, None);
        assert!(net.similarities(&peaks, &[]).unwrap().is_empty());
    }

    #[test]
    fn a_known_multiplicity_leaves_fewer_readings() {
        let net = net();
        let of = |multiplicity| {
            net.similarities(&[(30.0, multiplicity)], &[graph("CC")]).unwrap()[0].nodes.unwrap()
        };
        let known = [Multiplicity::S, Multiplicity::D, Multiplicity::T, Multiplicity::Q].map(Some);
        let best = known.map(of).into_iter().fold(f32::NEG_INFINITY, f32::max);
        assert!((of(None) - best).abs() < 1e-4);
        assert!(known.map(of).iter().any(|&value| value < best - 1e-4));
    }

    #[test]
    fn both_sides_count() {
        let rows: [&[f32]; 2] = [&[4.0, 0.0], &[2.0, 1.0]];
        // Carbons find 4 and 2, peaks 4 and 1.
        assert_eq!(nodes(&rows, 2), Some(f32::midpoint(3.0, 2.5)));
    }
}
