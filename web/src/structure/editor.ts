import { CanvasEditor, Molecule } from "openchemlib";

/** Opens the structure editor in an element; the function that comes back closes it. */
export function openEditor(host: HTMLElement, start: string, drawn: (smiles: string) => void): () => void {
  const editor = new CanvasEditor(host, { initialMode: "molecule" });
  const molecule = read(start);
  if (molecule) editor.setMolecule(molecule);
  editor.setOnChangeListener(({ type, isUserEvent }) => {
    if (type !== "molecule" || !isUserEvent) return;
    drawn(editor.getMolecule().toIsomericSmiles());
  });
  return () => editor.destroy();
}

function read(text: string): Molecule | undefined {
  if (text.trim() === "") return undefined;
  try {
    return text.includes("M  END") ? Molecule.fromMolfile(text) : Molecule.fromSmiles(text.trim());
  } catch {
    // What cannot be read is drawn anew.
    return undefined;
  }
}
