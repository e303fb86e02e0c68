import { useEffect, useState } from "preact/hooks";

import { acquisitionCalls, infoCalls } from "../api/calls";
import type { Backfill } from "../generated/larmor/v1/acquisition_service_pb";
import type { Condition } from "../generated/larmor/v1/condition_pb";
import { backfillWords, conditionWords } from "./surroundings-words";

// Nothing tells of these; they are asked for.
const EVERY_MS = 10_000;

/** What keeps work waiting now, and how far older data have come. */
export function Surroundings() {
  const [conditions, setConditions] = useState<Condition[]>([]);
  const [backfill, setBackfill] = useState<Backfill>();
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const look = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        const [info, older] = await Promise.all([infoCalls.getInfo({}), acquisitionCalls.getBackfill({})]);
        setConditions(info.conditions);
        setBackfill(older.backfill);
      } catch {
        // The board says itself that the server is away.
      }
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => clearInterval(timer);
  }, [asked]);
  const pause = async (paused: boolean) => {
    await acquisitionCalls.pauseBackfill({ paused, by: "the page" }).catch(() => undefined);
    setAsked((times) => times + 1);
  };
  const older = backfill && backfillWords(backfill);
  return (
    <>
      <div role="status">
        {conditions.map((condition) => (
          <p class="problem" key={condition.subject}>
            {conditionWords(condition)}
          </p>
        ))}
      </div>
      {backfill && older && (
        <p class="quiet">
          {older}{" "}
          <button type="button" class="plain" onClick={() => void pause(!backfill.paused)}>
            {backfill.paused ? "Resume" : "Pause"}
          </button>
        </p>
      )}
    </>
  );
}
