import { Verdict } from "../generated/larmor/v1/elucidation_pb";
import { ReviewDecision } from "../generated/larmor/v1/sample_service_pb";

export type Tone = "good" | "bad" | "open" | "none";

export interface VerdictWords {
  /** One or two words, beside the light. */
  short: string;
  sentence: string;
  tone: Tone;
}

export function verdictWords(verdict: Verdict): VerdictWords {
  switch (verdict) {
    case Verdict.CONSISTENT:
      return { short: "Fits", sentence: "The proposed structure fits the spectra.", tone: "good" };
    case Verdict.INCONSISTENT:
      return { short: "Does not fit", sentence: "The proposed structure does not fit the spectra.", tone: "bad" };
    case Verdict.INCONCLUSIVE:
      return { short: "Undecided", sentence: "The spectra do not decide which structure it is.", tone: "open" };
    case Verdict.BEST_MATCH:
      return {
        short: "Best match",
        sentence: "The first candidate fits the spectra, and better than the others.",
        tone: "good",
      };
    case Verdict.NONE_FITS:
      return { short: "None fits", sentence: "None of the candidates fits the spectra.", tone: "bad" };
    default:
      return { short: "No verdict", sentence: "There is no verdict on this sample yet.", tone: "none" };
  }
}

export const VERDICTS = [
  Verdict.CONSISTENT,
  Verdict.INCONSISTENT,
  Verdict.INCONCLUSIVE,
  Verdict.BEST_MATCH,
  Verdict.NONE_FITS,
];

export function decisionWords(decision: ReviewDecision): string {
  switch (decision) {
    case ReviewDecision.CONFIRMED:
      return "Confirmed";
    case ReviewDecision.REJECTED:
      return "Rejected";
    case ReviewDecision.OPEN:
      return "Noted";
    default:
      return "";
  }
}
