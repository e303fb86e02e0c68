import { probabilityNumber } from "../words/probability";
import type { Link } from "./links";

// Atoms that can hardly be meant are not worth a word.
const LEAST = 0.02;
const MOST = 4;

/** Atoms that a signal may be of, and how likely. Equivalent atoms are of one signal together. */
export interface Alternative {
  atoms: string;
  probability: number;
}

/** The alternatives of a signal, the likeliest first. */
export function alternativesOf(links: Link[], label: (atom: number) => string): Alternative[] {
  const sites: { link: Link; atoms: number[] }[] = [];
  for (const [place, link] of links.entries()) {
    if (place > 0 && link.probability < LEAST) continue;
    // Equivalent atoms have one prediction and one probability between them.
    const site = sites.find(({ link: { predicted, probability } }) => predicted === link.predicted && probability === link.probability);
    if (site) site.atoms.push(link.atom);
    else sites.push({ link, atoms: [link.atom] });
  }
  return sites.map(({ link, atoms }) => ({
    atoms: atoms.sort((a, b) => a - b).map(label).join("/"),
    probability: link.probability,
  }));
}

/** The atoms of alternatives: "C14 or C15"; "C3 and C5" where each is more likely than not. */
export function atomsText(alternatives: Alternative[]): string {
  const named = alternatives.slice(0, MOST).map(({ atoms }) => atoms);
  const together = named.length > 1 && alternatives.slice(0, MOST).every(({ probability }) => probability > 0.5);
  const more = alternatives.length - named.length;
  const word = together ? " and " : " or ";
  const list = named.length < 3 ? named.join(word) : named.slice(0, -1).join(", ") + word + named.at(-1)!;
  return more > 0 ? `${list} (${more} more)` : list;
}

/** Their probabilities in the same order: "0.48 / 0.34". */
export function figuresText(alternatives: Alternative[]): string {
  return alternatives.slice(0, MOST).map(({ probability }) => probabilityNumber(probability)).join(" / ");
}

/** "C14: 0.93", "C14 or C15: 0.48 / 0.34". */
export function alternativesText(links: Link[], label: (atom: number) => string): string {
  const alternatives = alternativesOf(links, label);
  if (alternatives.length === 0) return "not assigned";
  return `${atomsText(alternatives)}: ${figuresText(alternatives)}`;
}

/** The signals of an atom: "13C 128.53 ppm (0.48), 13C 127.90 ppm (0.34)". */
export function signalsOfAtom(links: Link[]): string {
  const told = new Set<string>();
  for (const { nucleus, observed, probability } of links) {
    if (probability < LEAST) continue;
    const shift = observed.toFixed(nucleus === "1H" ? 3 : 2);
    told.add(`${nucleus} ${shift} ppm (${probabilityNumber(probability)})`);
  }
  return told.size === 0 ? "no signal assigned" : [...told].slice(0, MOST).join(", ");
}
