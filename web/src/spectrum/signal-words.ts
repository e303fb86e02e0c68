import { PeakClass } from "../generated/larmor/v1/spectrum_pb";
import { isCompound, type Signal } from "./signals";

/** Coupling constants as they are written after a pattern. */
export function couplings(signal: Signal): string {
  const { pattern = "", couplingsHz = [] } = signal.multiplet ?? {};
  const constants = couplingsHz.map((hertz) => hertz.toFixed(1)).join(", ");
  return constants === "" ? pattern : `${pattern} ${constants}`;
}

/** The integral in hydrogens; a measured figure, hence with decimals. */
export function hydrogens(signal: Signal): string {
  const count = signal.multiplet?.hydrogens;
  return count === undefined ? "" : `${count.toFixed(2)} H`;
}

/** What a signal is that is not the compound's. */
export function className(signal: Signal): string {
  const { substance } = signal;
  switch (signal.peakClass) {
    case PeakClass.SOLVENT:
      return substance || "solvent";
    case PeakClass.IMPURITY:
      return substance || "impurity";
    case PeakClass.SATELLITE:
      return "¹³C satellite";
    case PeakClass.ARTIFACT:
      return "artefact";
    case PeakClass.SIDEBAND:
      return "spinning sideband";
    default:
      return "";
  }
}

/** Hydrogens on a carbon, as chemists write them. */
export const MULTIPLICITY: Record<string, string> = { S: "C", D: "CH", T: "CH₂", Q: "CH₃", DQ: "CH or CH₃" };

/** All that is known of a signal, in one line. */
export function signalLine(signal: Signal): string {
  const decimals = signal.nucleus === "1H" ? 3 : 2;
  const parts = [`${signal.ppm.toFixed(decimals)} ppm`];
  if (signal.multiplet) {
    const { couplingsHz } = signal.multiplet;
    const constants = couplingsHz.map((hertz) => hertz.toFixed(1)).join(", ");
    parts.push(signal.multiplet.pattern + (constants && `, J = ${constants} Hz`), hydrogens(signal));
  }
  const { multiplicity = "", splitting } = signal.peak ?? {};
  if (multiplicity) parts.push(MULTIPLICITY[multiplicity] ?? multiplicity);
  if (splitting) parts.push(`split by ${splitting.by}, J = ${splitting.couplingHz.toFixed(1)} Hz`);
  if (!isCompound(signal)) parts.push(kindAndName(signal));
  return parts.filter((part) => part !== "").join(" · ");
}

function kindAndName(signal: Signal): string {
  const kind = signal.peakClass === PeakClass.SOLVENT ? "solvent" : "impurity";
  const named = signal.peakClass === PeakClass.SOLVENT || signal.peakClass === PeakClass.IMPURITY;
  return named && signal.substance ? `${kind}: ${signal.substance}` : className(signal);
}

/** By how much heights are multiplied, with two figures; nothing where they are not. */
export function magnification(scale: number): string {
  if (Math.abs(scale - 1) < 0.01) return "";
  return String(Number(scale.toPrecision(2)));
}
