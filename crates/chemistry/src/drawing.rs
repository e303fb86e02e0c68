//! Structures as pictures in which every atom can be found.

use crate::error::MoleculeError;
use crate::limits;
use crate::rdkit::ffi;

/// A drawn structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// SVG without style sheets or scripts. What belongs to atom N has the class `atom-N`, to bond N
    /// `bond-N`. Carbons and bonds have the colour of the text around them (`currentColor`), and there
    /// is no background.
    pub svg: String,
    /// The atoms of the SMILES or mol block, in its order.
    pub atoms: Vec<DrawnAtom>,
}

/// An atom of a drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnAtom {
    /// From the left, pixels.
    pub x: f64,
    /// From the top, pixels.
    pub y: f64,
    /// Symbol of the element.
    pub element: String,
    /// Hydrogens on it.
    pub hydrogens: u8,
}

/// Draws a structure into a picture of so many pixels.
///
/// ```
/// let ethanol = larmor_chemistry::draw("CCO", 200, 150)?;
/// assert!(ethanol.svg.starts_with("<svg"));
/// assert_eq!(ethanol.atoms[2].element, "O");
/// assert!(ethanol.atoms.iter().all(|atom| (0.0..=200.0).contains(&atom.x)));
/// # Ok::<(), larmor_chemistry::MoleculeError>(())
/// ```
///
/// # Errors
/// [`MoleculeError`] when the SMILES cannot be read.
pub fn draw(smiles: &str, width: u16, height: u16) -> Result<Drawing, MoleculeError> {
    limits::check_smiles(smiles)?;
    drawing(ffi::draw(smiles, false, width.into(), height.into()))
}

/// Draws the structure of a mol block as it is laid out there, where it is laid out in a plane.
///
/// # Errors
/// [`MoleculeError`] when the mol block cannot be read.
pub fn draw_molblock(text: &str, width: u16, height: u16) -> Result<Drawing, MoleculeError> {
    limits::check_molblock(text)?;
    drawing(ffi::draw(text, true, width.into(), height.into()))
}

fn drawing(picture: Result<ffi::Picture, cxx::Exception>) -> Result<Drawing, MoleculeError> {
    let picture = picture.map_err(|error| MoleculeError::unreadable(&error))?;
    let places = picture.x.into_iter().zip(picture.y);
    let kinds = picture.element.into_iter().zip(picture.hydrogens);
    let atoms = places.zip(kinds).map(|((x, y), (element, hydrogens))| DrawnAtom {
        x,
        y,
        element,
        hydrogens,
    });
    Ok(Drawing { svg: without_styles(&picture.svg), atoms: atoms.collect() })
}

/// The SVG from its first element on, styles written as attributes: pages that allow no style in
/// elements show them all the same.
fn without_styles(svg: &str) -> String {
    let start = svg.find("<svg").unwrap_or(0);
    let mut plain = String::with_capacity(svg.len());
    let mut rest = &svg[start..];
    while let Some(at) = rest.find("style='") {
        plain.push_str(&rest[..at]);
        rest = &rest[at + "style='".len()..];
        let end = rest.find('\'').unwrap_or(rest.len());
        for (name, value) in rest[..end].split(';').filter_map(|rule| rule.split_once(':')) {
            let value = if value == "#000000" { "currentColor" } else { value };
            plain.push_str(&format!("{}='{}' ", name.trim(), value.trim()));
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain.replace("fill='#000000'", "fill='currentColor'")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_atom_is_in_the_picture_and_in_the_order_of_the_smiles() {
        let drawing = draw("C[C@H](N)C(=O)O.[H]O[H]", 400, 300).unwrap();
        let elements: Vec<&str> = drawing.atoms.iter().map(|atom| atom.element.as_str()).collect();
        assert_eq!(elements, ["C", "C", "N", "C", "O", "O", "H", "O", "H"]);
        assert_eq!(drawing.atoms[0].hydrogens, 3);
        for atom in &drawing.atoms {
            assert!((0.0..=400.0).contains(&atom.x) && (0.0..=300.0).contains(&atom.y), "{atom:?}");
        }
        assert!(drawing.svg.contains("atom-2") && drawing.svg.contains("bond-0"));
    }

    #[test]
    fn a_drawing_has_no_styles_and_no_background() {
        let svg = draw("c1ccccc1O", 200, 150).unwrap().svg;
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(
            !svg.contains("style=") && !svg.contains("#000000") && !svg.contains("<rect"),
            "{svg}"
        );
        assert!(svg.contains("currentColor"));
        assert!(draw("nonsense", 200, 150).is_err());
    }

    #[test]
    fn a_mol_block_is_drawn_atom_by_atom_as_it_is_laid_out() {
        // Ethanol with a hydrogen of its own: O, C, C, H from left to right and not in a zigzag.
        let block = |places: [&str; 4]| {
            let atoms: Vec<String> = places
                .iter()
                .zip(["O", "C", "C", "H"])
                .map(|(place, element)| {
                    format!("{place:>10}    0.0000    0.0000 {element:<3} 0  0  0  0  0  0\n")
                })
                .collect();
            format!(
                "\n  test\n\n  4  3  0  0  0  0            999 V2000\n{}  1  2  1  0\n  2  3  1  0\n  \
                 1  4  1  0\nM  END\n",
                atoms.concat()
            )
        };
        let drawing = draw_molblock(&block(["1.5", "3.0", "4.5", "0.0"]), 300, 100).unwrap();
        let elements: Vec<&str> = drawing.atoms.iter().map(|atom| atom.element.as_str()).collect();
        assert_eq!(elements, ["O", "C", "C", "H"]);
        let x = |drawing: &Drawing, atom: usize| drawing.atoms[atom].x;
        assert!(x(&drawing, 3) < x(&drawing, 0) && x(&drawing, 1) < x(&drawing, 2), "{drawing:?}");
        assert!((drawing.atoms[0].y - drawing.atoms[2].y).abs() < 1e-6, "{drawing:?}");
        // One without places is laid out.
        let laid_out = draw_molblock(&block(["0.0"; 4]), 300, 100).unwrap();
        assert!((laid_out.atoms[0].y - laid_out.atoms[2].y).abs() > 1.0, "{laid_out:?}");
        assert!(draw_molblock("nonsense", 300, 100).is_err());
    }

    #[test]
    fn styles_become_attributes() {
        assert_eq!(
            without_styles(
                "<?xml?><svg><path d='M 0' style='fill:none;stroke:#000000;x:2px' /></svg>"
            ),
            "<svg><path d='M 0' fill='none' stroke='currentColor' x='2px'  /></svg>"
        );
    }
}
