import { extent, visible, type Trace } from "../trace";
import { ppmToX, type Window } from "../window";
import type { Layout } from "./layout";

/** Draws a trace; returns how many points or columns that took. */
export function paintLine(
  context: CanvasRenderingContext2D,
  trace: Trace,
  window: Window,
  layout: Layout,
  scale: number,
): number {
  const { from, to } = visible(trace, window);
  const unit = layout.unit * scale;
  // Far beyond the picture some machines draw wrongly; a pixel beyond is as good.
  const clamp = (y: number) => Math.min(Math.max(y, -4), layout.height + 4);
  const perPpm = layout.width / (window.hi - window.lo);
  const points = trace.lowest === trace.highest || trace.complete;
  let x = (window.hi - trace.first - trace.step * from) * perPpm;
  const step = trace.step * perPpm;
  context.beginPath();
  for (let at = from; at <= to; at++, x -= step) {
    const high = clamp(layout.base - trace.highest[at]! * unit);
    context.lineTo(x, high);
    if (!points) context.lineTo(x, clamp(layout.base - trace.lowest[at]! * unit));
  }
  context.stroke();
  return to - from + 1;
}

/** Draws what there is of a window: the closest trace where it reaches, the wider one beside it. */
export function paintTraces(
  context: CanvasRenderingContext2D,
  traces: { overview: Trace | undefined; detail: Trace | undefined },
  window: Window,
  layout: Layout,
  scale: number,
): number {
  const { overview, detail } = traces;
  if (!detail) return overview ? paintLine(context, overview, window, layout, scale) : 0;
  const reach = extent(detail);
  const left = Math.max(0, ppmToX(window, layout.width, reach.hi));
  const right = Math.min(layout.width, ppmToX(window, layout.width, reach.lo));
  // Zoomed far out the detail is a sliver with other columns than its surroundings.
  const usable = right - left > layout.width * 0.3 && detail.step <= (overview?.step ?? Infinity);
  if (!usable) return overview ? paintLine(context, overview, window, layout, scale) : 0;
  let painted = clipped(context, left, right, layout, () => paintLine(context, detail, window, layout, scale));
  if (overview && left > 0.5) {
    painted += clipped(context, 0, left, layout, () => paintLine(context, overview, window, layout, scale));
  }
  if (overview && right < layout.width - 0.5) {
    painted += clipped(context, right, layout.width, layout, () => paintLine(context, overview, window, layout, scale));
  }
  return painted;
}

function clipped(context: CanvasRenderingContext2D, left: number, right: number, layout: Layout, paint: () => number) {
  context.save();
  context.beginPath();
  context.rect(left, 0, right - left, layout.height);
  context.clip();
  const painted = paint();
  context.restore();
  return painted;
}
