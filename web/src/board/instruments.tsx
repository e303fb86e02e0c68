import type { Instrument } from "../generated/larmor/v1/acquisition_service_pb";
import { Moment } from "../words/moment";
import { addressOf, type Filter } from "./filter";
import type { InstrumentList } from "./instrument-list";

export function Instruments({ list, filter }: { list: InstrumentList; filter: Filter }) {
  const rows = list.rows.value;
  return (
    <section aria-labelledby="instruments">
      <h2 id="instruments">Instruments</h2>
      {list.problem.value && <p class="problem">{list.problem.value}</p>}
      {rows?.length === 0 && <p class="quiet">No instrument is watched.</p>}
      {rows && (
        <ul class="instruments">
          {rows.map((instrument) => (
            <li key={instrument.name}>
              <Card instrument={instrument} filter={filter} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Card({ instrument, filter }: { instrument: Instrument; filter: Filter }) {
  const { name, writing, waiting, doneToday, failedToday, skippedToday } = instrument;
  const chosen = filter.instrument === name;
  const only = { ...filter, instrument: name };
  return (
    <article class={`card instrument${chosen ? " chosen" : ""}`} aria-label={name}>
      <h3>
        <a href={addressOf({ ...filter, instrument: chosen ? "" : name })} aria-current={chosen ? "true" : undefined}>
          {name}
        </a>
      </h3>
      <p class="quiet">
        Last data <Moment time={instrument.lastWrittenTime} none="not known" />
      </p>
      <dl class="counts">
        <Count label="writing" count={writing} />
        <Count label="waiting" count={waiting} />
        <Count label="done today" count={doneToday} />
        <Count label="failed today" count={failedToday} href={addressOf({ ...only, show: "failed" })} />
        <Count label="skipped today" count={skippedToday} href={addressOf({ ...only, show: "skipped" })} />
      </dl>
    </article>
  );
}

function Count({ label, count, href }: { label: string; count: number; href?: string }) {
  const bad = label.startsWith("failed") && count > 0;
  return (
    <div class={bad ? "count bad" : count === 0 ? "count zero" : "count"}>
      <dt>{label}</dt>
      <dd>{href && count > 0 ? <a href={href}>{count}</a> : count}</dd>
    </div>
  );
}
