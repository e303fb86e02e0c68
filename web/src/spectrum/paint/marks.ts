import { isCompound, type Signal } from "../signals";
import { ppmToX, type Window } from "../window";
import type { Layout } from "./layout";
import type { Palette } from "./palette";

interface Marks {
  context: CanvasRenderingContext2D;
  window: Window;
  layout: Layout;
  palette: Palette;
}

/** Bands of light behind the signals that are pointed at, fainter for the less likely. */
export function paintLight({ context, window, layout, palette }: Marks, signals: Signal[], weight: (key: string) => number): void {
  context.fillStyle = palette.accent;
  for (const signal of signals) {
    const light = weight(signal.key);
    if (light <= 0) continue;
    const left = ppmToX(window, layout.width, signal.to);
    const right = ppmToX(window, layout.width, signal.from);
    const middle = (left + right) / 2;
    const half = Math.max((right - left) / 2, 4);
    context.globalAlpha = 0.1 + 0.25 * light;
    context.fillRect(middle - half, layout.labels, 2 * half, layout.axis - layout.labels);
  }
  context.globalAlpha = 1;
}

/** Brackets over the stretches of multiplets, and a sign at what nothing explains. */
export function paintStretches({ context, window, layout, palette }: Marks, signals: Signal[], unexplained: Set<string>): void {
  context.lineWidth = 1.5;
  for (const signal of signals) {
    const left = ppmToX(window, layout.width, signal.to);
    const right = ppmToX(window, layout.width, signal.from);
    if (right < 0 || left > layout.width) continue;
    if (signal.multiplet) {
      context.strokeStyle = isCompound(signal) ? palette.accent : palette.line;
      context.beginPath();
      context.moveTo(left, layout.axis - 4);
      context.lineTo(Math.max(right, left + 2), layout.axis - 4);
      context.stroke();
    }
    if (unexplained.has(signal.key)) {
      const x = ppmToX(window, layout.width, signal.ppm);
      context.strokeStyle = palette.warn;
      context.beginPath();
      context.moveTo(x - 4, layout.axis - 12);
      context.lineTo(x + 4, layout.axis - 12);
      context.lineTo(x, layout.axis - 5);
      context.closePath();
      context.stroke();
    }
  }
}

/** Peaks as sticks, for a spectrum whose points are no longer kept; returns how many. */
export function paintSticks({ context, window, layout }: Marks, peaks: [ppm: number, height: number][], scale: number): number {
  context.beginPath();
  for (const [ppm, height] of peaks) {
    const x = ppmToX(window, layout.width, ppm);
    context.moveTo(x, layout.base);
    context.lineTo(x, Math.max(layout.base - height * layout.unit * scale, layout.labels));
  }
  context.stroke();
  return peaks.length;
}

/** The window that is being drawn with the pointer. */
export function paintSelection({ context, layout, palette }: Marks, from: number, to: number): void {
  const [left, right] = from < to ? [from, to] : [to, from];
  context.fillStyle = palette.band;
  context.fillRect(left, 0, right - left, layout.axis);
  context.strokeStyle = palette.accent;
  context.strokeRect(left + 0.5, 0.5, right - left - 1, layout.axis - 1);
}
