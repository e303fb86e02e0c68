import type { SimilarSpectrum } from "../generated/larmor/v1/history_pb";
import { nucleusText } from "../spectrum/panel";
import { Thumbnail } from "../structure/picture";
import { VerdictBadge } from "../verdict/light";
import { Moment } from "../words/moment";
import { structureName } from "../words/structure-name";

/** Similar spectra, each nucleus for itself: their similarities cannot be compared. */
export function SimilarTable({ spectra }: { spectra: SimilarSpectrum[] }) {
  const nuclei = [...new Set(spectra.map((spectrum) => spectrum.nucleus))];
  return (
    <>
      {nuclei.map((nucleus) => (
        <section key={nucleus} aria-label={`Similar ${nucleus} spectra`}>
          <h3>{nucleusText(nucleus)}</h3>
          <table class="rows">
            <caption class="unseen">Similar {nucleus} spectra, the most similar first</caption>
            <thead>
              <tr>
                <th scope="col">Sample</th>
                <th scope="col">Similarity</th>
                <th scope="col">Taken for</th>
                <th scope="col">Verdict</th>
                <th scope="col">Instrument</th>
                <th scope="col">Measured</th>
              </tr>
            </thead>
            <tbody>
              {spectra
                .filter((spectrum) => spectrum.nucleus === nucleus)
                .map((spectrum) => (
                  <Row key={spectrum.spectrumId} spectrum={spectrum} />
                ))}
            </tbody>
          </table>
        </section>
      ))}
    </>
  );
}

function Row({ spectrum }: { spectrum: SimilarSpectrum }) {
  const { bestSmiles: smiles, bestName: name, bestFormula: formula } = spectrum;
  const title = structureName({ name, formula, smiles });
  return (
    <tr>
      <th scope="row">
        <a href={`/sample/${encodeURIComponent(spectrum.sampleId)}`}>{spectrum.sample}</a>{" "}
        <span class="quiet">{spectrum.group}</span>
      </th>
      <td>{spectrum.similarity.toFixed(3)}</td>
      <td>
        {smiles && <Thumbnail of={smiles} name={title} />}
        {title}
      </td>
      <td>
        <VerdictBadge verdict={spectrum.verdict} />
      </td>
      <td>{spectrum.instrument}</td>
      <td class="quiet">
        <Moment time={spectrum.acquiredTime} />
      </td>
    </tr>
  );
}
