import { candidateCalls } from "../api/calls";
import type { DrawStructureResponse } from "../generated/larmor/v1/candidate_service_pb";

const kept = new Map<string, Promise<DrawStructureResponse>>();
const MOST = 200;

/** The drawing of a structure, a SMILES or a mol block; each is asked for once. */
export function drawingOf(structure: string, width: number, height: number): Promise<DrawStructureResponse> {
  const key = `${width}x${height} ${structure}`;
  let drawing = kept.get(key);
  if (!drawing) {
    // A SMILES is one word, a mol block has lines.
    const given = structure.includes("\n") ? { molblock: structure } : { smiles: structure };
    drawing = candidateCalls.drawStructure({ ...given, width, height });
    // What failed for want of a connection may go well the next time.
    drawing.catch(() => kept.delete(key));
    kept.set(key, drawing);
    if (kept.size > MOST) kept.delete(kept.keys().next().value!);
  }
  return drawing;
}
