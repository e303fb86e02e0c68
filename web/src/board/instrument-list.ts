import { signal } from "@preact/signals";

import { acquisitionCalls } from "../api/calls";
import { refusal } from "../api/refusal";
import type { Instrument } from "../generated/larmor/v1/acquisition_service_pb";
import { gather } from "../live/gather";

// What a spectrometer is writing changes without an event.
const EVERY_MS = 30_000;

/** The instruments and how they are doing, looked at again and again. */
export class InstrumentList {
  readonly rows = signal<Instrument[] | undefined>(undefined);
  readonly problem = signal("");
  readonly look = gather(() => void this.load(), 1000);
  private readonly timer = setInterval(() => {
    if (document.visibilityState === "visible") void this.load();
  }, EVERY_MS);

  constructor() {
    void this.load();
  }

  close(): void {
    clearInterval(this.timer);
    this.look.cancel();
  }

  private async load(): Promise<void> {
    try {
      this.rows.value = (await acquisitionCalls.listInstruments({})).instruments;
      this.problem.value = "";
    } catch (error) {
      this.problem.value = refusal(error);
    }
  }
}
