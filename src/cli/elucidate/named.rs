//! Structures that a command or a query names itself: every one of them has to be readable.

use larmor_chemistry::Molecule;
use larmor_nmr::structure::ProposedStructure;

/// Letters of an unreadable structure that are shown.
const SHOWN: usize = 60;

/// The structures of SMILES, or which of them cannot be read and why; `what` says what they are.
pub(super) fn read(what: &str, smiles: &[String]) -> Result<Vec<ProposedStructure>, String> {
    let structures: Vec<_> = smiles.iter().map(|text| ProposedStructure::smiles(text)).collect();
    check(what, &structures).map(|()| structures)
}

/// Which of the structures, all of them SMILES, cannot be read and why.
pub(super) fn check(what: &str, structures: &[ProposedStructure]) -> Result<(), String> {
    for structure in structures {
        let Err(error) = Molecule::graph_only(&structure.text) else { continue };
        let line = structure.text.lines().next().unwrap_or_default();
        let shown: String = line.chars().take(SHOWN).collect();
        return Err(format!("{what} '{shown}' cannot be read: {error}"));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_cannot_be_read_is_named() {
        let smiles = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let ethers = read("candidate", &smiles(&["CCO", "COC"])).unwrap();
        assert_eq!(ethers[1], ProposedStructure::smiles("COC"));
        let told = read("candidate", &smiles(&["CCO", "C1CC", "?"])).unwrap_err();
        assert!(told.starts_with("candidate 'C1CC' cannot be read: "), "{told}");
        assert!(read("candidate", &smiles(&[""])).is_err());
        let told = read("candidate", &smiles(&[&"?".repeat(500)])).unwrap_err();
        assert!(told.contains(&format!("'{}'", "?".repeat(SHOWN))), "{told}");
    }
}
