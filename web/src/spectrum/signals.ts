import { PeakClass, type Multiplet, type Peak, type Spectrum } from "../generated/larmor/v1/spectrum_pb";

/** What a reader points at in a spectrum: a multiplet of 1H, a line of another nucleus. */
export interface Signal {
  /** Unique on the page. */
  key: string;
  spectrumId: string;
  nucleus: string;
  ppm: number;
  /** The stretch it fills. */
  from: number;
  to: number;
  /** Negative for a line that points down. */
  height: number;
  peakClass: PeakClass;
  /** What it was taken for, where it has a name. */
  substance: string;
  peak?: Peak;
  multiplet?: Multiplet;
}

export function peakKey(spectrumId: string, index: number): string {
  return `${spectrumId}/p${index}`;
}

export function multipletKey(spectrumId: string, index: number): string {
  return `${spectrumId}/m${index}`;
}

/** A spectrum's signals, ascending in shift. */
export function signalsOf(spectrum: Spectrum): Signal[] {
  const taken = new Set(spectrum.multiplets.flatMap((multiplet) => multiplet.peaks));
  const multiplets = spectrum.multiplets.map((multiplet, index) => ofMultiplet(spectrum, multiplet, index));
  const peaks = spectrum.peaks
    .map((peak, index) => ({ peak, index }))
    .filter(({ index }) => !taken.has(index))
    .map(({ peak, index }) => ofPeak(spectrum, peak, index));
  return [...multiplets, ...peaks].sort((a, b) => a.ppm - b.ppm);
}

function ofMultiplet(spectrum: Spectrum, multiplet: Multiplet, index: number): Signal {
  const lines = multiplet.peaks.flatMap((place) => spectrum.peaks[place] ?? []);
  return {
    key: multipletKey(spectrum.id, index),
    spectrumId: spectrum.id,
    nucleus: spectrum.nucleus,
    ppm: multiplet.ppm,
    from: multiplet.fromPpm,
    to: multiplet.toPpm,
    height: Math.max(0, ...lines.map((line) => line.intensity)),
    peakClass: multiplet.peakClass,
    substance: lines.find((line) => line.substance)?.substance?.name ?? "",
    multiplet,
  };
}

function ofPeak(spectrum: Spectrum, peak: Peak, index: number): Signal {
  // A line is as wide as its foot: twice the width at half height on either side.
  const half = (2 * peak.widthHz) / Math.max(spectrum.frequencyMhz, 1);
  return {
    key: peakKey(spectrum.id, index),
    spectrumId: spectrum.id,
    nucleus: spectrum.nucleus,
    ppm: peak.ppm,
    from: peak.ppm - half,
    to: peak.ppm + half,
    height: peak.intensity,
    peakClass: peak.peakClass,
    substance: peak.substance?.name ?? "",
    peak,
  };
}

export function isCompound(signal: Signal): boolean {
  return signal.peakClass === PeakClass.COMPOUND;
}
