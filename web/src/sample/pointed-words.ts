import type { Target } from "../assignment/light";
import type { Links } from "../assignment/links";
import { alternativesText, signalsOfAtom } from "../assignment/words";
import { signalLine } from "../spectrum/signal-words";
import { isCompound, type Signal } from "../spectrum/signals";

/** What is said of the signal or atom that a reader points at. */
export function pointedWords(
  target: Target | undefined,
  links: Links,
  signals: Signal[],
  label: (atom: number) => string,
): string {
  if (!target) return "";
  if (target.kind === "atom") return `${label(target.atom)}: ${signalsOfAtom(links.byAtom.get(target.atom) ?? [])}`;
  const signal = signals.find((one) => one.key === target.key);
  if (!signal) return "";
  const found = links.bySignal.get(target.key) ?? [];
  if (found.length === 0 && !isCompound(signal)) return signalLine(signal);
  return `${signalLine(signal)} → ${alternativesText(found, label)}`;
}
