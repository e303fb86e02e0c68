const SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉";

/** A molecular formula with its figures set low. */
export function formulaText(formula: string): string {
  return formula.replace(/\d/g, (digit) => SUBSCRIPT[Number(digit)]!);
}

/** What to call a structure: its name, else its formula, else its SMILES. */
export function structureName(of: { name?: string; formula?: string; smiles?: string }): string {
  return of.name || formulaText(of.formula ?? "") || of.smiles || "";
}
