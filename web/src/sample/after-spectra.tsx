import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { SampleStore } from "./store";

// Spectra that do not come must not hold up the rest.
const LONGEST_MS = 700;

/** What stands below the spectra: it is made once they are drawn, so that they are drawn sooner. */
export function AfterSpectra({ store, children }: { store: SampleStore; children: ComponentChildren }) {
  const [shown, setShown] = useState(false);
  const drawn = store.allDrawn.value;
  useEffect(() => {
    if (shown) return;
    const timer = setTimeout(() => setShown(true), drawn ? 0 : LONGEST_MS);
    return () => clearTimeout(timer);
  }, [drawn, shown]);
  return shown ? <>{children}</> : null;
}
