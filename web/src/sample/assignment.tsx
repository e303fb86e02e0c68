import { SpectrumPanel } from "../spectrum/panel";
import { atomLabel } from "../structure/label";
import { useDrawing } from "../structure/picture";
import { Structure, STRUCTURE_SIZE } from "../structure/structure";
import { AfterSpectra } from "./after-spectra";
import { AssignmentTable } from "./assignment-table";
import { pointedWords } from "./pointed-words";
import type { SampleStore } from "./store";

/** Spectra and structure beside one another, each lighting up the other. */
export function Assignment({ store }: { store: SampleStore }) {
  const candidate = store.candidate.value;
  const { width, height } = STRUCTURE_SIZE;
  const { drawing, problem } = useDrawing(candidate?.smiles ?? "", width, height);
  const label = (atom: number) => atomLabel(drawing?.atoms, atom);
  const groups = store.tracks.value;
  return (
    <section aria-labelledby="assignment" class="assignment">
      <h2 id="assignment">Spectra and assignment</h2>
      <div class="bench">
        <div class="bench-spectra">
          {groups.length === 0 && <p class="quiet">No spectrum has been processed yet.</p>}
          {groups.map(({ nucleus, tracks }) => (
            <SpectrumPanel key={nucleus} view={store.view(nucleus)} tracks={tracks} pointing={store} />
          ))}
        </div>
        {candidate && (
          <div class="bench-structure">
            <Structure
              drawing={drawing}
              problem={problem}
              links={store.links.value}
              pointing={store}
              words={pointedWords(store.target.value, store.links.value, store.signals.value, label)}
            />
          </div>
        )}
      </div>
      {candidate && (
        <AfterSpectra store={store}>
          <AssignmentTable store={store} label={label} />
        </AfterSpectra>
      )}
    </section>
  );
}
