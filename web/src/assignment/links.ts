import type { PeakAssignment } from "../generated/larmor/v1/elucidation_pb";
import { isCompound, multipletKey, peakKey, type Signal } from "../spectrum/signals";

/** A signal and an atom that may be its. */
export interface Link {
  key: string;
  atom: number;
  nucleus: string;
  observed: number;
  predicted: number;
  probability: number;
}

export interface Links {
  /** What the assignments say, signal by signal, the likeliest atom first. */
  bySignal: Map<string, Link[]>;
  /** The same atom by atom. */
  byAtom: Map<number, Link[]>;
  /** All of them, as they came. */
  all: Link[];
}

// A line stands at the same shift in every spectrum of its nucleus, but for temperature and referencing.
const NEAR: Record<string, number> = { "1H": 0.03 };
const NEAR_OTHER = 0.3;

/** Connects assignments with the signals that are drawn. */
export function linkAssignments(assignments: PeakAssignment[], signals: Signal[]): Links {
  const byKey = new Map(signals.map((signal) => [signal.key, signal]));
  const all = assignments.map((assignment) => ({
    key: keyOf(assignment, byKey, signals),
    atom: assignment.atom,
    nucleus: assignment.nucleus,
    observed: assignment.observedPpm,
    predicted: assignment.predictedPpm,
    probability: assignment.probability,
  }));
  const bySignal = groupBy(all, (link) => link.key);
  // An edited spectrum shows the lines of the plain one again: what is said of those holds for these.
  for (const signal of signals) {
    if (bySignal.has(signal.key) || !isCompound(signal)) continue;
    const echoed = nearest(all, signal);
    const links = all.filter((link) => echoed && link.key === echoed.key && link.key !== "");
    if (links.length > 0) bySignal.set(signal.key, links.map((link) => ({ ...link, key: signal.key })));
  }
  for (const links of bySignal.values()) links.sort((a, b) => b.probability - a.probability);
  bySignal.delete("");
  const byAtom = groupBy([...bySignal.values()].flat(), (link) => link.atom);
  for (const links of byAtom.values()) links.sort((a, b) => b.probability - a.probability);
  return { bySignal, byAtom, all };
}

function keyOf(assignment: PeakAssignment, byKey: Map<string, Signal>, signals: Signal[]): string {
  const { spectrumId, peak, multiplet } = assignment;
  if (multiplet !== undefined && byKey.has(multipletKey(spectrumId, multiplet))) return multipletKey(spectrumId, multiplet);
  if (peak !== undefined) {
    if (byKey.has(peakKey(spectrumId, peak))) return peakKey(spectrumId, peak);
    const around = signals.find((s) => s.spectrumId === spectrumId && s.multiplet?.peaks.includes(peak));
    if (around) return around.key;
  }
  // Where the spectrum is another by now, the shift still tells which signal is meant.
  let best = "";
  let distance = NEAR[assignment.nucleus] ?? NEAR_OTHER;
  for (const signal of signals) {
    const away = Math.abs(signal.ppm - assignment.observedPpm);
    if (signal.nucleus !== assignment.nucleus || away > distance || (best !== "" && away === distance)) continue;
    best = signal.key;
    distance = away;
  }
  return best;
}

function nearest(links: Link[], signal: Signal): Link | undefined {
  let best: Link | undefined;
  let distance = NEAR[signal.nucleus] ?? NEAR_OTHER;
  for (const link of links) {
    const away = Math.abs(link.observed - signal.ppm);
    if (link.nucleus !== signal.nucleus || away > distance) continue;
    best = link;
    distance = away;
  }
  return best;
}

function groupBy<K>(links: Link[], by: (link: Link) => K): Map<K, Link[]> {
  const groups = new Map<K, Link[]>();
  for (const link of links) {
    const group = groups.get(by(link));
    if (group) group.push(link);
    else groups.set(by(link), [link]);
  }
  return groups;
}
