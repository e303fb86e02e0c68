import type { Links } from "./links";

/** What a reader points at. */
export type Target = { kind: "signal"; key: string } | { kind: "atom"; atom: number };

/** How brightly atoms and signals are lit: 1 for what is pointed at, less for what is less likely. */
export interface Light {
  atoms: Map<number, number>;
  signals: Map<string, number>;
}

const FAINTEST = 0.15;

export const DARK: Light = { atoms: new Map(), signals: new Map() };

export function lightOf(target: Target | undefined, links: Links): Light {
  if (!target) return DARK;
  const atoms = new Map<number, number>();
  const signals = new Map<string, number>();
  if (target.kind === "signal") {
    signals.set(target.key, 1);
    for (const link of links.bySignal.get(target.key) ?? []) raise(atoms, link.atom, link.probability);
    // The same line in the other spectra of its nucleus.
    const best = links.bySignal.get(target.key)?.[0];
    for (const [key, others] of links.bySignal) {
      const other = others[0];
      if (best && other?.nucleus === best.nucleus && other.observed === best.observed) raise(signals, key, 1);
    }
  } else {
    atoms.set(target.atom, 1);
    for (const link of links.byAtom.get(target.atom) ?? []) raise(signals, link.key, link.probability);
  }
  return { atoms, signals };
}

function raise<K>(weights: Map<K, number>, key: K, probability: number): void {
  weights.set(key, Math.max(weights.get(key) ?? 0, FAINTEST, probability));
}
