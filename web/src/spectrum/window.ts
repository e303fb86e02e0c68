/** A stretch of the shift axis, ppm. It is drawn with `hi` on the left. */
export interface Window {
  lo: number;
  hi: number;
}

/** Least width of a window, as a share of the whole: deeper there is nothing between two points. */
const NARROWEST = 1e-4;

export function ppmToX(window: Window, width: number, ppm: number): number {
  return ((window.hi - ppm) / (window.hi - window.lo)) * width;
}

export function xToPpm(window: Window, width: number, x: number): number {
  return window.hi - (x / width) * (window.hi - window.lo);
}

/** Keeps a window within the whole, its width where that can be. */
export function within(window: Window, whole: Window): Window {
  const full = whole.hi - whole.lo;
  const width = Math.min(full, Math.max(window.hi - window.lo, full * NARROWEST));
  const middle = (window.lo + window.hi) / 2;
  const lo = Math.min(Math.max(middle - width / 2, whole.lo), whole.hi - width);
  return { lo, hi: lo + width };
}

/** Zooms by a factor; what lies at `ppm` stays where it is. A factor under 1 shows less. */
export function zoom(window: Window, whole: Window, ppm: number, factor: number): Window {
  const full = whole.hi - whole.lo;
  const width = window.hi - window.lo;
  const bounded = Math.min(full, Math.max(width * factor, full * NARROWEST)) / width;
  const moved = { lo: ppm - (ppm - window.lo) * bounded, hi: ppm + (window.hi - ppm) * bounded };
  return within(moved, whole);
}

/** Moves a window by so many ppm. */
export function pan(window: Window, whole: Window, by: number): Window {
  return within({ lo: window.lo + by, hi: window.hi + by }, whole);
}

/** The window between two places, whichever way they were drawn. */
export function between(one: number, other: number, whole: Window): Window {
  return within({ lo: Math.min(one, other), hi: Math.max(one, other) }, whole);
}

/** The window that holds all signals with a margin: what a spectrum shows when it is opened. */
export function home(shifts: number[], whole: Window, margin: number): Window {
  if (shifts.length === 0) return whole;
  const lo = Math.min(...shifts) - margin;
  const hi = Math.max(...shifts) + margin;
  return { lo: Math.max(lo, whole.lo), hi: Math.min(Math.max(hi, lo + margin), whole.hi) };
}
