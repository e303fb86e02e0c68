import type { Window } from "./window";

export interface Ticks {
  /** Ticks with a number, ascending. */
  major: number[];
  minor: number[];
  /** Decimals that tell the numbers apart. */
  decimals: number;
}

/** Ticks of a shift axis: steps of 1, 2 or 5, no closer than `gap` pixels. */
export function ticks(window: Window, width: number, gap = 64): Ticks {
  const span = window.hi - window.lo;
  const least = (span * gap) / Math.max(width, 1);
  const power = Math.floor(Math.log10(least));
  let exponent = power;
  let digit = 1;
  for (const [candidate, shift] of [[1, 0], [2, 0], [5, 0], [1, 1]] as const) {
    digit = candidate;
    exponent = power + shift;
    if (digit * 10 ** exponent >= least * (1 - 1e-9)) break;
  }
  const step = digit * 10 ** exponent;
  const parts = digit === 2 ? 4 : 5;
  return {
    major: multiples(window, step),
    minor: multiples(window, step / parts),
    decimals: Math.max(0, -exponent),
  };
}

function multiples({ lo, hi }: Window, step: number): number[] {
  const found: number[] = [];
  // Counting whole steps keeps 0.1 + 0.2 off the axis.
  for (let count = Math.ceil(lo / step - 1e-9); count * step <= hi + step * 1e-9; count++) {
    found.push(count * step);
  }
  return found;
}
