const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * How long to wait before the next attempt after so many failures in a row. A part of it is chance,
 * so that two hundred pages do not come back in the same instant when the server restarts.
 */
export function backoff(failures: number, chance: number = Math.random()): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return full * (0.5 + 0.5 * chance);
}
