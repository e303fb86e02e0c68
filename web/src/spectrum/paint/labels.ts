import { placeLabels } from "../place-labels";
import type { Label } from "../signal-labels";
import { ppmToX, type Window } from "../window";
import { FONT } from "./axis";
import type { Layout } from "./layout";
import type { Palette } from "./palette";

const LINE = 13;
const LEADER = 12;

export interface LabelPaint {
  context: CanvasRenderingContext2D;
  window: Window;
  layout: Layout;
  palette: Palette;
  /** Weight of the light on a signal, 0 where there is none. */
  weight: (key: string) => number;
}

const widths = new Map<string, number>();

// Text is measured once: measuring all labels anew with each step of a zoom is what would take time.
function widthOf(context: CanvasRenderingContext2D, text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    width = context.measureText(text).width;
    widths.set(text, width);
  }
  return width;
}

/** Writes labels over the signals: upright (many fit) for lines, in two rows for multiplets. */
export function paintLabels(paint: LabelPaint, labels: Label[], upright: boolean): void {
  const { context, window, layout } = paint;
  context.font = FONT;
  const seen = labels.filter((label) => label.ppm >= window.lo && label.ppm <= window.hi);
  const compound = seen.filter((label) => label.compound).length;
  const way = upright ? [0] : [0, 1, 2];
  // All are written in the fullest way in which no compound's is left out, else in the shortest.
  for (const at of way) {
    const texts = seen.map((label) => label.ways[Math.min(at, label.ways.length - 1)]!);
    const placed = placeLabels(
      seen.map((label, index) => ({
        at: ppmToX(window, layout.width, label.ppm),
        width: upright ? LINE : Math.max(...texts[index]!.map((text) => widthOf(context, text))),
        importance: label.importance + (label.keys.some((key) => paint.weight(key) > 0) ? 100 : 0),
      })),
      0,
      layout.width,
      upright ? 0 : 8,
      upright ? 36 : 60,
    );
    const left = placed.filter(({ index }) => seen[index]!.compound).length;
    if (left < compound && at !== way.at(-1)) continue;
    for (const { index, x } of placed) paintLabel(paint, seen[index]!, texts[index]!, x, upright);
    return;
  }
}

function paintLabel(paint: LabelPaint, label: Label, lines: string[], x: number, upright: boolean): void {
  const { context, window, layout, palette } = paint;
  const at = ppmToX(window, layout.width, label.ppm);
  const lit = label.keys.some((key) => paint.weight(key) > 0);
  const bottom = layout.labels - LEADER;
  context.strokeStyle = lit ? palette.accent : palette.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, bottom);
  context.lineTo(at, layout.labels - 3);
  context.lineTo(at, layout.labels);
  context.stroke();
  context.fillStyle = lit ? palette.accent : label.compound ? palette.ink : palette.quiet;
  context.textBaseline = "alphabetic";
  if (upright) {
    context.save();
    context.translate(x + 4, bottom - 3);
    context.rotate(-Math.PI / 2);
    context.textAlign = "left";
    context.fillText(shorten(context, lines[0]!, bottom - 6), 0, 0);
    context.restore();
    return;
  }
  context.textAlign = "center";
  lines.forEach((line, row) => context.fillText(line, x, bottom - 3 - (lines.length - 1 - row) * LINE));
}

function shorten(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (widthOf(context, text) <= room) return text;
  let end = text.length - 1;
  while (end > 1 && widthOf(context, `${text.slice(0, end)}…`) > room) end--;
  return `${text.slice(0, end)}…`;
}
