import { useSignal } from "@preact/signals";

import { sampleCalls } from "../api/calls";
import { refusal } from "../api/refusal";
import { ReviewDecision } from "../generated/larmor/v1/sample_service_pb";
import { person } from "../session/session";
import { YourName } from "../session/your-name";
import { structureName } from "../words/structure-name";
import { decisionWords } from "../words/verdict";
import { rememberedName, rememberName } from "../words/who";
import { assignmentRows } from "./assignment-rows";
import { reviewed } from "./corrections";
import type { SampleStore } from "./store";

const DECISIONS: [ReviewDecision, string][] = [
  [ReviewDecision.CONFIRMED, "The structure is right"],
  [ReviewDecision.REJECTED, "The structure is wrong"],
  [ReviewDecision.OPEN, "Only a note or corrections"],
];

/** Confirms or rejects what is shown, with a note and corrected assignments. */
export function ReviewForm({ store }: { store: SampleStore }) {
  const who = useSignal(rememberedName());
  const decision = useSignal(ReviewDecision.UNSPECIFIED);
  const note = useSignal("");
  const problem = useSignal("");
  const said = useSignal("");
  const busy = useSignal(false);
  const candidate = store.candidate.value;
  const corrections = store.corrections.value;

  const missing = () => {
    if (!person.value && who.value.trim() === "") return "Please write your name.";
    if (decision.value === ReviewDecision.UNSPECIFIED) return "Please choose what you decide.";
    const empty = note.value.trim() === "" && corrections.size === 0;
    return decision.value === ReviewDecision.OPEN && empty ? "Please write a note or correct an assignment." : "";
  };

  const submit = async () => {
    said.value = "";
    problem.value = missing();
    if (problem.value) return;
    busy.value = true;
    try {
      rememberName(who.value.trim());
      await sampleCalls.submitReview({
        elucidationId: store.result.value?.id ?? "",
        reviewedBy: who.value.trim(),
        decision: decision.value,
        smiles: candidate?.smiles ?? "",
        note: note.value.trim(),
        assignments: reviewed(corrections, assignmentRows(store.links.value)),
      });
      said.value = `${decisionWords(decision.value)}. Thank you.`;
      note.value = "";
      decision.value = ReviewDecision.UNSPECIFIED;
      store.corrections.value = new Map();
      await store.load();
    } catch (error) {
      problem.value = refusal(error);
    }
    busy.value = false;
  };

  return (
    <form
      class="stack"
      aria-label="Review"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <fieldset>
        <legend>{candidate ? `Your decision on ${structureName(candidate)}` : "Your decision"}</legend>
        {DECISIONS.map(([value, text]) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="decision"
              checked={decision.value === value}
              onChange={() => (decision.value = value)}
            />
            {text}
          </label>
        ))}
      </fieldset>
      <label>
        Note
        <textarea rows={2} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} />
      </label>
      <YourName who={who} />
      {corrections.size > 0 && <p class="said">{corrections.size} corrected assignments go with it.</p>}
      <button type="submit" class="main" disabled={busy.value}>
        Send review
      </button>
      <p role="status" class={problem.value ? "problem" : "said"}>
        {problem.value || said.value}
      </p>
    </form>
  );
}
