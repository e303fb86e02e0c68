import type { UnexplainedSignal } from "../generated/larmor/v1/elucidation_pb";
import type { Spectrum } from "../generated/larmor/v1/spectrum_pb";
import type { TrackContent } from "../spectrum/panel";
import { signalsOf, type Signal } from "../spectrum/signals";

/** The spectra of one nucleus. */
export interface TrackGroup {
  nucleus: string;
  tracks: TrackContent[];
}

const kindOf = (spectrum: Spectrum) => `${spectrum.nucleus} ${spectrum.experiment}`;

/**
 * The spectra to show: those that stand; beside an earlier judgement those it was made from. What was
 * judged and has no spectrum of its kind any more is shown as well.
 */
export function spectraShown(standing: Spectrum[], judged: Spectrum[], earlier: boolean): Spectrum[] {
  const [first, second] = earlier ? [judged, []] : [standing, judged];
  const kinds = new Set(first.map(kindOf));
  return [...first, ...second.filter((spectrum) => !kinds.has(kindOf(spectrum)))];
}

/** Spectra by nucleus, 1H first, each group with its plain spectrum on top. */
export function tracksOf(spectra: Spectrum[], unexplained: UnexplainedSignal[]): TrackGroup[] {
  const rank = (nucleus: string) => (nucleus === "1H" ? 0 : nucleus === "13C" ? 1 : 2);
  const sorted = [...spectra].sort(
    (a, b) =>
      rank(a.nucleus) - rank(b.nucleus) ||
      a.nucleus.localeCompare(b.nucleus) ||
      Number(b.experiment === "1D") - Number(a.experiment === "1D") ||
      a.experiment.localeCompare(b.experiment),
  );
  const groups: TrackGroup[] = [];
  for (const spectrum of sorted) {
    const signals = signalsOf(spectrum);
    const track = { spectrum, signals, unexplained: unexplainedKeys(signals, unexplained) };
    const group = groups.find(({ nucleus }) => nucleus === spectrum.nucleus);
    if (group) group.tracks.push(track);
    else groups.push({ nucleus: spectrum.nucleus, tracks: [track] });
  }
  return groups;
}

const NEAR: Record<string, number> = { "1H": 0.01 };
const NEAR_OTHER = 0.1;

function unexplainedKeys(signals: Signal[], unexplained: UnexplainedSignal[]): Set<string> {
  const found = signals.filter((signal) =>
    unexplained.some(
      ({ nucleus, ppm }) => nucleus === signal.nucleus && Math.abs(ppm - signal.ppm) < (NEAR[nucleus] ?? NEAR_OTHER),
    ),
  );
  return new Set(found.map((signal) => signal.key));
}
