import { className, couplings, hydrogens } from "./signal-words";
import { isCompound, type Signal } from "./signals";

/** What is written over a signal, or over several that one name serves. */
export interface Label {
  ppm: number;
  /** From the fullest way to write it to the shortest; each a list of lines. */
  ways: string[][];
  importance: number;
  compound: boolean;
  keys: string[];
}

/** The labels of a spectrum, ascending in shift. */
export function labelsOf(signals: Signal[]): Label[] {
  const labels: Label[] = [];
  for (const signal of signals) {
    if (isCompound(signal)) labels.push(ofCompound(signal));
    else addNamed(labels, signal);
  }
  return labels;
}

function ofCompound(signal: Signal): Label {
  const height = Math.abs(signal.height);
  const base = { ppm: signal.ppm, compound: true, keys: [signal.key] };
  if (!signal.multiplet) {
    const text = signal.ppm.toFixed(signal.nucleus === "1H" ? 2 : 1);
    return { ...base, ways: [[text]], importance: 1 + height };
  }
  const count = hydrogens(signal);
  const full = [couplings(signal), count].filter((line) => line !== "");
  const short = [signal.multiplet.pattern, count].filter((line) => line !== "");
  // The last resort, where many labels share a narrow screen.
  const atoms = signal.multiplet.hydrogens;
  const shortest = atoms === undefined ? short : [signal.multiplet.pattern, `${Math.round(atoms)}H`];
  return { ...base, ways: [full, short, shortest], importance: 1 + (signal.multiplet.hydrogens ?? 0) };
}

/** How far apart lines may be that share one name, ppm: the seven of a CD3 lie closer. */
const NEAR = { "1H": 0.05, other: 2 };

function addNamed(labels: Label[], signal: Signal): void {
  const name = className(signal);
  if (name === "") return;
  const near = signal.nucleus === "1H" ? NEAR["1H"] : NEAR.other;
  const last = labels.at(-1);
  if (last && !last.compound && last.ways[0]?.[0] === name && signal.ppm - last.ppm < near) {
    last.ppm = (last.ppm * last.keys.length + signal.ppm) / (last.keys.length + 1);
    last.keys.push(signal.key);
    return;
  }
  // Names of solvents are never worth the place of a compound's shift.
  const importance = Math.min(Math.abs(signal.height), 1) * 0.5;
  labels.push({ ppm: signal.ppm, ways: [[name]], importance, compound: false, keys: [signal.key] });
}
