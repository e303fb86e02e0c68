import type { Verdict } from "../generated/larmor/v1/elucidation_pb";
import { type Tone, verdictWords } from "../words/verdict";

// Each tone has a shape of its own, so that nobody depends on telling colours apart.
const SHAPES: Record<Tone, preact.JSX.Element> = {
  good: (
    <>
      <circle cx="12" cy="12" r="11" class="light-body" />
      <path d="M6.5 12.5l3.8 3.8 7.200-8" class="light-sign" />
    </>
  ),
  bad: (
    <>
      <path d="M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z" class="light-body" />
      <path d="M8 8l8 8M16 8l-8 8" class="light-sign" />
    </>
  ),
  open: (
    <>
      <path d="M12 .8L23.2 12 12 23.2.8 12z" class="light-body" />
      <path d="M7.5 12h9" class="light-sign" />
    </>
  ),
  none: <circle cx="12" cy="12" r="10" class="light-ring" />,
};

export function Light({ verdict, large = false }: { verdict: Verdict; large?: boolean }) {
  const { tone } = verdictWords(verdict);
  return (
    <svg class={`light ${tone}${large ? " large" : ""}`} viewBox="0 0 24 24" aria-hidden="true">
      {SHAPES[tone]}
    </svg>
  );
}

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { short, tone } = verdictWords(verdict);
  return (
    <span class={`badge ${tone}`}>
      <Light verdict={verdict} />
      {short}
    </span>
  );
}
