import type { RevisionChange, SpectrumUsed } from "../generated/larmor/v1/event_pb";
import type { ElucidationSummary } from "../generated/larmor/v1/elucidation_pb";
import { probabilityNumber } from "../words/probability";
import { structureName } from "../words/structure-name";
import { verdictWords } from "../words/verdict";

/** What a revision changes in the one before, one sentence each. */
export function changeWords(summary: ElucidationSummary, change: RevisionChange | undefined): string[] {
  if (!change) return ["First verdict."];
  const said: string[] = [];
  if (change.verdict !== summary.verdict) {
    said.push(`Verdict: ${verdictWords(change.verdict).short.toLowerCase()} before, now ${verdictWords(summary.verdict).short.toLowerCase()}.`);
  }
  const best = structureName({ name: summary.bestName, formula: summary.bestFormula, smiles: summary.bestSmiles });
  if (change.bestChanged) {
    said.push(best ? `${best} leads now${change.best ? `, in place of ${change.best.smiles}` : ""}.` : "No candidate leads now.");
  } else if (change.best && Math.abs(change.best.probability - summary.bestProbability) >= 0.01) {
    const [from, to] = [change.best.probability, summary.bestProbability].map(probabilityNumber);
    said.push(`${best || "The best candidate"} still leads; probability ${from} before, now ${to}.`);
  }
  if (change.added.length > 0) said.push(`Added: ${spectra(change.added)}.`);
  if (change.leftOut.length > 0) said.push(`No longer used: ${spectra(change.leftOut)}.`);
  return said.length > 0 ? said : ["Judged again, with the same outcome."];
}

function spectra(used: SpectrumUsed[]): string {
  return used.map(({ nucleus, experiment }) => (experiment === "1D" ? nucleus : `${nucleus} ${experiment}`)).join(", ");
}
