//! Structures that a part of a structure is found in.

use std::time::Duration;

use crate::error::MoleculeError;
use crate::limits;
use crate::rdkit::ffi;

/// Longest time for the structures of one call. The usual pattern takes microseconds; one that fits
/// almost everything may take longer than anybody waits.
const MOST_TIME: Duration = Duration::from_secs(1);

/// For each structure, a SMILES, whether the pattern is a part of it. The pattern is a SMILES, else a
/// SMARTS. In a SMILES atoms stand for their element, `*` for any, and hydrogens count where they are
/// written though they need not be: `[OH]` is no ether's. Configurations are not compared. What cannot
/// be read as a structure has no parts.
///
/// ```
/// let structures = ["Oc1ccccc1".to_owned(), "COc1ccccc1".to_owned()];
/// let any = larmor_chemistry::has_substructure("C1=CC=CC=C1O", &structures)?;
/// assert_eq!(any, [true, true]);
/// let phenols = larmor_chemistry::has_substructure("[OH]c1ccccc1", &structures)?;
/// assert_eq!(phenols, [true, false]);
/// # Ok::<(), larmor_chemistry::MoleculeError>(())
/// ```
///
/// # Errors
/// [`MoleculeError`] when the pattern is beyond the limits, neither a SMILES nor a SMARTS, or takes
/// longer than a second.
pub fn has_substructure(pattern: &str, structures: &[String]) -> Result<Vec<bool>, MoleculeError> {
    within(pattern, structures, MOST_TIME)
}

fn within(
    pattern: &str,
    structures: &[String],
    time: Duration,
) -> Result<Vec<bool>, MoleculeError> {
    limits::check_pattern(pattern)?;
    let milliseconds = u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
    let found = ffi::has_substructure(pattern, structures, milliseconds)
        .map_err(|error| MoleculeError::unreadable(&error))?;
    if found.len() == structures.len() { Ok(found) } else { Err(MoleculeError::TooSlow) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn found(pattern: &str, structures: &[&str]) -> Vec<bool> {
        let structures: Vec<String> = structures.iter().map(|&smiles| smiles.to_owned()).collect();
        has_substructure(pattern, &structures).unwrap()
    }

    #[test]
    fn a_smiles_is_looked_for_by_its_elements_and_bonds() {
        let structures = ["CC(=O)Oc1ccccc1C(=O)O", "CCO", "C1CCCCC1", "nonsense"];
        assert_eq!(found("C(=O)O", &structures), [true, false, false, false]);
        // However the ring is written.
        assert_eq!(found("C1=CC=CC=C1", &structures), [true, false, false, false]);
        assert_eq!(found("c1ccccc1", &structures), [true, false, false, false]);
        assert_eq!(found("*O", &structures), [true, true, false, false]);
        // A part is found in any configuration.
        assert_eq!(found("C[C@H](N)C(=O)O", &["C[C@@H](N)C(=O)O", "CC(C)(N)C(=O)O"]), [true; 2]);
    }

    #[test]
    fn a_hydrogen_counts_where_it_is_written_without_need() {
        assert_eq!(found("C[OH]", &["CCO", "CCOC"]), [true, false]);
        assert_eq!(found("CO", &["CCO", "CCOC"]), [true, true]);
        // Alone it would be a radical.
        assert_eq!(found("[CH3]", &["CC", "C1CC1"]), [true, false]);
        assert_eq!(found("C[CH2]", &["CCC", "CC(C)C"]), [true, false]);
        // A pyrrole cannot be written without.
        assert_eq!(found("[nH]1cccc1", &["Cn1cccc1"]), [true]);
        // Nor a silane.
        assert_eq!(found("C[SiH3]", &["CO[Si](C)(C)C"]), [true]);
        assert_eq!(found("[H]OC", &["CCO", "CCOC"]), [true, false]);
    }

    #[test]
    fn what_is_no_smiles_is_a_smarts() {
        let structures = ["CC(=O)N", "CC(=O)OC", "CCN"];
        assert_eq!(found("[CX3](=O)[N,O]", &structures), [true, true, false]);
        assert_eq!(found("[$(NC=O)]", &structures), [true, false, false]);
        assert_eq!(found("[!#6]", &["CC", "CO"]), [false, true]);
    }

    #[test]
    fn nonsense_is_refused() {
        for pattern in ["", "nonsense", "C C", "[", "[$(C", "C1CC", "C>>O", "\u{fc}"] {
            let refused = has_substructure(pattern, &["C".to_owned()]);
            assert!(matches!(refused, Err(MoleculeError::Unreadable(_))), "{pattern}: {refused:?}");
        }
        for pattern in ["C".repeat(1_001), "C1".repeat(100)] {
            let refused = has_substructure(&pattern, &[]);
            assert!(matches!(refused, Err(MoleculeError::TooLarge(_))), "{refused:?}");
        }
        assert_eq!(has_substructure("CC", &[]).unwrap(), Vec::<bool>::new());
    }

    /// Two rings of so many carbons, one above the other, bound atom by atom: every ring in it is of
    /// an even number of atoms.
    fn prismane(size: usize) -> String {
        let ring = |first: usize| {
            let atoms: Vec<String> = (0..size).map(|atom| format!("C%{}", 11 + atom)).collect();
            let (start, rest) = (&atoms[0][1..], atoms[1..].concat());
            format!("C{first}{start}{rest}{first}")
        };
        format!("{}.{}", ring(1), ring(2))
    }

    #[test]
    fn a_pattern_that_takes_for_ever_is_given_up() {
        let cage = [prismane(14)];
        assert_eq!(has_substructure("*1~*~*~*~1", &cage).unwrap(), [true]);
        let odd_ring = format!("*1~{}~*~1", ["*"; 25].join("~"));
        for pattern in [odd_ring.clone(), format!("[$({odd_ring})]"), format!("[!$({odd_ring});F]")]
        {
            let start = Instant::now();
            let given_up = within(&pattern, &cage, Duration::from_millis(100));
            assert_eq!(given_up, Err(MoleculeError::TooSlow), "{pattern}");
            assert!(start.elapsed() < Duration::from_secs(5), "{pattern}");
        }
    }
}
