import { Verdict, type Candidate, type Elucidation } from "../generated/larmor/v1/elucidation_pb";

/** The candidate that is shown: the one that was chosen, else the one that the verdict is on. */
export function chosenCandidate(result: Elucidation | undefined, choice: string): Candidate | undefined {
  if (!result) return undefined;
  return result.candidates.find((candidate) => candidate.inchikey === choice) ?? judged(result);
}

function judged(result: Elucidation): Candidate | undefined {
  const { candidates, components, verdict } = result;
  const told = candidates.find((candidate) => candidate.judged);
  if (told) return told;
  // Judgements of earlier versions do not tell.
  const named = components.find((component) => component.judged)?.name;
  const byName = candidates.find((candidate) => candidate.smiles === named);
  if (byName) return byName;
  const onProposal = verdict === Verdict.CONSISTENT || verdict === Verdict.INCONSISTENT;
  const proposed = onProposal ? candidates.find((candidate) => candidate.source === "proposed") : undefined;
  return proposed ?? candidates[0];
}
