import type { Signal } from "@preact/signals";

import { person } from "./session";

/** Asks for a name where the server does not know it. */
export function YourName({ who }: { who: Signal<string> }) {
  if (person.value) return null;
  return (
    <label>
      Your name
      <input autocomplete="name" value={who.value} onInput={(event) => (who.value = event.currentTarget.value)} />
    </label>
  );
}
