import { useSignal } from "@preact/signals";

import { acquisitionCalls } from "../api/calls";
import { refusal } from "../api/refusal";
import { AcquisitionState } from "../generated/larmor/v1/acquisition_pb";

/** Has an acquisition processed once more, or looked at again where there was nothing to process. */
export function TryAgain({ id, what }: { id: string; what: string }) {
  const said = useSignal("");
  const busy = useSignal(false);
  const ask = async () => {
    busy.value = true;
    try {
      const { acquisition } = await acquisitionCalls.reprocessAcquisition({ id });
      const waits = acquisition?.state !== AcquisitionState.SKIPPED && acquisition?.state !== AcquisitionState.FAILED;
      said.value = waits ? "It waits for its turn now." : "It is looked at again soon.";
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
