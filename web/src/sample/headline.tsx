import { sentence } from "../api/refusal";
import type { SampleSummary } from "../generated/larmor/v1/sample_service_pb";
import { Light } from "../verdict/light";
import { Moment } from "../words/moment";
import { probabilityNumber, probabilityWords } from "../words/probability";
import { formulaText } from "../words/structure-name";
import { decisionWords, verdictWords } from "../words/verdict";
import type { SampleStore } from "./store";

/** The sample's name and what its verdict is. */
export function Headline({ store, summary }: { store: SampleStore; summary: SampleSummary }) {
  const result = store.result.value;
  const verdict = result?.verdict ?? 0;
  const words = verdictWords(verdict);
  const probability = result?.verdictProbability;
  const decided = store.earlier.value ? "" : decisionWords(summary.decision);
  return (
    <>
      <div class="headline">
        <h1>{summary.name}</h1>
        <p class="quiet">
          {[summary.group, summary.instrument, summary.spectra.join(", ")].filter((part) => part).join(" · ")} ·{" "}
          <Moment time={summary.updateTime} />
          {summary.waiting > 0 && <span class="mark">{summary.waiting} to come</span>}
          {summary.failed > 0 && <span class="mark bad">{summary.failed} failed</span>}{" "}
          <a href={`/search?${new URLSearchParams({ like: summary.name, group: summary.group })}`}>Find similar spectra</a>
        </p>
      </div>
      <section class={`verdict ${words.tone}`} aria-labelledby="verdict">
        <Light verdict={verdict} large />
        <div>
          <h2 id="verdict">
            {words.short}
            {decided && <span class="mark">{decided} by a chemist</span>}
          </h2>
          <p class="lead">
            {words.sentence}
            {probability !== undefined && (
              <>
                {" "}
                The structure is <strong>{probabilityWords(probability)}</strong> (probability {probabilityNumber(probability)}
                ).
              </>
            )}
          </p>
          <Shown store={store} />
          {result && result.reasons.length > 0 && (
            <ul class="reasons">
              {result.reasons.map((reason) => (
                <li key={reason}>{sentence(reason)}</li>
              ))}
            </ul>
          )}
          {store.earlier.value && (
            <p class="note">
              This is revision {store.earlier.value.revision}, an earlier one.{" "}
              <button type="button" class="plain" onClick={() => void store.lookAt("")}>
                Back to the latest
              </button>
            </p>
          )}
        </div>
      </section>
    </>
  );
}

/** Which structure the page shows: the one that the verdict is on, unless another was chosen. */
function Shown({ store }: { store: SampleStore }) {
  const candidate = store.candidate.value;
  if (!candidate) return null;
  const chosen = candidate.inchikey === store.choice.value;
  return (
    <p class="quiet">
      {chosen ? `Shown below, as chosen, is candidate ${candidate.rank}: ` : "Shown below: "}
      {candidate.name && <>{candidate.name}, </>}
      {formulaText(candidate.formula)} <code class="smiles">{candidate.smiles}</code>
    </p>
  );
}
