import { batch, signal } from "@preact/signals";
import { Code } from "@connectrpc/connect";

import { resultCalls } from "../api/calls";
import { isCode, refusal } from "../api/refusal";
import { covers, traceOf, type Trace } from "./trace";
import type { Window } from "./window";

// A zoom that still goes on is not worth a call; it is drawn from what is there.
const PAUSE_MS = 90;
// Somewhat more than the window is asked for, so that a small move shows no gap.
const MARGIN = 0.25;

/** Gets the points of one spectrum as closely as its picture shows them. */
export class TraceSource {
  /** The widest trace there is. */
  readonly overview = signal<Trace | undefined>(undefined);
  /** The closest one. */
  readonly detail = signal<Trace | undefined>(undefined);
  readonly problem = signal("");
  /** Whether the server no longer has the points: peaks are all that can be drawn. */
  readonly gone = signal(false);

  private timer: ReturnType<typeof setTimeout> | undefined;
  private abort: AbortController | undefined;
  private asked: { window: Window; width: number } | undefined;

  constructor(readonly spectrumId: string) {}

  /** Gets all of the spectrum in so many columns. */
  async open(width: number): Promise<void> {
    this.asked = undefined;
    await this.get(undefined, width);
  }

  /** Sees to it that a window is there as closely as so many columns show it. */
  want(window: Window, width: number): void {
    clearTimeout(this.timer);
    if (this.gone.value || this.overview.value === undefined) return;
    const have = [this.detail.value, this.overview.value];
    if (have.some((trace) => trace && covers(trace, window) && fineEnough(trace, window, width))) return;
    this.timer = setTimeout(() => {
      if (this.asked && this.asked.width === width && same(this.asked.window, window)) return;
      this.asked = { window, width };
      void this.get(window, width);
    }, PAUSE_MS);
  }

  close(): void {
    clearTimeout(this.timer);
    this.abort?.abort();
  }

  private async get(window: Window | undefined, width: number): Promise<void> {
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    const margin = window ? (window.hi - window.lo) * MARGIN : 0;
    try {
      const reply = await resultCalls.getTrace(
        {
          spectrumId: this.spectrumId,
          fromPpm: window && window.lo - margin,
          toPpm: window && window.hi + margin,
          width: Math.round(window ? width * (1 + 2 * MARGIN) : width),
        },
        { signal: abort.signal },
      );
      const trace = traceOf(reply);
      batch(() => {
        if (window) this.detail.value = trace;
        else this.overview.value = trace;
        this.gone.value = trace.lowest.length === 0 && !window;
        this.problem.value = "";
      });
    } catch (error) {
      if (abort.signal.aborted) return;
      this.asked = undefined;
      if (isCode(error, Code.FailedPrecondition) || isCode(error, Code.NotFound)) this.gone.value = true;
      else this.problem.value = refusal(error);
    }
  }
}

function fineEnough(trace: Trace, window: Window, width: number): boolean {
  return trace.complete || trace.step <= ((window.hi - window.lo) / width) * 1.2;
}

function same(one: Window, other: Window): boolean {
  return one.lo === other.lo && one.hi === other.hi;
}
