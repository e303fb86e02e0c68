import type { Signal } from "./signals";
import { ppmToX, type Window } from "./window";

/** The signal under the pointer: the nearest middle among those whose stretch is within reach. */
export function hit(signals: Signal[], window: Window, width: number, x: number, reach: number): Signal | undefined {
  let found: Signal | undefined;
  let best = Infinity;
  for (const signal of signals) {
    const left = ppmToX(window, width, signal.to);
    const right = ppmToX(window, width, signal.from);
    if (x < left - reach || x > right + reach) continue;
    const away = Math.abs(ppmToX(window, width, signal.ppm) - x);
    if (away < best) {
      best = away;
      found = signal;
    }
  }
  return found;
}

/** The next signal in a direction on the screen: to the right, where shifts are lower, or to the left. */
export function neighbour(signals: Signal[], key: string | undefined, right: boolean): Signal | undefined {
  const at = signals.findIndex((signal) => signal.key === key);
  if (at < 0) return right ? signals.at(-1) : signals[0];
  return signals[at + (right ? -1 : 1)];
}
