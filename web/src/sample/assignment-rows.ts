import type { Link, Links } from "../assignment/links";

/** A line of the assignment table: a signal and the atom that it most likely is of. */
export interface AssignmentRow {
  id: string;
  best: Link;
  others: Link[];
}

/** Assignments by signal, 13C before 1H and from the left of the spectrum to its right. */
export function assignmentRows(links: Links): AssignmentRow[] {
  const groups = new Map<string, Link[]>();
  for (const link of links.all) {
    const id = link.key || `${link.nucleus} ${link.observed}`;
    groups.set(id, [...(groups.get(id) ?? []), link]);
  }
  return [...groups]
    .map(([id, group]) => {
      const [best, ...others] = [...group].sort((a, b) => b.probability - a.probability);
      return { id, best: best!, others };
    })
    .sort((a, b) => a.best.nucleus.localeCompare(b.best.nucleus) || b.best.observed - a.best.observed);
}
