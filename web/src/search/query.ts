/** What samples can be found by. */
export const KINDS = ["name", "formula", "key", "part"] as const;
export type Kind = (typeof KINDS)[number];

export interface SampleQuery {
  kind: Kind;
  text: string;
}

export const KIND_WORDS: Record<Kind, string> = {
  name: "a name",
  formula: "a formula",
  key: "an InChIKey",
  part: "a part of a structure",
};

const ELEMENTS = new Set(
  ("H D T He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo " +
    "Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi").split(" "),
);

/** What a text looks like. One that may be several things is a name. */
export function kindOf(text: string): Kind {
  const typed = text.trim();
  if (/^(InChIKey=)?[A-Z]{14}(-[A-Z]{0,10}(-[A-Z]?)?)?$/.test(typed)) return "key";
  if (isFormula(typed)) return "formula";
  return isStructure(typed) ? "part" : "name";
}

/** Symbols with their counts, none of them twice: C1CCCCC1 is a ring. */
function isFormula(text: string): boolean {
  if (!/^([A-Z][a-z]?\d*)+[+-]?\d*$/.test(text) || !/\d/.test(text)) return false;
  const symbols = text.match(/[A-Z][a-z]?/g) ?? [];
  return symbols.length > 1 && symbols.every((one) => ELEMENTS.has(one)) && new Set(symbols).size === symbols.length;
}

/** Nothing but atoms, bonds, rings and branches, and more than letters: EN4 and CCO may be names. */
function isStructure(text: string): boolean {
  const atom = "Br|Cl|[BCNOPSFI]|[bcnops]|\\*|\\[[^\\]\\s]+\\]";
  const written = new RegExp(`^(${atom})((${atom})|[-=#:~/\\\\.()&,;!$%@+]|\\d)*$`);
  return written.test(text) && (/[=#()[\]~]/.test(text) || /[A-Za-z]\d.*[A-Za-z]\d/.test(text));
}

/** The address that finds these samples, to be passed on. */
export function addressOf({ kind, text }: SampleQuery): string {
  return `/search?${new URLSearchParams({ [kind]: text.trim() })}`;
}

/** What an address asks for. */
export function queryOf(query: URLSearchParams): SampleQuery | undefined {
  for (const kind of KINDS) {
    const text = query.get(kind)?.trim();
    if (text) return { kind, text };
  }
  return undefined;
}

/** The fields of the call. */
export function requestOf({ kind, text }: SampleQuery) {
  switch (kind) {
    case "name":
      return { nameContains: text };
    case "formula":
      return { formula: text };
    case "key":
      return { inchikey: text };
    case "part":
      return { substructure: text };
  }
}
