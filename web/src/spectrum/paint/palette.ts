/** Colours of a picture, taken from the style sheet: a canvas does not inherit them. */
export interface Palette {
  ink: string;
  quiet: string;
  line: string;
  accent: string;
  band: string;
  warn: string;
  ground: string;
}

const NAMES: Record<keyof Palette, string> = {
  ink: "--ink",
  quiet: "--quiet",
  line: "--line",
  accent: "--accent",
  band: "--band",
  warn: "--warn",
  ground: "--ground",
};

let palette: Palette | undefined;
const dark = matchMedia("(prefers-color-scheme: dark)");

export function currentPalette(): Palette {
  if (!palette) {
    const style = getComputedStyle(document.documentElement);
    const entries = Object.entries(NAMES).map(([key, name]) => [key, style.getPropertyValue(name).trim()]);
    palette = Object.fromEntries(entries) as Palette;
  }
  return palette;
}

/** Calls when the colours change; the function that comes back ends that. */
export function onPaletteChange(act: () => void): () => void {
  const changed = () => {
    palette = undefined;
    act();
  };
  dark.addEventListener("change", changed);
  return () => dark.removeEventListener("change", changed);
}
