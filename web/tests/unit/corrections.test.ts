import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";

import type { AssignmentRow } from "../../src/sample/assignment-rows";
import { chosenCandidate } from "../../src/sample/choice";
import { correct, NO_ATOM, reviewed } from "../../src/sample/corrections";
import { ElucidationSchema, Verdict } from "../../src/generated/larmor/v1/elucidation_pb";

const row = (id: string, atom: number, observed: number): AssignmentRow => ({
  id,
  best: { key: id, atom, nucleus: "13C", observed, predicted: observed, probability: 0.9 },
  others: [],
});
const rows = [row("a", 3, 58.3), row("b", 0, 18.2)];

test("a signal is given to another atom, to none, and back", () => {
  let corrections = correct(new Map(), rows[0]!, 5);
  corrections = correct(corrections, rows[1]!, NO_ATOM);
  assert.deepEqual(reviewed(corrections, rows), [
    { nucleus: "13C", ppm: 58.3, atom: 5 },
    { nucleus: "13C", ppm: 18.2, noAtom: true },
  ]);
  corrections = correct(correct(corrections, rows[0]!, 3), rows[1]!, 0);
  assert.equal(corrections.size, 0);
});

test("the candidate that the verdict is on is shown, unless another was chosen", () => {
  const candidates = [{ rank: 1, inchikey: "A", source: "proposed" }, { rank: 2, inchikey: "B", source: "proposed", judged: true }];
  const told = create(ElucidationSchema, { verdict: Verdict.CONSISTENT, candidates });
  assert.equal(chosenCandidate(told, "")?.inchikey, "B");
  assert.equal(chosenCandidate(told, "A")?.inchikey, "A");
  // A judgement that does not tell: the proposed one.
  const before = create(ElucidationSchema, {
    verdict: Verdict.INCONSISTENT,
    candidates: [{ inchikey: "A", source: "library:moses" }, { inchikey: "B", source: "proposed" }],
  });
  assert.equal(chosenCandidate(before, "")?.inchikey, "B");
});
