import type { AssignmentRow } from "./assignment-rows";

/** Atoms that a chemist gave to signals, by the row of the table. */
export type Corrections = ReadonlyMap<string, number>;

/** Corrections with one more; giving a signal its own atom back takes the correction away. */
export function correct(corrections: Corrections, row: AssignmentRow, atom: number): Corrections {
  const next = new Map(corrections);
  if (atom === row.best.atom) next.delete(row.id);
  else next.set(row.id, atom);
  return next;
}

/** What is sent with a review. */
export function reviewed(corrections: Corrections, rows: AssignmentRow[]) {
  return rows.flatMap(({ id, best }) => {
    const atom = corrections.get(id);
    return atom === undefined ? [] : [{ nucleus: best.nucleus, atom, ppm: best.observed }];
  });
}
