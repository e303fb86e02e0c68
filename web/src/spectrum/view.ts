import { batch, signal } from "@preact/signals";

import { between, home, pan, within, zoom, type Window } from "./window";

/** How far home reaches beyond the outermost signal, ppm. */
const MARGIN: Record<string, number> = { "1H": 0.4 };
const MARGIN_OTHER = 6;

const TALLEST = 4000;

/** What is seen of the spectra of one nucleus, which stand over one another on one axis. */
export class View {
  /** Undefined until a spectrum says how far it reaches. */
  readonly window = signal<Window | undefined>(undefined);
  /** Heights are multiplied by this. */
  readonly scale = signal(1);
  private whole: Window | undefined;
  private start: Window | undefined;

  constructor(readonly nucleus: string) {}

  /** Takes in how far a spectrum reaches and where its signals are. What is looked at stays. */
  reach(whole: Window, shifts: number[]): void {
    const old = this.whole;
    this.whole = old ? { lo: Math.min(old.lo, whole.lo), hi: Math.max(old.hi, whole.hi) } : whole;
    const start = home(shifts, this.whole, MARGIN[this.nucleus] ?? MARGIN_OTHER);
    this.start = this.start && old
      ? { lo: Math.min(this.start.lo, start.lo), hi: Math.max(this.start.hi, start.hi) }
      : start;
    const untouched = this.window.value === undefined || this.window.value === this.opened;
    if (untouched) this.window.value = this.opened = this.start;
  }

  // The window as it was opened: it grows with what other spectra bring until somebody changes it.
  private opened: Window | undefined;

  zoomAt(ppm: number, factor: number): void {
    this.change((window, whole) => zoom(window, whole, ppm, factor));
  }

  zoomMiddle(factor: number): void {
    const window = this.window.value;
    if (window) this.zoomAt((window.lo + window.hi) / 2, factor);
  }

  /** Moves by a share of the window; positive to higher shifts. */
  panBy(share: number): void {
    this.change((window, whole) => pan(window, whole, share * (window.hi - window.lo)));
  }

  select(one: number, other: number): void {
    this.change((_, whole) => between(one, other, whole));
  }

  /** Brings a shift into sight without changing the zoom. */
  show(ppm: number): void {
    this.change((window, whole) => {
      if (ppm > window.lo && ppm < window.hi) return window;
      const half = (window.hi - window.lo) / 2;
      return within({ lo: ppm - half, hi: ppm + half }, whole);
    });
  }

  showAll(): void {
    this.change((_, whole) => whole);
  }

  scaleBy(factor: number): void {
    this.scale.value = Math.min(Math.max(this.scale.value * factor, 0.1), TALLEST);
  }

  reset(): void {
    batch(() => {
      this.scale.value = 1;
      if (this.start) this.window.value = this.opened = this.start;
    });
  }

  private change(to: (window: Window, whole: Window) => Window): void {
    const window = this.window.value;
    if (window && this.whole) this.window.value = to(window, this.whole);
  }
}
