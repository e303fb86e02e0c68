//! Which molecules go through a network together when there are many.
//!
//! A processor is fastest while the rows of a portion stay in its cache, and attention pads every
//! molecule of a portion to the longest: so molecules of like size share small portions. A GPU
//! wants portions as large as its memory holds; what is asked for at once is bounded already.

use tch::Device;

use crate::error::NetworkError;
use larmor_chemistry::MolecularGraph;

/// Most atoms in a portion on a processor: a tensor of them at a width of 160 takes 0.3 MB, one
/// of their bonds twice that.
const CACHE_ATOMS: usize = 512;

/// Runs molecules portion by portion and returns what came of each in their own order.
pub(super) fn in_portions<T: Clone + Default>(
    molecules: &[MolecularGraph],
    device: Device,
    run: impl Fn(&[&MolecularGraph]) -> Result<Vec<T>, NetworkError>,
) -> Result<Vec<T>, NetworkError> {
    let sizes: Vec<usize> = molecules.iter().map(MolecularGraph::len).collect();
    let mut found = vec![T::default(); molecules.len()];
    for portion in portions(&sizes, device) {
        let together: Vec<&MolecularGraph> =
            portion.iter().map(|&place| &molecules[place]).collect();
        for (place, one) in portion.into_iter().zip(run(&together)?) {
            found[place] = one;
        }
    }
    Ok(found)
}

/// Splits molecules, named by their places and given by their numbers of atoms, into portions,
/// the small ones first.
fn portions(atoms: &[usize], device: Device) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..atoms.len()).collect();
    if device != Device::Cpu {
        return if order.is_empty() { Vec::new() } else { vec![order] };
    }
    order.sort_by_key(|&place| atoms[place]);
    let mut portions: Vec<Vec<usize>> = Vec::new();
    let mut full = CACHE_ATOMS;
    for place in order {
        match portions.last_mut() {
            Some(portion) if full + atoms[place] <= CACHE_ATOMS => {
                portion.push(place);
                full += atoms[place];
            }
            _ => {
                portions.push(vec![place]);
                full = atoms[place];
            }
        }
    }
    portions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_molecule_is_in_one_portion_beside_others_of_its_size() {
        let atoms: Vec<usize> = (0..500).map(|i| 1 + (i * 37) % 90).collect();
        let portions = portions(&atoms, Device::Cpu);
        let mut places: Vec<usize> = portions.iter().flatten().copied().collect();
        let sizes: Vec<usize> = places.iter().map(|&place| atoms[place]).collect();
        assert!(sizes.is_sorted());
        assert!(portions.iter().all(|p| p.iter().map(|&i| atoms[i]).sum::<usize>() <= CACHE_ATOMS));
        places.sort_unstable();
        assert!(places.iter().copied().eq(0..500));
    }

    #[test]
    fn a_molecule_too_large_for_a_portion_goes_alone_and_none_make_no_portion() {
        assert_eq!(portions(&[2_000, 3, 2_000], Device::Cpu), [vec![1], vec![0], vec![2]]);
        assert!(portions(&[], Device::Cpu).is_empty() && portions(&[], Device::Cuda(0)).is_empty());
        assert_eq!(portions(&[9, 3], Device::Cuda(0)), [vec![0, 1]]);
    }
}
