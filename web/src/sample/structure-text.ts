/** A structure as it was typed, pasted or read from a file. */
export type StructureText = { case: "smiles"; value: string } | { case: "molblock"; value: string };

/** Tells a mol block from SMILES; undefined where there is nothing. */
export function structureOf(text: string): StructureText | undefined {
  if (text.trim() === "") return undefined;
  if (/V[23]000|^M {2}END/m.test(text)) {
    // An SD file goes on after the first molecule; one is meant.
    const [first] = text.split(/^\$\$\$\$/m);
    return { case: "molblock", value: first!.replace(/\r\n?/g, "\n") };
  }
  // A line of a SMILES file has a name after the structure.
  return { case: "smiles", value: text.trim().split(/\s+/)[0]! };
}
