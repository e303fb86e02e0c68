import type { Label } from "../signal-labels";
import type { Signal } from "../signals";
import type { Trace } from "../trace";
import type { Window } from "../window";
import { paintAxis } from "./axis";
import { paintLabels } from "./labels";
import type { Layout } from "./layout";
import { paintTraces } from "./line";
import { paintLight, paintSelection, paintSticks, paintStretches } from "./marks";
import { currentPalette } from "./palette";

/** All that a picture of a spectrum shows. */
export interface Picture {
  window: Window;
  layout: Layout;
  scale: number;
  overview: Trace | undefined;
  detail: Trace | undefined;
  /** Peaks by shift and height, in place of points that are no longer kept. */
  sticks: [ppm: number, height: number][] | undefined;
  signals: Signal[];
  labels: Label[];
  upright: boolean;
  axis: boolean;
  unexplained: Set<string>;
  weight: (key: string) => number;
  selection: { from: number; to: number } | undefined;
}

/** Paints a picture; returns how many points or columns it drew. */
export function paintPicture(context: CanvasRenderingContext2D, picture: Picture, density: number): number {
  const palette = currentPalette();
  const { window, layout, scale, signals } = picture;
  const marks = { context, window, layout, palette };
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, layout.width, layout.height);
  paintLight(marks, signals, picture.weight);
  paintStretches(marks, signals, picture.unexplained);
  context.save();
  context.beginPath();
  context.rect(0, layout.labels, layout.width, layout.axis - layout.labels);
  context.clip();
  context.strokeStyle = palette.ink;
  context.lineWidth = 1;
  context.lineJoin = "round";
  let painted = 0;
  if (picture.sticks) painted = paintSticks(marks, picture.sticks, scale);
  else painted = paintTraces(context, picture, window, layout, scale);
  context.restore();
  paintLabels({ ...marks, weight: picture.weight }, picture.labels, picture.upright);
  if (picture.axis) paintAxis(context, window, layout, palette);
  if (picture.selection) paintSelection(marks, picture.selection.from, picture.selection.to);
  return painted;
}
