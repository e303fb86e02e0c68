import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Code } from "@connectrpc/connect";

import { resultCalls } from "../api/calls";
import { isCode, refusal } from "../api/refusal";
import type { SimilarSpectrum } from "../generated/larmor/v1/history_pb";
import { go, place } from "../route/place";
import { readShifts } from "./shifts";
import { SimilarTable } from "./similar-table";

/** Who measured something like this: like a sample, or like a list of shifts. */
export function Similar() {
  const { query } = place.value;
  const asked = { sample: query.get("like") ?? "", group: query.get("group") ?? "", shifts: query.get("shifts") ?? "" };
  const sample = useSignal(asked.sample);
  const group = useSignal(asked.group);
  const shifts = useSignal(asked.shifts);
  const found = useSignal<SimilarSpectrum[] | undefined>(undefined);
  const problem = useSignal("");
  const busy = useSignal(false);

  useEffect(() => {
    sample.value = asked.sample;
    group.value = asked.group;
    shifts.value = asked.shifts;
    found.value = undefined;
    problem.value = "";
    if (asked.sample || asked.shifts) void search();
  }, [asked.sample, asked.group, asked.shifts]);

  const search = async () => {
    busy.value = true;
    try {
      const reply = await resultCalls.findSimilarSpectra({ query: queryOf(asked), limit: 20 });
      found.value = reply.spectra;
    } catch (error) {
      problem.value = why(error);
    }
    busy.value = false;
  };

  const ask = (event: Event, to: Record<string, string>) => {
    event.preventDefault();
    const { unread, shifts: read } = readShifts(to["shifts"] ?? "");
    problem.value = "";
    if (unread.length > 0) problem.value = `These are no shifts in ppm: ${unread.join(", ")}.`;
    else if (to["shifts"] !== undefined && read.length === 0) problem.value = "Please write some shifts.";
    else go(`/search?${new URLSearchParams(to)}`);
  };

  return (
    <section aria-labelledby="similar">
      <h2 id="similar">Who measured something like this?</h2>
      <div class="columns">
        <form class="stack" aria-label="Like a sample" onSubmit={(event) => ask(event, { like: sample.value.trim(), group: group.value.trim() })}>
          <h3>Like a sample</h3>
          <label>
            Sample
            <input required value={sample.value} onInput={(event) => (sample.value = event.currentTarget.value)} />
          </label>
          <label>
            Group (where the name is not unique)
            <input value={group.value} onInput={(event) => (group.value = event.currentTarget.value)} />
          </label>
          <button type="submit">Find similar</button>
        </form>
        <form class="stack" aria-label="Like a list of shifts" onSubmit={(event) => ask(event, { shifts: shifts.value.trim() })}>
          <h3>Like a list of ¹³C shifts</h3>
          <label>
            Shifts in ppm, without those of the solvent
            <textarea
              rows={4}
              placeholder="171.2, 133.5, 128.4, 60.9, 14.2"
              value={shifts.value}
              onInput={(event) => (shifts.value = event.currentTarget.value)}
            />
          </label>
          <button type="submit">Find similar</button>
        </form>
      </div>
      <div role="status">
        {busy.value && <p class="quiet">Searching …</p>}
        {problem.value && <p class="problem">{problem.value}</p>}
        {found.value?.length === 0 && <p class="quiet">Nothing similar is stored.</p>}
      </div>
      {found.value && <SimilarTable spectra={found.value} />}
    </section>
  );
}

function queryOf(asked: { sample: string; group: string; shifts: string }) {
  if (asked.sample) return { case: "sample", value: { group: asked.group, name: asked.sample } } as const;
  return { case: "peaks", value: { carbonPpm: readShifts(asked.shifts).shifts } } as const;
}

function why(error: unknown): string {
  if (isCode(error, Code.FailedPrecondition)) return `Similar spectra cannot be searched for: ${refusal(error)}`;
  if (isCode(error, Code.NotFound)) return "There is no such sample.";
  return refusal(error);
}
