import { signal } from "@preact/signals";
import type { Timestamp } from "@bufbuild/protobuf/wkt";

import { ago, fullTime, millis } from "./time";

// One clock for all the "3 min ago" of the page.
const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 20_000);

export function Moment({ time, none = "" }: { time: Timestamp | undefined; none?: string }) {
  const at = millis(time);
  if (at === undefined) return <>{none}</>;
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {ago(at, Math.max(now.value, at))}
    </time>
  );
}
