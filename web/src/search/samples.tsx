import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { SampleTable } from "../board/sample-table";
import { go, place } from "../route/place";
import { DrawingBoard } from "../structure/drawing-board";
import { addressOf, KIND_WORDS, kindOf, KINDS, queryOf, type Kind, type SampleQuery } from "./query";
import { SamplesFound } from "./samples-found";

/** Samples by name, formula, InChIKey, or a part of a structure. */
export function Samples() {
  const asked = queryOf(place.value.query);
  const text = useSignal(asked?.text ?? "");
  const chosen = useSignal<Kind | "">(asked?.kind ?? "");
  const drawing = useSignal(false);
  const missing = useSignal("");
  const key = asked ? `${asked.kind} ${asked.text}` : "";
  useEffect(() => {
    if (!asked) return;
    text.value = asked.text;
    chosen.value = asked.kind;
    missing.value = "";
  }, [key]);

  const search = () => {
    const typed = text.value.trim();
    missing.value = typed === "" ? "Please write or draw what to look for." : "";
    if (typed !== "") go(addressOf({ kind: chosen.value || kindOf(typed), text: typed }));
  };
  return (
    <section aria-labelledby="samples-by">
      <h2 id="samples-by">Find samples</h2>
      <form
        class="find"
        role="search"
        aria-label="Find samples"
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <div class="row">
          <label class="wide">
            Name, formula, InChIKey, or part of a structure as SMILES or SMARTS
            <input
              type="search"
              spellcheck={false}
              autocapitalize="off"
              value={text.value}
              onInput={(event) => {
                text.value = event.currentTarget.value;
                chosen.value = "";
              }}
            />
          </label>
          <label>
            Taken as
            <select value={chosen.value || kindOf(text.value)} onChange={(event) => (chosen.value = event.currentTarget.value as Kind)}>
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {KIND_WORDS[kind]}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="main">
            Search
          </button>
          <button type="button" aria-expanded={drawing.value} onClick={() => (drawing.value = !drawing.value)}>
            {drawing.value ? "Close the drawing" : "Draw it"}
          </button>
        </div>
        {drawing.value && (
          <DrawingBoard
            start={chosen.value === "part" || kindOf(text.value) === "part" ? text.value : ""}
            drawn={(smiles) => {
              text.value = smiles;
              chosen.value = "part";
            }}
          />
        )}
      </form>
      {missing.value && (
        <p class="problem" role="status">
          {missing.value}
        </p>
      )}
      {asked && <Found key={key} asked={asked} />}
    </section>
  );
}

function Found({ asked }: { asked: SampleQuery }) {
  const found = useMemo(() => new SamplesFound(asked), []);
  useEffect(() => () => found.close(), []);
  const rows = found.rows.value;
  return (
    <>
      <div role="status">
        {found.problem.value && <p class="problem">{found.problem.value}</p>}
        {found.busy.value && <p class="quiet">Searching …</p>}
        {!found.busy.value && !found.problem.value && <p class="quiet">{told(asked, rows.length, found.goesOn.value)}</p>}
      </div>
      {rows.length > 0 && <SampleTable rows={rows} caption="Samples found" pictures />}
      {found.goesOn.value && (
        <button type="button" disabled={found.busy.value} onClick={() => void found.search()}>
          Search on
        </button>
      )}
    </>
  );
}

const WITH: Record<Kind, string> = {
  name: "such a name",
  formula: "a structure of this formula",
  key: "a structure of this InChIKey",
  part: "this in a structure",
};

function told({ kind }: SampleQuery, count: number, goesOn: boolean): string {
  const so = goesOn ? " so far" : "";
  if (count === 0) return `No sample has ${WITH[kind]}${so}.`;
  return count === 1 ? `One sample has ${WITH[kind]}${so}.` : `${count} samples have ${WITH[kind]}${so}.`;
}
