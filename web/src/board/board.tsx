import { useEffect, useMemo } from "preact/hooks";

import { listen } from "../live/feed";
import { place } from "../route/place";
import { useTitle } from "../route/title";
import { FilterBar } from "./filter-bar";
import { addressOf, filterOf, type Filter } from "./filter";
import { Instruments } from "./instruments";
import { InstrumentList } from "./instrument-list";
import { Samples } from "./samples";
import { Surroundings } from "./surroundings";
import { Troubled } from "./troubled";

const TABS: [Filter["show"], string][] = [
  ["samples", "Samples"],
  ["failed", "Failed"],
  ["skipped", "Skipped"],
];

export function Board() {
  useTitle("Board");
  const filter = filterOf(place.value.query);
  const instruments = useMemo(() => new InstrumentList(), []);
  useEffect(() => {
    const stop = listen({ onEvent: () => instruments.look(), onFresh: () => instruments.look() });
    return () => {
      stop();
      instruments.close();
    };
  }, [instruments]);
  return (
    <>
      <h1>Board</h1>
      <Surroundings />
      <Instruments list={instruments} filter={filter} />
      <nav class="tabs" aria-label="Lists">
        {TABS.map(([show, label]) => (
          <a href={addressOf({ ...filter, show })} aria-current={filter.show === show ? "page" : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <FilterBar filter={filter} instruments={instruments} />
      {filter.show === "samples" ? (
        <Samples key={addressOf(filter)} filter={filter} />
      ) : (
        <Troubled key={addressOf(filter)} filter={filter} show={filter.show} />
      )}
    </>
  );
}
