import type { View } from "./view";

/** What the keys do, for those who have no pointer. */
export const KEY_HELP =
  "Plus and minus zoom, left and right move, up and down change the height, N and P go to the next and " +
  "previous signal, 0 resets.";

/** Does what a key asks of a view; tells whether it asked anything. */
export function pressKey(key: string, view: View, step: (right: boolean) => void): boolean {
  switch (key) {
    case "+":
    case "=":
      view.zoomMiddle(1 / 1.4);
      return true;
    case "-":
      view.zoomMiddle(1.4);
      return true;
    case "ArrowLeft":
      view.panBy(0.1);
      return true;
    case "ArrowRight":
      view.panBy(-0.1);
      return true;
    case "ArrowUp":
      view.scaleBy(1.25);
      return true;
    case "ArrowDown":
      view.scaleBy(1 / 1.25);
      return true;
    case "0":
      view.reset();
      return true;
    case "n":
      step(true);
      return true;
    case "p":
      step(false);
      return true;
    default:
      return false;
  }
}
