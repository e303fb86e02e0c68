import { batch, signal, type ReadonlySignal } from "@preact/signals";

import type { Light } from "../assignment/light";
import type { Spectrum } from "../generated/larmor/v1/spectrum_pb";
import { layoutOf } from "./paint/layout";
import { onPaletteChange } from "./paint/palette";
import { paintPicture } from "./paint/picture";
import { labelsOf, type Label } from "./signal-labels";
import type { Signal } from "./signals";
import { TraceSource } from "./trace-source";
import type { View } from "./view";

// Room above the trace: labels of two rows for 1H, upright ones for the other nuclei.
export const LABELS = { rows: 46, upright: 92 };

/** Keeps one canvas in step with what it shows: paints at most once a frame. */
export class TrackPicture {
  readonly source: TraceSource;
  readonly selection = signal<{ from: number; to: number } | undefined>(undefined);
  signals: Signal[] = [];

  private readonly size = signal({ width: 0, height: 0 });
  private readonly content = signal(0);
  private labels: Label[] = [];
  private unexplained = new Set<string>();
  private axis = true;
  private canvas: HTMLCanvasElement | undefined;
  private frame = 0;
  private opened = false;

  constructor(
    private readonly spectrum: Spectrum,
    private readonly view: View,
    private readonly light: ReadonlySignal<Light>,
  ) {
    this.source = new TraceSource(spectrum.id);
  }

  get width(): number {
    return Math.max(this.size.value.width, 1);
  }

  /** Takes new signals to show; the same ones cost nothing. */
  show(signals: Signal[], unexplained: Set<string>, axis: boolean): void {
    if (this.signals === signals && this.unexplained === unexplained && this.axis === axis) return;
    this.signals = signals;
    this.unexplained = unexplained;
    this.axis = axis;
    this.labels = labelsOf(signals);
    this.schedule();
  }

  attach(canvas: HTMLCanvasElement): () => void {
    this.canvas = canvas;
    const watch = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = canvas.parentElement!;
      this.size.value = { width, height };
    });
    watch.observe(canvas.parentElement!);
    const stopPalette = onPaletteChange(() => this.content.value++);
    return () => {
      watch.disconnect();
      stopPalette();
      this.source.close();
      cancelAnimationFrame(this.frame);
      this.frame = 0;
    };
  }

  /** Reads all that the picture depends on, so that a change of any of it paints anew. */
  follow(): void {
    const { width, height } = this.size.value;
    const { overview, gone } = this.source;
    void [this.content.value, this.light.value, this.selection.value, this.view.scale.value];
    void this.source.detail.value;
    if (width === 0 || height === 0) return;
    const columns = Math.round(width * devicePixelRatio);
    if (!this.opened) {
      this.opened = true;
      void this.source.open(columns);
    }
    if (overview.value) this.reachOut(overview.value.whole);
    else if (gone.value) this.reachOut(this.ends());
    const window = this.view.window.value;
    if (window) this.source.want(window, columns);
    this.schedule();
  }

  private reached = false;

  private reachOut(whole: { lo: number; hi: number }): void {
    if (this.reached) return;
    this.reached = true;
    batch(() => this.view.reach(whole, this.signals.map((one) => one.ppm)));
  }

  private ends() {
    const shifts = this.spectrum.peaks.map((peak) => peak.ppm);
    const margin = this.spectrum.nucleus === "1H" ? 1 : 15;
    return { lo: Math.min(0, ...shifts) - margin, hi: Math.max(1, ...shifts) + margin };
  }

  private schedule(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  private paint(): void {
    const { canvas } = this;
    const window = this.view.window.peek();
    const { width, height } = this.size.peek();
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !window || width === 0) return;
    const start = performance.now();
    const density = devicePixelRatio;
    const [across, down] = [Math.round(width * density), Math.round(height * density)];
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    const upright = this.spectrum.nucleus !== "1H";
    const signed = this.spectrum.peaks.some((peak) => peak.intensity < -0.02);
    const labels = upright ? LABELS.upright : LABELS.rows;
    const light = this.light.peek().signals;
    const painted = paintPicture(
      context,
      {
        window,
        layout: layoutOf(width, height, { labels, signed, axis: this.axis }),
        scale: this.view.scale.peek(),
        overview: this.source.overview.peek(),
        detail: this.source.detail.peek(),
        sticks: this.source.gone.peek() ? this.spectrum.peaks.map((peak) => [peak.ppm, peak.intensity]) : undefined,
        signals: this.signals,
        labels: this.labels,
        upright,
        axis: this.axis,
        unexplained: this.unexplained,
        weight: (key) => light.get(key) ?? 0,
        selection: this.selection.peek(),
      },
      density,
    );
    // For those who measure: how much was drawn, what it took, and what is in the window.
    Object.assign(canvas.dataset, {
      points: String(painted),
      paint: (performance.now() - start).toFixed(2),
      window: `${window.lo} ${window.hi}`,
    });
  }
}
