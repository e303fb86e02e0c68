import type { GetTraceResponse } from "../generated/larmor/v1/trace_pb";
import type { Window } from "./window";

/** What is drawn of a spectrum: for each point or column its lowest and highest, ascending in shift. */
export interface Trace {
  first: number;
  step: number;
  lowest: ArrayLike<number>;
  highest: ArrayLike<number>;
  /** The spectrum's own ends. */
  whole: Window;
  /** Whether every point is there, so that a closer look brings nothing new. */
  complete: boolean;
}

export function traceOf(reply: GetTraceResponse): Trace {
  const points = reply.points.length > 0;
  return {
    first: reply.firstPpm,
    step: reply.stepPpm,
    lowest: Float32Array.from(points ? reply.points : reply.lowest),
    highest: Float32Array.from(points ? reply.points : reply.highest),
    whole: { lo: reply.lowerEndPpm, hi: reply.upperEndPpm },
    complete: points,
  };
}

/** The stretch that a trace reaches over. */
export function extent(trace: Trace): Window {
  const half = trace.step / 2;
  return { lo: trace.first - half, hi: trace.first + trace.step * (trace.lowest.length - 1) + half };
}

export function covers(trace: Trace, window: Window): boolean {
  const { lo, hi } = extent(trace);
  // A trace to the ends of its spectrum covers whatever lies beyond.
  const slack = trace.step;
  return lo <= Math.max(window.lo, trace.whole.lo) + slack && hi >= Math.min(window.hi, trace.whole.hi) - slack;
}

/** Points or columns of a trace within a window, with one more on either side. */
export function visible(trace: Trace, window: Window): { from: number; to: number } {
  const count = trace.lowest.length;
  const from = Math.floor((window.lo - trace.first) / trace.step) - 1;
  const to = Math.ceil((window.hi - trace.first) / trace.step) + 1;
  return { from: Math.max(0, from), to: Math.min(count - 1, to) };
}
