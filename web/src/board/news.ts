import type { SampleSummary } from "../generated/larmor/v1/sample_service_pb";
import { probabilityNumber } from "../words/probability";
import { verdictWords } from "../words/verdict";

/** What to say of how a list has changed: new verdicts, at most so many by name. */
export function newsOf(before: SampleSummary[], after: SampleSummary[], most = 3): string {
  const known = new Map(before.map((sample) => [sample.id, sample]));
  const news = after.filter((sample) => {
    const old = known.get(sample.id);
    return sample.verdict !== 0 && (old?.verdict !== sample.verdict || old.bestSmiles !== sample.bestSmiles);
  });
  const named = news.slice(0, most).map((sample) => {
    const { verdictProbability: probability } = sample;
    const figure = probability === undefined ? "" : `, probability ${probabilityNumber(probability)}`;
    return `${sample.name}: ${verdictWords(sample.verdict).short}${figure}.`;
  });
  const rest = news.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} more samples have a new verdict.`] : [])].join(" ");
}
