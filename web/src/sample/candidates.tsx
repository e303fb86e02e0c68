import type { Candidate } from "../generated/larmor/v1/elucidation_pb";
import { Thumbnail } from "../structure/picture";
import { probabilityNumber } from "../words/probability";
import { formulaText, structureName } from "../words/structure-name";
import type { SampleStore } from "./store";

/** The candidates, best first; choosing one shows its assignment. */
export function Candidates({ store }: { store: SampleStore }) {
  const result = store.result.value;
  if (!result || result.candidates.length === 0) return null;
  const shown = store.candidate.value;
  return (
    <section aria-labelledby="candidates">
      <h2 id="candidates">Candidates</h2>
      <p class="quiet">
        {String(result.considered)} considered, the best {result.candidates.length} shown. Choose one to see its assignment.
      </p>
      <ul class="strip">
        {result.candidates.map((candidate) => (
          <li key={`${candidate.rank} ${candidate.inchikey}`}>
            <Card candidate={candidate} chosen={candidate === shown} choose={() => store.choose(candidate.inchikey)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Card({ candidate, chosen, choose }: { candidate: Candidate; chosen: boolean; choose: () => void }) {
  const { rank, name, formula, smiles, source, probability, score } = candidate;
  const title = structureName({ name, formula, smiles });
  const parts = Object.entries(candidate.parts).sort(([a], [b]) => a.localeCompare(b));
  return (
    <article class={`card candidate${chosen ? " chosen" : ""}`} aria-label={`Candidate ${rank}: ${title}`}>
      <button type="button" class="choose" aria-pressed={chosen} onClick={choose}>
        <span class="rank">{rank}</span>
        <Thumbnail of={smiles} name={title} />
        <strong>{title}</strong>
        {name && <span class="quiet">{formulaText(formula)}</span>}
        <span>
          probability <span class="figure">{probabilityNumber(probability)}</span>
        </span>
        <span class="quiet">{sourceText(source)}</span>
        {candidate.judged && <span class="mark">the verdict is on it</span>}
      </button>
      <details>
        <summary>Score</summary>
        <dl class="parts">
          {parts.map(([part, value]) => (
            <div key={part}>
              <dt>{part}</dt>
              <dd>{value.toFixed(2)}</dd>
            </div>
          ))}
          <div>
            <dt>shifts in total</dt>
            <dd>{score.toFixed(2)}</dd>
          </div>
        </dl>
      </details>
    </article>
  );
}

function sourceText(source: string): string {
  return source.startsWith("library:") ? `from ${source.slice("library:".length)}` : source;
}
