import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { sampleCalls } from "../api/calls";
import { refusal } from "../api/refusal";
import { SampleTable } from "../board/sample-table";
import type { SampleSummary } from "../generated/larmor/v1/sample_service_pb";
import { go, place } from "../route/place";

/** Samples by a part of their name. */
export function ByName() {
  const asked = place.value.query.get("name") ?? "";
  const text = useSignal(asked);
  const found = useSignal<SampleSummary[] | undefined>(undefined);
  const next = useSignal("");
  const problem = useSignal("");

  const load = async (pageToken: string) => {
    try {
      const reply = await sampleCalls.listSamples({ nameContains: asked, pageSize: 50, pageToken });
      found.value = pageToken === "" ? reply.samples : [...(found.value ?? []), ...reply.samples];
      next.value = reply.nextPageToken;
      problem.value = "";
    } catch (error) {
      problem.value = refusal(error);
    }
  };
  useEffect(() => {
    text.value = asked;
    found.value = undefined;
    if (asked !== "") void load("");
  }, [asked]);

  return (
    <section aria-labelledby="by-name">
      <h2 id="by-name">A sample by name</h2>
      <form
        class="row"
        role="search"
        aria-label="Sample by name"
        onSubmit={(event) => {
          event.preventDefault();
          go(`/search?${new URLSearchParams({ name: text.value.trim() })}`);
        }}
      >
        <label>
          Name contains
          <input type="search" value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        </label>
        <button type="submit">Search</button>
      </form>
      <div role="status">
        {problem.value && <p class="problem">{problem.value}</p>}
        {found.value?.length === 0 && <p class="quiet">No sample has such a name.</p>}
      </div>
      {found.value && found.value.length > 0 && <SampleTable rows={found.value} caption="Samples found" />}
      {next.value && (
        <button type="button" onClick={() => void load(next.value)}>
          Load more
        </button>
      )}
    </section>
  );
}
