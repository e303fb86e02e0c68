import type { SampleSummary } from "../generated/larmor/v1/sample_service_pb";
import { Thumbnail } from "../structure/picture";
import { VerdictBadge } from "../verdict/light";
import { Moment } from "../words/moment";
import { probabilityNumber } from "../words/probability";
import { formulaText, structureName } from "../words/structure-name";
import { decisionWords } from "../words/verdict";
import { addressOf, EVERYTHING } from "./filter";

interface Props {
  rows: SampleSummary[];
  /** Rows that have just changed. */
  fresh?: ReadonlySet<string>;
  caption?: string;
  /** Whether the best structures are drawn. */
  pictures?: boolean;
}

export function SampleTable({ rows, fresh, caption = "Samples, the newest first", pictures = false }: Props) {
  return (
    <table class="rows samples">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Sample</th>
          <th scope="col">Verdict</th>
          <th scope="col">Best structure</th>
          <th scope="col">Spectra</th>
          <th scope="col">Instrument</th>
          <th scope="col">Changed</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <SampleRow key={row.id} row={row} fresh={fresh?.has(row.id) ?? false} picture={pictures} />
        ))}
      </tbody>
    </table>
  );
}

function SampleRow({ row, fresh, picture }: { row: SampleSummary; fresh: boolean; picture: boolean }) {
  const structure = structureName({ name: row.bestName, formula: row.bestFormula, smiles: row.bestSmiles });
  const decided = decisionWords(row.decision);
  return (
    <tr class={fresh ? "fresh" : ""}>
      <th scope="row">
        <a class="name" href={`/sample/${encodeURIComponent(row.id)}`}>
          {row.name}
        </a>
        {row.group && (
          <>
            {" "}
            <a class="group" href={addressOf({ ...EVERYTHING, group: row.group })} aria-label={`${row.group}: all samples`}>
              {row.group}
            </a>
          </>
        )}
      </th>
      <td>
        <VerdictBadge verdict={row.verdict} />
        {row.verdictProbability !== undefined && (
          <span class="figure" title="Probability that the structure is right">
            {probabilityNumber(row.verdictProbability)}
          </span>
        )}
        {decided && <span class="mark">{decided}</span>}
      </td>
      <td class="best">
        {row.bestSmiles && (
          <>
            {picture && <Thumbnail of={row.bestSmiles} name={structure} />}
            {structure}
            {row.bestName && row.bestFormula && <span class="quiet"> {formulaText(row.bestFormula)}</span>}
          </>
        )}
      </td>
      <td>
        {row.spectra.join(", ")}
        {row.waiting > 0 && <span class="mark">{row.waiting} to come</span>}
        {row.failed > 0 && <span class="mark bad">{row.failed} failed</span>}
      </td>
      <td>{row.instrument}</td>
      <td class="quiet">
        <Moment time={row.updateTime} />
      </td>
    </tr>
  );
}
