import type { Backfill } from "../generated/larmor/v1/acquisition_service_pb";
import type { Condition } from "../generated/larmor/v1/condition_pb";

/** What keeps work waiting, as a sentence. */
export function conditionWords({ subject, reason }: Pick<Condition, "subject" | "reason">): string {
  return `Work waits for ${subject}: ${reason}. Nothing is lost.`;
}

type Older = Pick<Backfill, "paused" | "waiting" | "held" | "estimatedSeconds">;

/** How far older data have come; nothing where none wait. */
export function backfillWords({ paused, waiting, held, estimatedSeconds }: Older): string | undefined {
  const due = Number(waiting - held);
  if (due <= 0) return undefined;
  const some = `${due} older ${due === 1 ? "acquisition waits" : "acquisitions wait"}`;
  if (paused) return `${some}; paused.`;
  return estimatedSeconds === undefined ? `${some}.` : `${some}, done in about ${longWords(estimatedSeconds)}.`;
}

function longWords(seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.ceil(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.ceil(hours / 24)} days`;
}
