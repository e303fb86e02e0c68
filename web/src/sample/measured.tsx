import { sentence } from "../api/refusal";
import { AcquisitionState, type Acquisition } from "../generated/larmor/v1/acquisition_pb";
import { TryAgain } from "../board/try-again";
import { Moment } from "../words/moment";

const STATES: Record<AcquisitionState, string> = {
  [AcquisitionState.UNSPECIFIED]: "",
  [AcquisitionState.DISCOVERED]: "seen",
  [AcquisitionState.INCOMPLETE]: "being written",
  [AcquisitionState.READY]: "waiting",
  [AcquisitionState.PROCESSING]: "in work",
  [AcquisitionState.DONE]: "done",
  [AcquisitionState.FAILED]: "failed",
  [AcquisitionState.SKIPPED]: "skipped",
  [AcquisitionState.VANISHED]: "vanished",
  [AcquisitionState.SUPERSEDED]: "overwritten",
};

/** What was measured of the sample. */
export function Measured({ acquisitions }: { acquisitions: Acquisition[] }) {
  return (
    <section aria-labelledby="measured">
      <h2 id="measured">Acquisitions</h2>
      <table class="rows">
        <caption class="unseen">Acquisitions, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">Experiment</th>
            <th scope="col">State</th>
            <th scope="col">Instrument</th>
            <th scope="col">Measured</th>
            <th scope="col">Where</th>
          </tr>
        </thead>
        <tbody>
          {acquisitions.map((acquisition) => (
            <Row key={acquisition.id} acquisition={acquisition} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ acquisition }: { acquisition: Acquisition }) {
  const { id, experimentNumber, nucleus, experiment, title, state, reason, instrument, path } = acquisition;
  const failed = state === AcquisitionState.FAILED;
  const retry = failed || state === AcquisitionState.SKIPPED;
  const name = [experimentNumber, nucleus, experiment].filter((part) => part !== "").join(" · ");
  return (
    <tr>
      <th scope="row">
        {name || "not known"} {title && <span class="quiet">{title}</span>}
      </th>
      <td>
        <span class={failed ? "mark bad" : ""}>{STATES[state]}</span>{" "}
        {state !== AcquisitionState.DONE && reason && <span class="quiet">{sentence(reason)}</span>}
        {retry && <TryAgain id={id} what={name} />}
      </td>
      <td>{instrument}</td>
      <td class="quiet">
        <Moment time={acquisition.lastWrittenTime ?? acquisition.sightedTime} />
      </td>
      <td>
        <span class="path">{path}</span>
      </td>
    </tr>
  );
}
