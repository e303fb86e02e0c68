import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  /** What to begin with: SMILES, a mol block or nothing. */
  start: string;
  /** Hears of the structure as SMILES with each stroke. */
  drawn: (smiles: string) => void;
}

/** A structure editor. It is large, and loaded only for those who draw. */
export function DrawingBoard({ start, drawn }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const state = useSignal("Loading the editor …");
  useEffect(() => {
    let closed = false;
    let close = () => {};
    void import("./editor")
      .then(({ openEditor }) => {
        if (closed) return;
        close = openEditor(host.current!, start, drawn);
        state.value = "";
      })
      .catch(() => (state.value = "The editor could not be loaded."));
    return () => {
      closed = true;
      close();
    };
  }, []);
  return (
    <>
      <div class="drawing-board" ref={host} aria-label="Structure editor" role="application" />
      {state.value && <p class="quiet">{state.value}</p>}
    </>
  );
}
