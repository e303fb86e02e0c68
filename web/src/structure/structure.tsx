import { LEGEND } from "../assignment/confidence";
import type { DrawStructureResponse } from "../generated/larmor/v1/candidate_service_pb";
import type { Links } from "../assignment/links";
import type { Pointing } from "../spectrum/track";
import { Discs, Handles } from "./atoms";
import { Lines } from "./picture";

export const STRUCTURE_SIZE = { width: 460, height: 340 };

interface Props {
  drawing: DrawStructureResponse | undefined;
  problem: string;
  links: Links;
  pointing: Pointing;
  /** What is said of the signal or atom that is pointed at. */
  words: string;
}

/** The structure with its atoms numbered, coloured and lit. */
export function Structure({ drawing, problem, links, pointing, words }: Props) {
  const shared = drawing && { atoms: drawing.atoms, links, light: pointing.light.value, ...STRUCTURE_SIZE };
  return (
    <div class="structure">
      <div class="sheet">
        {problem && <p class="problem">{problem}</p>}
        {drawing && shared && (
          <>
            <Discs {...shared} />
            <Lines svg={drawing.svg} />
            <Handles {...shared} pointing={pointing} />
          </>
        )}
      </div>
      <p class="pointed" role="status" aria-live="polite">
        {words || <span class="quiet">Point at a signal or an atom to see what belongs together.</span>}
      </p>
      <ul class="legend" aria-label="Probability of the assignment of an atom">
        {LEGEND.map(([confidence, text]) => (
          <li key={confidence}>
            <svg viewBox="0 0 16 16" aria-hidden="true" class="discs">
              <circle class={confidence} cx="8" cy="8" r="6.5" />
            </svg>
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
