// Spectra of ethyl 4-methoxycinnamate, calculated: enough to look at the page without a daemon.
import { create } from "@bufbuild/protobuf";
import { PeakClass, SpectrumSchema } from "../src/generated/larmor/v1/spectrum_pb.ts";

const { COMPOUND, SOLVENT, IMPURITY, SATELLITE } = PeakClass;
export const SMILES = "CCOC(=O)/C=C/c1ccc(OC)cc1";
export const POINTS = 65536;

// Centre, hydrogens, pattern, couplings, class, substance, atoms with probabilities.
const PROTON = [
  [1.332, 3.02, "t", [7.1], COMPOUND, "", [[0, 0.99]]],
  [1.56, 0.4, "s", [], SOLVENT, "water", []],
  [2.045, 0.31, "s", [], IMPURITY, "ethyl acetate", []],
  [3.834, 2.97, "s", [], COMPOUND, "", [[12, 0.97]]],
  [4.249, 2.01, "q", [7.1], COMPOUND, "", [[1, 0.98]]],
  [6.308, 1.0, "d", [16.0], COMPOUND, "", [[5, 0.95]]],
  [6.902, 2.03, "d", [8.8], COMPOUND, "", [[9, 0.95], [13, 0.95], [8, 0.02], [14, 0.02]]],
  [7.26, 0.2, "s", [], SOLVENT, "CHCl3", []],
  [7.472, 1.98, "d", [8.8], COMPOUND, "", [[8, 0.94], [14, 0.94], [6, 0.05]]],
  [7.641, 1.01, "d", [16.0], COMPOUND, "", [[6, 0.93], [8, 0.03]]],
];

// Shift, height, class, substance, multiplicity, atoms with probabilities.
const CARBON = [
  [14.37, 0.62, COMPOUND, "", "Q", [[0, 0.99]]],
  [14.19, 0.05, IMPURITY, "ethyl acetate", "", []],
  [55.36, 0.66, COMPOUND, "", "Q", [[12, 0.96]]],
  [60.33, 0.7, COMPOUND, "", "T", [[1, 0.97]]],
  [76.75, 1.4, SOLVENT, "CDCl3", "", []],
  [77.0, 1.4, SOLVENT, "CDCl3", "", []],
  [77.25, 1.4, SOLVENT, "CDCl3", "", []],
  [101.9, 0.06, COMPOUND, "", "", []],
  [114.3, 1.0, COMPOUND, "", "D", [[9, 0.94], [13, 0.94], [5, 0.05]]],
  [115.77, 0.52, COMPOUND, "", "D", [[5, 0.91], [9, 0.06], [13, 0.06]]],
  [127.21, 0.3, COMPOUND, "", "S", [[7, 0.94]]],
  [129.68, 0.98, COMPOUND, "", "D", [[8, 0.98], [14, 0.98]]],
  [130.1, 0.03, SATELLITE, "", "", []],
  [144.23, 0.5, COMPOUND, "", "D", [[6, 0.88]]],
  [161.35, 0.27, COMPOUND, "", "S", [[10, 0.48], [3, 0.34]]],
  [167.3, 0.24, COMPOUND, "", "S", [[3, 0.61], [10, 0.36]]],
];

const base = { acquisitionId: "a", solvent: "CDCl3", quality: { score: 0.9, reasons: [] } };

function pascal(lines) {
  let row = [1];
  for (let n = 1; n < lines; n++) row = [1, ...row.slice(1).map((v, i) => v + row[i]), 1];
  return row;
}

export function proton(id) {
  const peaks = [];
  const multiplets = PROTON.map(([ppm, hydrogens, pattern, couplings, peakClass, substance]) => {
    const count = { s: 1, d: 2, t: 3, q: 4 }[pattern];
    const heights = pascal(count);
    const sum = heights.reduce((a, b) => a + b, 0);
    const spacing = (couplings[0] ?? 0) / 400.13;
    const first = peaks.length;
    heights.forEach((height, n) =>
      peaks.push({
        ppm: ppm + (n - (count - 1) / 2) * spacing,
        intensity: ((height / sum) * hydrogens) / 3,
        widthHz: 0.9,
        peakClass,
        ...(substance && { substance: { name: substance, confidence: 0.9 } }),
      }),
    );
    const half = (spacing * count) / 2 + 0.02;
    return {
      ppm, fromPpm: ppm - half, toPpm: ppm + half, pattern, couplingsHz: couplings, peakClass,
      peaks: heights.map((_, n) => first + n), hydrogens,
    };
  });
  return create(SpectrumSchema, { ...base, id, nucleus: "1H", experiment: "1D", frequencyMhz: 400.13, peaks, multiplets });
}

export function carbon(id, experiment = "1D") {
  const sign = { Q: 1, D: 1, T: -1 };
  const peaks = CARBON.filter(([, , , , m]) => experiment === "1D" || sign[m]).map(
    ([ppm, height, peakClass, substance, multiplicity]) => ({
      ppm, intensity: experiment === "1D" ? height : height * sign[multiplicity], widthHz: 2, peakClass, multiplicity,
      ...(substance && { substance: { name: substance, confidence: 0.9 } }),
    }),
  );
  return create(SpectrumSchema, { ...base, id, nucleus: "13C", experiment, frequencyMhz: 100.61, peaks });
}

export function assignments(protonId, carbonId) {
  const one = (nucleus, spectrumId, place, at, atoms) =>
    atoms.map(([atom, probability]) => ({
      atom, nucleus, observedPpm: at, predictedPpm: at + Math.sin((atom === 13 ? 9 : atom === 14 ? 8 : atom) * 7) * (nucleus === "1H" ? 0.05 : 1.1),
      probability, spectrumId, ...place,
    }));
  return [
    ...CARBON.flatMap(([ppm, , , , , atoms], peak) => one("13C", carbonId, { peak }, ppm, atoms)),
    ...PROTON.flatMap(([ppm, , , , , , atoms], multiplet) => one("1H", protonId, { multiplet }, ppm, atoms)),
  ];
}

const traces = new Map();

/** The points of a spectrum, ascending in shift. */
export function points(spectrum) {
  const kept = traces.get(spectrum.id);
  if (kept) return kept;
  const [lo, hi] = spectrum.nucleus === "1H" ? [-3.5, 16.5] : [-15, 235];
  const step = (hi - lo) / POINTS;
  const heights = new Float32Array(POINTS);
  let seed = 1;
  for (let n = 0; n < POINTS; n++) {
    seed = (seed * 16807) % 2147483647;
    heights[n] = (seed / 2147483647 - 0.5) * (spectrum.nucleus === "1H" ? 0.002 : 0.02);
  }
  for (const { ppm, intensity, widthHz } of spectrum.peaks) {
    const half = Math.max(widthHz / spectrum.frequencyMhz / 2, step);
    const middle = Math.round((ppm - lo) / step);
    for (let n = Math.max(0, middle - 3000); n < Math.min(POINTS, middle + 3000); n++) {
      heights[n] += intensity / (1 + ((lo + n * step - ppm) / half) ** 2);
    }
  }
  const trace = { lo, hi, step, heights };
  traces.set(spectrum.id, trace);
  return trace;
}
