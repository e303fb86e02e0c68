import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ReadonlySignal } from "@preact/signals";

import type { Light, Target } from "../assignment/light";
import type { Spectrum } from "../generated/larmor/v1/spectrum_pb";
import { attachGestures } from "./gestures";
import { hit, neighbour } from "./hit";
import { KEY_HELP, pressKey } from "./keys";
import { LABELS, TrackPicture } from "./track-picture";
import type { View } from "./view";
import { xToPpm } from "./window";
import type { Signal } from "./signals";

export interface Pointing {
  light: ReadonlySignal<Light>;
  point(target: Target | undefined): void;
  pin(target: Target | undefined): void;
  pinned: ReadonlySignal<Target | undefined>;
  /** A spectrum is drawn, or it is known that it cannot be. */
  drawn(spectrumId: string): void;
}

interface Props {
  spectrum: Spectrum;
  signals: Signal[];
  unexplained: Set<string>;
  view: View;
  axis: boolean;
  name: string;
  /** Whether its name is written into it: where it is not the only one. */
  captioned: boolean;
  pointing: Pointing;
}

/** One spectrum, drawn. */
export function Track({ spectrum, signals, unexplained, view, axis, name, captioned, pointing }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useMemo(() => new TrackPicture(spectrum, view, pointing.light), [spectrum.id]);
  picture.show(signals, unexplained, axis);

  useEffect(() => {
    const stop = picture.attach(canvas.current!);
    return stop;
  }, [picture]);
  useSignalEffect(() => picture.follow());
  useSignalEffect(() => {
    const { gone, problem, overview } = picture.source;
    if (overview.value || gone.value || problem.value) pointing.drawn(spectrum.id);
  });

  const pin = (signal: Signal | undefined) => pointing.pin(signal && { kind: "signal", key: signal.key });
  useEffect(() => {
    const at = (x: number) => xToPpm(view.window.value ?? { lo: 0, hi: 1 }, picture.width, x);
    const find = (x: number, reach: number) =>
      view.window.value && hit(picture.signals, view.window.value, picture.width, x, reach);
    return attachGestures(box.current!, {
      zoom: (x, factor) => view.zoomAt(at(x), factor),
      pan: (pixels) => view.panBy(pixels / picture.width),
      scale: (factor) => view.scaleBy(factor),
      selecting: (range) => (picture.selection.value = range),
      select: (from, to) => view.select(at(from), at(to)),
      reset: () => view.reset(),
      hover: (x) => {
        const signal = x === undefined ? undefined : find(x, 5);
        pointing.point(signal && { kind: "signal", key: signal.key });
      },
      tap: (x, reach) => pin(find(x, reach)),
    });
  }, [picture, view]);

  const step = (right: boolean) => {
    const pinned = pointing.pinned.value;
    const next = neighbour(picture.signals, pinned?.kind === "signal" ? pinned.key : undefined, right);
    if (!next) return;
    view.show(next.ppm);
    pin(next);
  };
  const help = `keys-${spectrum.id}`;
  return (
    <div
      class={`track${axis ? " with-axis" : ""}`}
      ref={box}
      role="group"
      aria-roledescription="spectrum"
      aria-label={`${name}, ${signals.length} signals`}
      aria-describedby={help}
      tabIndex={0}
      data-spectrum={spectrum.id}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (pressKey(event.key, view, step)) event.preventDefault();
      }}
    >
      <canvas ref={canvas} />
      {captioned && (
        <span class="track-name" aria-hidden="true" style={{ top: `${LABELS[spectrum.nucleus === "1H" ? "rows" : "upright"] + 4}px` }}>
          {name}
        </span>
      )}
      <span class="unseen" id={help}>
        {KEY_HELP}
      </span>
      <TrackState picture={picture} />
    </div>
  );
}

function TrackState({ picture }: { picture: TrackPicture }) {
  const { gone, problem, overview } = picture.source;
  if (gone.value) return <p class="track-said">The points of this spectrum are no longer kept; its peaks are drawn.</p>;
  if (problem.value) return <p class="track-said problem">{problem.value}</p>;
  if (!overview.value) return <p class="track-said">Loading …</p>;
  return null;
}
