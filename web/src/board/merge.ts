interface Row {
  id: string;
}

interface TimedRow extends Row {
  updateTime?: { seconds: bigint; nanos: number } | undefined;
}

/** Rows that are new or have changed from one state of a list to the next. */
export function changedRows(before: TimedRow[], after: TimedRow[]): Set<string> {
  const time = ({ updateTime }: TimedRow) => `${updateTime?.seconds} ${updateTime?.nanos}`;
  const known = new Map(before.map((row) => [row.id, time(row)]));
  return new Set(after.filter((row) => known.get(row.id) !== time(row)).map((row) => row.id));
}

/**
 * Brings a list, newest first, up to date with a fresh first page of it. Identities ascend with time,
 * so a row that the fresh page should hold and does not has left the list; rows further down stay.
 */
export function mergeFirstPage<R extends Row>(rows: R[], fresh: R[], complete: boolean): R[] {
  const last = fresh.at(-1)?.id;
  const below = complete || last === undefined ? [] : rows.filter((row) => row.id < last);
  return [...fresh, ...below];
}

/** Replaces those rows of a list that come anew; adds none. */
export function replaceRows<R extends Row>(rows: R[], fresh: R[]): R[] {
  const byId = new Map(fresh.map((row) => [row.id, row]));
  return rows.map((row) => byId.get(row.id) ?? row);
}
