import { useSignal } from "@preact/signals";

import { acquisitionCalls } from "../api/calls";
import { refusal } from "../api/refusal";

/** Has an acquisition processed once more. */
export function TryAgain({ id, what }: { id: string; what: string }) {
  const said = useSignal("");
  const busy = useSignal(false);
  const ask = async () => {
    busy.value = true;
    try {
      await acquisitionCalls.reprocessAcquisition({ id });
      said.value = "It waits for its turn now.";
    } catch (error) {
      said.value = refusal(error);
      busy.value = false;
    }
  };
  return (
    <>
      <button type="button" disabled={busy.value} onClick={() => void ask()} aria-label={`Try again: ${what}`}>
        Try again
      </button>
      <span class="said" role="status">
        {said.value}
      </span>
    </>
  );
}
