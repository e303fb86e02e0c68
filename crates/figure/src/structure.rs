//! The structure with the numbers of its atoms.

use svg::node::Blob;
use svg::node::element::Group;

use crate::ink;

/// A drawn structure.
#[derive(Debug, Clone, PartialEq)]
pub struct StructurePicture {
    /// An `<svg>` element of `width` and `height` pixels, without outside parts.
    pub svg: String,
    /// Pixels.
    pub width: f64,
    /// Pixels.
    pub height: f64,
    /// What stands below it: a name, a formula.
    pub caption: String,
    /// Its atoms, numbered from 1 in this order.
    pub atoms: Vec<PicturedAtom>,
}

/// An atom in the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PicturedAtom {
    /// From the left, pixels.
    pub x: f64,
    /// From the top, pixels.
    pub y: f64,
    /// Whether letters with hydrogens stand there, such as OH: they run sideways.
    pub is_written: bool,
}

/// Of a number, and its distance from its atom, pixels.
const SIZE: f64 = 7.5;
const DISTANCE: f64 = 9.5;

pub(crate) fn draw(picture: &StructurePicture, left: f64, top: f64) -> Group {
    let (x, y) = (ink::tenth(left), ink::tenth(top));
    let mut drawn = Group::new()
        .set("class", "structure")
        .set("transform", format!("translate({x} {y})"))
        .add(Blob::new(picture.svg.clone()));
    for (place, (x, y)) in number_places(&picture.atoms).into_iter().enumerate() {
        let number = (place + 1).to_string();
        drawn = drawn
            .add(ink::words(&number, x, y + 0.36 * SIZE, SIZE, "middle").set("fill", "#1d4ed8"));
    }
    drawn.add(ink::words(
        &picture.caption,
        picture.width / 2.0,
        picture.height + 11.0,
        10.0,
        "middle",
    ))
}

/// A little off each atom, away from those around it, so that a number lies on no bond.
fn number_places(atoms: &[PicturedAtom]) -> Vec<(f64, f64)> {
    let distance = |a: &PicturedAtom, b: &PicturedAtom| (a.x - b.x).hypot(a.y - b.y);
    let bond = atoms
        .iter()
        .enumerate()
        .flat_map(|(place, one)| atoms[place + 1..].iter().map(move |other| distance(one, other)))
        .filter(|&length| length > 0.0)
        .fold(f64::INFINITY, f64::min);
    let place = |atom: &PicturedAtom| {
        let around = atoms.iter().filter(|other| {
            let length = distance(atom, other);
            length > 0.0 && length <= 1.4 * bond
        });
        let (mut x, mut y, mut count) = (0.0, 0.0, 0);
        for other in around {
            let length = distance(atom, other);
            x += (atom.x - other.x) / length;
            y += (atom.y - other.y) / length;
            count += 1;
        }
        let length = x.hypot(y);
        if atom.is_written {
            return (atom.x, atom.y + 1.15 * DISTANCE * if y > 0.0 { 1.0 } else { -1.0 });
        }
        if length >= 0.1 {
            return (atom.x + x / length * DISTANCE, atom.y + y / length * DISTANCE);
        }
        // In the middle of a cross there is room between its arms, beside a straight chain across it.
        let aslant = if count > 2 { 0.7 } else { 0.0 };
        let up = if count > 2 { 0.7 } else { 1.0 };
        (atom.x + aslant * DISTANCE, atom.y - up * DISTANCE)
    };
    atoms.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_off_their_atoms_and_off_the_bonds() {
        let atom = |x: f64, y: f64| PicturedAtom { x, y, is_written: false };
        // A chain bent upwards in the middle: that number goes up, the ends' go outwards.
        let places = number_places(&[atom(0.0, 15.0), atom(26.0, 0.0), atom(52.0, 15.0)]);
        assert!(places[0].0 < 0.0 && places[1].1 < 0.0 && places[2].0 > 52.0, "{places:?}");
        let alone = number_places(&[atom(5.0, 5.0)]);
        assert_eq!(alone, [(5.0, 5.0 - DISTANCE)]);
    }
}
