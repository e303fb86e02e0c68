/** What a pointer asks of a picture; places are in pixels from its left side. */
export interface Gestures {
  zoom(x: number, factor: number): void;
  pan(pixels: number): void;
  scale(factor: number): void;
  /** The window that is being drawn; undefined when it is given up. */
  selecting(range: { from: number; to: number } | undefined): void;
  select(from: number, to: number): void;
  reset(): void;
  hover(x: number | undefined): void;
  tap(x: number, reach: number): void;
}

const STILL = 4;
const FINGER = 14;
const WHEEL = 0.0015;
/** What a pixel up or down multiplies heights by: a hand's breadth is some twenty times. */
const DRAG = 0.012;

interface Finger {
  start: number;
  x: number;
  startY: number;
  y: number;
  /** What one finger does once it has moved: draw a window, or make the lines taller. */
  does: "nothing" | "window" | "height";
}

/** Listens to wheel, mouse and fingers on an element; the function that comes back ends that. */
export function attachGestures(element: HTMLElement, on: Gestures): () => void {
  const fingers = new Map<number, Finger>();
  let panning = false;
  let pinched = false;
  const xOf = (event: MouseEvent) => event.clientX - element.getBoundingClientRect().left;

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    // Some systems turn the wheel's direction where a modifier is held.
    const dy = (event.deltaY || event.deltaX) * lines;
    if (event.ctrlKey || event.altKey) on.scale(Math.exp(-dy * WHEEL * 1.5));
    else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) on.pan(-event.deltaX * lines);
    else on.zoom(xOf(event), Math.exp(dy * WHEEL));
  };

  const down = (event: PointerEvent) => {
    if (event.button > 1) return;
    const x = xOf(event);
    fingers.set(event.pointerId, { start: x, x, startY: event.clientY, y: event.clientY, does: "nothing" });
    element.setPointerCapture(event.pointerId);
    panning = event.shiftKey || event.button === 1;
    pinched = fingers.size > 1;
    if (pinched) on.selecting(undefined);
  };

  const move = (event: PointerEvent) => {
    const x = xOf(event);
    const finger = fingers.get(event.pointerId);
    if (!finger) {
      if (event.pointerType !== "touch") on.hover(x);
      return;
    }
    const [before, beforeY] = [finger.x, finger.y];
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    [finger.x, finger.y] = [x, event.clientY];
    if (other) {
      // Two fingers move the middle between them, and zoom by how far they are apart.
      const apart = Math.max(Math.abs(x - other.x), 8);
      const wasApart = Math.max(Math.abs(before - other.x), 8);
      on.pan((x - before) / 2);
      on.zoom((x + other.x) / 2, wasApart / apart);
    } else if (panning) on.pan(x - before);
    else if (!pinched) {
      if (finger.does === "nothing") finger.does = meant(finger, event.pointerType === "touch");
      if (finger.does === "window") on.selecting({ from: finger.start, to: x });
      if (finger.does === "height") on.scale(Math.exp((beforeY - finger.y) * DRAG));
    }
  };

  const up = (event: PointerEvent) => {
    const finger = fingers.get(event.pointerId);
    fingers.delete(event.pointerId);
    if (!finger || pinched) {
      if (fingers.size === 0) pinched = false;
      return;
    }
    on.selecting(undefined);
    const moved = Math.abs(finger.x - finger.start);
    if (panning || finger.does === "height") return;
    if (moved <= STILL) on.tap(finger.x, event.pointerType === "touch" ? FINGER : STILL);
    else on.select(finger.start, finger.x);
  };

  const cancel = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    if (fingers.size === 0) pinched = false;
    on.selecting(undefined);
  };
  const leave = () => on.hover(undefined);
  const twice = () => on.reset();

  element.addEventListener("wheel", wheel, { passive: false });
  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", cancel);
  element.addEventListener("pointerleave", leave);
  element.addEventListener("dblclick", twice);
  return () => {
    element.removeEventListener("wheel", wheel);
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", cancel);
    element.removeEventListener("pointerleave", leave);
    element.removeEventListener("dblclick", twice);
  };
}

/** A drag straight up or down is meant for heights; fingers scroll the page by it. */
function meant({ start, x, startY, y }: Finger, touch: boolean): Finger["does"] {
  const [across, along] = [Math.abs(x - start), Math.abs(y - startY)];
  if (!touch && along > STILL && along > 2 * across) return "height";
  return across > STILL ? "window" : "nothing";
}
