import { useEffect, useState } from "preact/hooks";

import { go } from "../route/place";
import { VERDICTS, verdictWords } from "../words/verdict";
import { addressOf, EVERYTHING, type Filter } from "./filter";
import type { InstrumentList } from "./instrument-list";

export function FilterBar({ filter, instruments }: { filter: Filter; instruments: InstrumentList }) {
  const set = (part: Partial<Filter>) => go(addressOf({ ...filter, ...part }), true);
  const names = instruments.rows.value?.map((instrument) => instrument.name) ?? [];
  // An instrument in the address is offered even where it is no longer watched.
  if (filter.instrument && !names.includes(filter.instrument)) names.push(filter.instrument);
  const samples = filter.show === "samples";
  const any = filter.group || filter.instrument || filter.name || filter.verdict;
  return (
    <form class="filters" role="search" aria-label="Filter the list" onSubmit={(event) => event.preventDefault()}>
      <Text label={samples ? "Name contains" : "Sample name"} value={filter.name} set={(name) => set({ name })} />
      <Text label="Group" value={filter.group} set={(group) => set({ group })} />
      <label>
        Instrument
        <select value={filter.instrument} onChange={(event) => set({ instrument: event.currentTarget.value })}>
          <option value="">any</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {samples && (
        <label>
          Verdict
          <select value={filter.verdict} onChange={(event) => set({ verdict: Number(event.currentTarget.value) })}>
            <option value={0}>any</option>
            {VERDICTS.map((verdict) => (
              <option key={verdict} value={verdict}>
                {verdictWords(verdict).short}
              </option>
            ))}
          </select>
        </label>
      )}
      {any ? (
        <button type="button" class="plain" onClick={() => go(addressOf({ ...EVERYTHING, show: filter.show }), true)}>
          Clear
        </button>
      ) : null}
    </form>
  );
}

// Typing changes the list when it pauses, not with every letter.
const PAUSE_MS = 350;

function Text({ label, value, set }: { label: string; value: string; set: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => set(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label>
      {label}
      <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} />
    </label>
  );
}
