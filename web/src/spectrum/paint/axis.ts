import { ticks } from "../ticks";
import { ppmToX, type Window } from "../window";
import type { Layout } from "./layout";
import type { Palette } from "./palette";

export const FONT = "11px system-ui, sans-serif";

export function paintAxis(context: CanvasRenderingContext2D, window: Window, layout: Layout, palette: Palette): void {
  const { major, minor, decimals } = ticks(window, layout.width);
  const top = layout.axis + 0.5;
  context.strokeStyle = palette.quiet;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, top);
  context.lineTo(layout.width, top);
  for (const [shifts, length] of [[minor, 3], [major, 6]] as const) {
    for (const shift of shifts) {
      const x = Math.round(ppmToX(window, layout.width, shift)) + 0.5;
      context.moveTo(x, top);
      context.lineTo(x, top + length);
    }
  }
  context.stroke();
  context.fillStyle = palette.quiet;
  context.font = FONT;
  context.textBaseline = "alphabetic";
  const unit = context.measureText("ppm").width;
  context.textAlign = "right";
  context.fillText("ppm", layout.width - 2, top + 18);
  context.textAlign = "center";
  for (const shift of major) {
    const x = ppmToX(window, layout.width, shift);
    const text = (Math.abs(shift) < 1e-9 ? 0 : shift).toFixed(decimals);
    const half = context.measureText(text).width / 2;
    if (x - half < 0 || x + half > layout.width - unit - 8) continue;
    context.fillText(text, x, top + 18);
  }
}
