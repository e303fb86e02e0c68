import type { AssignmentRow } from "./assignment-rows";

/** Of a signal that is no atom's of the structure, such as an impurity's. */
export const NO_ATOM = "none";

/** Whose a signal is, as a chemist says: an atom's, counted from 0, or none's. */
export type Owner = number | typeof NO_ATOM;

/** Atoms that a chemist gave to signals, by the row of the table. */
export type Corrections = ReadonlyMap<string, Owner>;

/** Corrections with one more; giving a signal its own atom back takes the correction away. */
export function correct(corrections: Corrections, row: AssignmentRow, owner: Owner): Corrections {
  const next = new Map(corrections);
  if (owner === row.best.atom) next.delete(row.id);
  else next.set(row.id, owner);
  return next;
}

/** What is sent with a review. */
export function reviewed(corrections: Corrections, rows: AssignmentRow[]) {
  return rows.flatMap(({ id, best }) => {
    const owner = corrections.get(id);
    if (owner === undefined) return [];
    const whose = owner === NO_ATOM ? { noAtom: true } : { atom: owner };
    return [{ nucleus: best.nucleus, ppm: best.observed, ...whose }];
  });
}
