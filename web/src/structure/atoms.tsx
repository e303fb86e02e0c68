import { confidenceOf } from "../assignment/confidence";
import type { Light } from "../assignment/light";
import type { Links } from "../assignment/links";
import { signalsOfAtom } from "../assignment/words";
import type { DrawnAtom } from "../generated/larmor/v1/candidate_service_pb";
import type { Pointing } from "../spectrum/track";
import { atomLabel } from "./label";
import { numberPlaces, shortest } from "./number-places";

interface Props {
  atoms: DrawnAtom[];
  links: Links;
  light: Light;
  width: number;
  height: number;
}

/** Behind the atoms: their numbers, by colour and rim how sure the assignment is, and the light. */
export function Discs({ atoms, links, light, width, height }: Props) {
  const radius = discRadius(atoms);
  const places = numberPlaces(atoms, radius + 7);
  return (
    <svg class="discs" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {atoms.map(({ x, y, element }, atom) => {
        const weight = light.atoms.get(atom) ?? 0;
        const confidence = confidenceOf(links.byAtom.get(atom));
        return (
          <g key={atom}>
            {weight > 0 && <circle class="lit" cx={x} cy={y} r={radius * 1.45} opacity={0.2 + 0.8 * weight} />}
            {(confidence !== "none" || element === "C") && <circle class={confidence} cx={x} cy={y} r={radius} />}
            <text x={places[atom]!.x} y={places[atom]!.y + 3.5} text-anchor="middle" class={weight > 0 ? "number lit" : "number"}>
              {atom + 1}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function discRadius(atoms: DrawnAtom[]): number {
  return Math.min(13, shortest(atoms) * 0.36);
}

/** What makes atoms answer to pointer and keyboard. */
export function Handles({ atoms, links, light, width, height, pointing }: Props & { pointing: Pointing }) {
  const radius = Math.max(discRadius(atoms) * 1.3, 11);
  return (
    <svg class="handles" viewBox={`0 0 ${width} ${height}`} role="group" aria-label="Atoms of the structure">
      {atoms.map(({ x, y }, atom) => {
        const label = atomLabel(atoms, atom);
        const found = links.byAtom.get(atom);
        const words = `${label}: ${signalsOfAtom(found ?? [])}`;
        if (!found) return null;
        const target = { kind: "atom", atom } as const;
        return (
          <g
            key={atom}
            class="handle"
            role="button"
            tabIndex={0}
            aria-label={words}
            data-atom={atom}
            data-lit={light.atoms.get(atom)?.toFixed(2)}
            onPointerEnter={(event) => event.pointerType !== "touch" && pointing.point(target)}
            onPointerLeave={() => pointing.point(undefined)}
            onFocus={() => pointing.point(target)}
            onBlur={() => pointing.point(undefined)}
            onClick={() => pointing.pin(target)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              pointing.pin(target);
            }}
          >
            <title>{words}</title>
            <circle cx={x} cy={y} r={radius} class="catch" />
          </g>
        );
      })}
    </svg>
  );
}
