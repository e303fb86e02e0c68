import type { Link } from "./links";

/** How sure the assignment of an atom is; the words are those of the legend. */
export type Confidence = "sure" | "likely" | "unsure" | "none";

export const LEGEND: [Confidence, string][] = [
  ["sure", "0.9 or more"],
  ["likely", "0.5 to 0.9"],
  ["unsure", "below 0.5"],
  ["none", "no signal"],
];

export function confidenceOf(links: Link[] | undefined): Confidence {
  const best = Math.max(...(links ?? []).map((link) => link.probability), -1);
  if (best < 0) return "none";
  if (best >= 0.9) return "sure";
  return best >= 0.5 ? "likely" : "unsure";
}
