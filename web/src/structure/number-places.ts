interface Point {
  x: number;
  y: number;
}

interface Atom extends Point {
  element: string;
  hydrogens: number;
}

/**
 * Where the numbers of atoms stand: a little off the atom, away from the atoms around it, so that they
 * lie on no bond. Letters such as OH and NH₂ run sideways; their number stands over or under them.
 */
export function numberPlaces(atoms: Atom[], distance: number): Point[] {
  const near = 1.4 * shortest(atoms);
  return atoms.map((atom) => {
    const { x, y, around } = awayFrom(atom, atoms, near);
    const written = atom.element !== "C" && atom.hydrogens > 0;
    if (written) return { x: atom.x, y: atom.y + (y > 0 ? distance : -distance) };
    const length = Math.hypot(x, y);
    if (length >= 0.1) return { x: atom.x + (x / length) * distance, y: atom.y + (y / length) * distance };
    // In the middle of a cross there is room between its arms, beside a straight chain across it.
    const aslant = around > 2 ? 0.7 : 0;
    return { x: atom.x + aslant * distance, y: atom.y - (aslant || 1) * distance };
  });
}

function awayFrom(atom: Point, atoms: Point[], near: number) {
  let [x, y, around] = [0, 0, 0];
  for (const other of atoms) {
    const [dx, dy] = [atom.x - other.x, atom.y - other.y];
    const length = Math.hypot(dx, dy);
    if (length === 0 || length > near) continue;
    around += 1;
    x += dx / length;
    y += dy / length;
  }
  return { x, y, around };
}

/** The length of a bond: the least distance of two atoms. */
export function shortest(atoms: Point[]): number {
  let least = Infinity;
  for (const [place, atom] of atoms.entries()) {
    for (const other of atoms.slice(place + 1)) {
      const length = Math.hypot(atom.x - other.x, atom.y - other.y);
      if (length > 0) least = Math.min(least, length);
    }
  }
  return Number.isFinite(least) ? least : 30;
}
