import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { acquisitionCalls } from "../api/calls";
import { refusal, sentence } from "../api/refusal";
import { AcquisitionState, type Acquisition } from "../generated/larmor/v1/acquisition_pb";
import { listen } from "../live/feed";
import { gather } from "../live/gather";
import { Moment } from "../words/moment";
import type { Filter } from "./filter";
import { TryAgain } from "./try-again";

const PAGE = 50;

/** Acquisitions that failed, or that there is nothing to do with, and why. */
export function Troubled({ filter, show }: { filter: Filter; show: "failed" | "skipped" }) {
  const rows = useSignal<Acquisition[] | undefined>(undefined);
  const next = useSignal("");
  const problem = useSignal("");
  const load = async (pageToken: string) => {
    const state = show === "failed" ? AcquisitionState.FAILED : AcquisitionState.SKIPPED;
    const { group, instrument, name: sample } = filter;
    try {
      const reply = await acquisitionCalls.listAcquisitions({ pageSize: PAGE, pageToken, state, group, instrument, sample });
      rows.value = pageToken === "" ? reply.acquisitions : [...(rows.value ?? []), ...reply.acquisitions];
      next.value = reply.nextPageToken;
      problem.value = "";
    } catch (error) {
      problem.value = refusal(error);
    }
  };
  useEffect(() => {
    void load("");
    // A reader further down is not thrown back to the first page.
    const again = gather(() => (rows.value?.length ?? 0) <= PAGE && void load(""), 1000);
    const stop = listen({
      onEvent: (event) => (event.body.case === show || event.body.case === "processed") && again(),
      onFresh: again,
    });
    return () => {
      stop();
      again.cancel();
    };
  }, []);
  return (
    <section aria-labelledby="troubled">
      <h2 id="troubled">{show === "failed" ? "Failed acquisitions" : "Skipped acquisitions"}</h2>
      {problem.value && <p class="problem">{problem.value}</p>}
      {rows.value?.length === 0 && <p class="quiet">There are none.</p>}
      {rows.value && rows.value.length > 0 && <Table rows={rows.value} />}
      {next.value && (
        <button type="button" onClick={() => void load(next.value)}>
          Load more
        </button>
      )}
    </section>
  );
}

function Table({ rows }: { rows: Acquisition[] }) {
  return (
    <table class="rows troubled">
      <caption class="unseen">Acquisitions, the newest first</caption>
      <thead>
        <tr>
          <th scope="col">Acquisition</th>
          <th scope="col">Why</th>
          <th scope="col">Instrument</th>
          <th scope="col">When</th>
          <th scope="col">
            <span class="unseen">What to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <a href={`/sample/${encodeURIComponent(row.sampleId)}`}>{row.sample || "unnamed"}</a>{" "}
              <span class="quiet">
                {[row.experimentNumber, row.nucleus, row.experiment, row.group].filter((part) => part).join(" · ")}
              </span>
              <span class="path">{row.path}</span>
            </th>
            <td>{sentence(row.reason)}</td>
            <td>{row.instrument}</td>
            <td class="quiet">
              <Moment time={row.updateTime} />
            </td>
            <td>
              <TryAgain id={row.id} what={`${row.sample} ${row.experimentNumber}`} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
