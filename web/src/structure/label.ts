interface Element {
  element: string;
}

/** What an atom is called: its element and its number, counted from 1. */
export function atomLabel(atoms: readonly Element[] | undefined, atom: number): string {
  return `${atoms?.[atom]?.element || "atom "}${atom + 1}`;
}
