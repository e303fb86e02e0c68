// Drawings such as the daemon makes: shapes only, in the colour of the text around.
import OCL from "openchemlib";

export function draw(smiles, width, height) {
  const molecule = OCL.Molecule.fromSmiles(smiles);
  molecule.inventCoordinates();
  const count = molecule.getAllAtoms();
  const xs = [], ys = [];
  for (let n = 0; n < count; n++) {
    xs.push(molecule.getAtomX(n));
    ys.push(molecule.getAtomY(n));
  }
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = 0.8;
  const scale = Math.min((width * room) / Math.max(x1 - x0, 1), (height * room) / Math.max(y1 - y0, 1));
  const atoms = xs.map((x, n) => ({
    x: width / 2 + (x - (x0 + x1) / 2) * scale,
    y: height / 2 + (ys[n] - (y0 + y1) / 2) * scale,
    element: molecule.getAtomLabel(n),
    hydrogens: molecule.getAllHydrogens(n),
  }));
  const shapes = [];
  for (let bond = 0; bond < molecule.getAllBonds(); bond++) {
    const [a, b] = [molecule.getBondAtom(0, bond), molecule.getBondAtom(1, bond)];
    const [p, q] = [atoms[a], atoms[b]];
    const length = Math.hypot(q.x - p.x, q.y - p.y);
    const [ux, uy] = [(q.x - p.x) / length, (q.y - p.y) / length];
    const cut = (atom) => (atom.element === "C" ? 0 : Math.min(9, length / 3));
    const offsets = molecule.getBondOrder(bond) === 2 ? [-2, 2] : [0];
    for (const offset of offsets) {
      const [ox, oy] = [-uy * offset, ux * offset];
      const from = `${p.x + ux * cut(p) + ox},${p.y + uy * cut(p) + oy}`;
      const to = `${q.x - ux * cut(q) + ox},${q.y - uy * cut(q) + oy}`;
      shapes.push(`<path class="bond-${bond} atom-${a} atom-${b}" d="M ${from} L ${to}" fill="none" stroke="currentColor" stroke-width="1.6"/>`);
    }
  }
  atoms.forEach((atom, n) => {
    if (atom.element === "C") return;
    const colour = { O: "#FF0000", N: "#0000FF" }[atom.element] ?? "currentColor";
    shapes.push(`<text class="atom-${n}" x="${atom.x}" y="${atom.y + 5}" font-size="14" text-anchor="middle" fill="${colour}">${atom.element}</text>`);
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}px" height="${height}px" viewBox="0 0 ${width} ${height}">${shapes.join("")}</svg>`;
  return { svg, atoms };
}
