//! What is refused before the chemistry library sees it. Canonicalisation recurses with the
//! length of chains and ring perception explodes on fused cages, so both are bounded here,
//! from the text alone.

use crate::error::MoleculeError;

/// Longest SMILES taken, in bytes.
const SMILES_BYTES: usize = 4_000;
/// Longest pattern taken, in bytes.
const PATTERN_BYTES: usize = 1_000;
/// Most patterns within patterns, `$(...)`, around any part of one.
const PATTERN_DEPTH: usize = 8;
/// Largest mol block taken, in bytes.
const MOLBLOCK_BYTES: usize = 1 << 20;
/// Most heavy atoms in a molecule.
const HEAVY_ATOMS: usize = 1_000;
/// Most independent rings in a molecule.
const RINGS: usize = 40;

pub(super) fn check_smiles(text: &str) -> Result<(), MoleculeError> {
    if text.len() > SMILES_BYTES {
        return Err(refuse("SMILES characters", text.len(), SMILES_BYTES));
    }
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(MoleculeError::Unreadable("a SMILES is one word of ASCII".to_owned()));
    }
    let rings = ring_closures(text);
    if rings > RINGS { Err(refuse("rings", rings, RINGS)) } else { Ok(()) }
}

/// A SMILES or SMARTS that is looked for.
pub(super) fn check_pattern(text: &str) -> Result<(), MoleculeError> {
    if text.len() > PATTERN_BYTES {
        return Err(refuse("characters of a pattern", text.len(), PATTERN_BYTES));
    }
    check_smiles(text)?;
    let depth = pattern_depth(text);
    let what = "patterns within patterns";
    if depth > PATTERN_DEPTH { Err(refuse(what, depth, PATTERN_DEPTH)) } else { Ok(()) }
}

pub(super) fn check_molblock(text: &str) -> Result<(), MoleculeError> {
    if text.len() > MOLBLOCK_BYTES {
        return Err(refuse("mol block bytes", text.len(), MOLBLOCK_BYTES));
    }
    let (atoms, bonds) = molblock_counts(text)
        .ok_or_else(|| MoleculeError::Unreadable("no counts line in the mol block".to_owned()))?;
    // Hydrogens may be written out, so the block may hold a few times the heavy atoms.
    if atoms > 3 * HEAVY_ATOMS {
        return Err(refuse("atoms", atoms, 3 * HEAVY_ATOMS));
    }
    let rings = (bonds + 1).saturating_sub(atoms);
    if rings > RINGS { Err(refuse("rings", rings, RINGS)) } else { Ok(()) }
}

pub(super) fn check_atoms(heavy: usize) -> Result<(), MoleculeError> {
    if heavy > HEAVY_ATOMS { Err(refuse("heavy atoms", heavy, HEAVY_ATOMS)) } else { Ok(()) }
}

fn refuse(what: &str, found: usize, limit: usize) -> MoleculeError {
    MoleculeError::TooLarge(format!("{found} {what}, at most {limit} are taken"))
}

/// Ring closures written in a SMILES: digits and `%nn` outside brackets, two to a ring.
fn ring_closures(text: &str) -> usize {
    let (mut bracket, mut marks) = (false, 0);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' => bracket = true,
            b']' => bracket = false,
            b'%' if !bracket => {
                marks += 1;
                bytes.nth(1);
            }
            b'0'..=b'9' if !bracket => marks += 1,
            _ => {}
        }
    }
    marks / 2
}

/// How deep `$(` stands within `$(`.
fn pattern_depth(text: &str) -> usize {
    // For each open parenthesis whether it begins a pattern.
    let (mut open, mut deepest) = (Vec::new(), 0);
    let mut before = b' ';
    for byte in text.bytes() {
        match byte {
            b'(' => open.push(before == b'$'),
            b')' => drop(open.pop()),
            _ => {}
        }
        deepest = deepest.max(open.iter().filter(|&&pattern| pattern).count());
        before = byte;
    }
    deepest
}

/// Atom and bond counts as the fourth line (V2000) or `M  V30 COUNTS` (V3000) states them.
fn molblock_counts(text: &str) -> Option<(usize, usize)> {
    let counts = text.lines().nth(3)?;
    if counts.contains("V3000") {
        let line = text.lines().find_map(|line| line.strip_prefix("M  V30 COUNTS "))?;
        let mut words = line.split_whitespace();
        return Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?));
    }
    let field = |range| counts.get(range).and_then(|s: &str| s.trim().parse().ok());
    Some((field(0..3)?, field(3..6)?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ring_closures_ignore_brackets_and_read_two_digit_marks() {
        assert_eq!(ring_closures("c1ccccc1"), 1);
        assert_eq!(ring_closures("[13CH4]"), 0);
        assert_eq!(ring_closures("C%10CC%10C1CC1"), 2);
    }

    #[test]
    fn patterns_within_patterns_are_counted_by_their_depth() {
        assert_eq!(pattern_depth("CC(=O)(C)"), 0);
        assert_eq!(pattern_depth("[$(CO),$(CN)]"), 1);
        assert_eq!(pattern_depth("[$(C[$(N(C)),$(O)])]"), 2);
        assert!(check_pattern(&format!("{}C{}", "[$(".repeat(9), ")]".repeat(9))).is_err());
    }

    #[test]
    fn counts_come_from_the_counts_line() {
        let block = "\n\n\n 12 12  0  0  0  0            999 V2000\n";
        assert_eq!(molblock_counts(block), Some((12, 12)));
    }
}
