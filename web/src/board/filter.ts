import { Verdict } from "../generated/larmor/v1/elucidation_pb";

/** What the board shows. */
export interface Filter {
  show: "samples" | "failed" | "skipped";
  group: string;
  instrument: string;
  name: string;
  verdict: Verdict;
}

export const EVERYTHING: Filter = { show: "samples", group: "", instrument: "", name: "", verdict: Verdict.UNSPECIFIED };

// In the address verdicts are words: an address is read and passed on.
const VERDICT_WORDS: [Verdict, string][] = [
  [Verdict.CONSISTENT, "fits"],
  [Verdict.INCONSISTENT, "does-not-fit"],
  [Verdict.INCONCLUSIVE, "undecided"],
  [Verdict.BEST_MATCH, "best-match"],
  [Verdict.NONE_FITS, "none-fits"],
];

export function filterOf(query: URLSearchParams): Filter {
  const show = query.get("show");
  const verdict = query.get("verdict");
  return {
    show: show === "failed" || show === "skipped" ? show : "samples",
    group: query.get("group") ?? "",
    instrument: query.get("instrument") ?? "",
    name: query.get("name") ?? "",
    verdict: VERDICT_WORDS.find(([, word]) => word === verdict)?.[0] ?? Verdict.UNSPECIFIED,
  };
}

/** The board's address with a filter; what takes all is left out. */
export function addressOf(filter: Filter): string {
  const query = new URLSearchParams();
  if (filter.show !== "samples") query.set("show", filter.show);
  if (filter.group) query.set("group", filter.group);
  if (filter.instrument) query.set("instrument", filter.instrument);
  if (filter.name) query.set("name", filter.name);
  const word = VERDICT_WORDS.find(([verdict]) => verdict === filter.verdict)?.[1];
  if (word) query.set("verdict", word);
  const text = query.toString();
  return text === "" ? "/" : `/?${text}`;
}
