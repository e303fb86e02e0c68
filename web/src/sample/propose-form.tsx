import { useSignal } from "@preact/signals";

import { candidateCalls } from "../api/calls";
import { refusal } from "../api/refusal";
import { YourName } from "../session/your-name";
import { DrawingBoard } from "../structure/drawing-board";
import { rememberedName, rememberName } from "../words/who";
import { structureOf } from "./structure-text";

interface Props {
  group: string;
  sample: string;
  done: () => void;
}

/** Proposes a structure: as SMILES, as a mol file, or drawn. */
export function ProposeForm({ group, sample, done }: Props) {
  const text = useSignal("");
  const name = useSignal("");
  const who = useSignal(rememberedName());
  const drawing = useSignal(false);
  const said = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);

  const propose = async () => {
    const structure = structureOf(text.value);
    problem.value = said.value = "";
    if (!structure) {
      problem.value = "Write, choose or draw a structure first.";
      return;
    }
    busy.value = true;
    try {
      rememberName(who.value.trim());
      const structures = [{ structure, name: name.value.trim() }];
      const reply = await candidateCalls.proposeCandidates({ group, sample, structures, proposedBy: who.value.trim() });
      said.value = reply.requeuedAcquisitionId
        ? "Proposed. The sample is judged again; the verdict appears here by itself."
        : "Proposed.";
      text.value = name.value = "";
      drawing.value = false;
      done();
    } catch (error) {
      problem.value = refusal(error);
    }
    busy.value = false;
  };

  const read = async (file: File | undefined) => {
    if (file) text.value = await file.text();
  };

  return (
    <form
      class="stack"
      aria-label="Propose a structure"
      onSubmit={(event) => {
        event.preventDefault();
        void propose();
      }}
    >
      <h3>Propose a structure</h3>
      <label>
        SMILES or mol file
        <textarea
          rows={text.value.includes("\n") ? 6 : 2}
          spellcheck={false}
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
      </label>
      <div class="row">
        <label class="file">
          Choose a file
          <input type="file" accept=".mol,.sdf,.smi,.txt" onChange={(event) => void read(event.currentTarget.files?.[0])} />
        </label>
        <button type="button" aria-expanded={drawing.value} onClick={() => (drawing.value = !drawing.value)}>
          {drawing.value ? "Close the drawing" : "Draw it"}
        </button>
      </div>
      {drawing.value && <DrawingBoard start={text.value} drawn={(structure) => (text.value = structure)} />}
      <div class="row">
        <label>
          Its name (optional)
          <input value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
        </label>
        <YourName who={who} />
      </div>
      <button type="submit" class="main" disabled={busy.value}>
        Propose
      </button>
      <p role="status" class={problem.value ? "problem" : "said"}>
        {problem.value || said.value}
      </p>
    </form>
  );
}
