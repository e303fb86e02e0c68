//! Hydrogen isotopes, which structures name as atoms of their own.

use crate::graph::MolecularGraph;

impl MolecularGraph {
    /// The same with isotopes of hydrogen as plain hydrogens of the atoms they are bound to, and for
    /// each of its atoms the place it had; `None` where there are none. Chemical shifts hardly know
    /// the difference, and networks that learned from plain molecules do not know the atoms.
    ///
    /// ```
    /// use larmor_chemistry::Molecule;
    ///
    /// let labelled = Molecule::graph_only("[2H]C([2H])([2H])O")?;
    /// let (plain, places) = labelled.graph.with_plain_hydrogens().ok_or("no isotope")?;
    /// assert_eq!(plain, Molecule::graph_only("CO")?.graph);
    /// assert_eq!(places, [1, 4]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_plain_hydrogens(&self) -> Option<(Self, Vec<usize>)> {
        let leaves = |atom: usize| self.element[atom] == 1 && self.degree[atom] == 1;
        let places: Vec<usize> = (0..self.len()).filter(|&atom| !leaves(atom)).collect();
        if places.len() == self.len() || places.is_empty() {
            return None;
        }
        let mut at = vec![None; self.len()];
        for (new, &old) in (0_u32..).zip(&places) {
            at[old] = Some(new);
        }
        let mut plain = Self {
            element: kept(&self.element, &places),
            charge: kept(&self.charge, &places),
            hydrogens: kept(&self.hydrogens, &places),
            degree: kept(&self.degree, &places),
            hybridisation: kept(&self.hybridisation, &places),
            chiral_tag: kept(&self.chiral_tag, &places),
            cip: kept(&self.cip, &places),
            aromatic: kept(&self.aromatic, &places),
            radicals: kept(&self.radicals, &places),
            ring_sizes: kept(&self.ring_sizes, &places),
            ring_count: kept(&self.ring_count, &places),
            bonds: Vec::with_capacity(self.bonds.len()),
        };
        for bond in &self.bonds {
            match [bond.begin, bond.end].map(|end| at[end as usize]) {
                [Some(begin), Some(end)] => {
                    plain.bonds.push(crate::graph::Bond { begin, end, ..*bond });
                }
                [Some(atom), None] | [None, Some(atom)] => {
                    let atom = atom as usize;
                    plain.hydrogens[atom] = plain.hydrogens[atom].saturating_add(1);
                    plain.degree[atom] = plain.degree[atom].saturating_sub(1);
                }
                [None, None] => {}
            }
        }
        Some((plain, places))
    }
}

fn kept<T: Copy>(column: &[T], places: &[usize]) -> Vec<T> {
    places.iter().map(|&place| column[place]).collect()
}
