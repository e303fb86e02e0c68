import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";

import { confidenceOf } from "../../src/assignment/confidence";
import { lightOf } from "../../src/assignment/light";
import { linkAssignments, type Link } from "../../src/assignment/links";
import { alternativesText, signalsOfAtom } from "../../src/assignment/words";
import { PeakAssignmentSchema } from "../../src/generated/larmor/v1/elucidation_pb";
import { PeakClass, SpectrumSchema } from "../../src/generated/larmor/v1/spectrum_pb";
import { signalsOf } from "../../src/spectrum/signals";

const label = (atom: number) => `C${atom + 1}`;
const link = (atom: number, probability: number, predicted = atom): Link => ({
  key: "k", atom, nucleus: "13C", observed: 128, predicted, probability,
});

test("alternatives are named with their probabilities", () => {
  assert.equal(alternativesText([link(13, 0.93)], label), "C14: 0.93");
  assert.equal(alternativesText([link(13, 0.48), link(14, 0.34)], label), "C14 or C15: 0.48 / 0.34");
  assert.equal(alternativesText([link(1, 0.4), link(2, 0.3), link(3, 0.2)], label), "C2, C3 or C4: 0.40 / 0.30 / 0.20");
  assert.equal(alternativesText([], label), "not assigned");
});

test("equivalent atoms are named together, hardly possible ones not at all", () => {
  assert.equal(alternativesText([link(9, 0.95, 5), link(13, 0.95, 5), link(3, 0.01)], label), "C10/C14: 0.95");
});

test("a line that several atoms share is said to be of all", () => {
  assert.equal(alternativesText([link(2, 0.97), link(4, 0.96)], label), "C3 and C5: 0.97 / 0.96");
});

const compound = { peakClass: PeakClass.COMPOUND };
const plain = create(SpectrumSchema, { id: "c", nucleus: "13C", experiment: "1D", frequencyMhz: 100,
  peaks: [{ ppm: 20, ...compound }, { ppm: 128, ...compound }] });
const edited = create(SpectrumSchema, { id: "d", nucleus: "13C", experiment: "DEPT135", frequencyMhz: 100,
  peaks: [{ ppm: 20.1, ...compound }] });
const proton = create(SpectrumSchema, { id: "h", nucleus: "1H", experiment: "1D", frequencyMhz: 400,
  peaks: [{ ppm: 2.0, ...compound }], multiplets: [{ ppm: 2.0, fromPpm: 1.9, toPpm: 2.1, peaks: [0], ...compound }] });
const signals = [plain, edited, proton].flatMap(signalsOf);
const links = linkAssignments(
  [
    create(PeakAssignmentSchema, { atom: 0, nucleus: "13C", observedPpm: 20, probability: 0.9, spectrumId: "c", peak: 0 }),
    create(PeakAssignmentSchema, { atom: 1, nucleus: "13C", observedPpm: 128, probability: 0.5, spectrumId: "c", peak: 1 }),
    create(PeakAssignmentSchema, { atom: 2, nucleus: "13C", observedPpm: 128, probability: 0.3, spectrumId: "c", peak: 1 }),
    create(PeakAssignmentSchema, { atom: 0, nucleus: "1H", observedPpm: 2.0, probability: 0.8, spectrumId: "h", multiplet: 0 }),
  ],
  signals,
);

test("pointing at a signal lights its atoms by their probability", () => {
  const { atoms } = lightOf({ kind: "signal", key: "c/p1" }, links);
  assert.deepEqual([...atoms], [[1, 0.5], [2, 0.3]]);
});

test("pointing at an atom lights its signals, those of edited spectra as well", () => {
  const lit = lightOf({ kind: "atom", atom: 0 }, links).signals;
  assert.deepEqual([...lit.keys()].sort(), ["c/p0", "d/p0", "h/m0"]);
  assert.equal(signalsOfAtom(links.byAtom.get(0)!).includes("1H 2.000 ppm (0.80)"), true);
});

test("an assignment of a spectrum that is gone is found by its shift", () => {
  const old = create(PeakAssignmentSchema, { atom: 4, nucleus: "13C", observedPpm: 127.9, probability: 1, spectrumId: "old", peak: 7 });
  assert.equal(linkAssignments([old], signals).all[0]!.key, "c/p1");
});

test("how sure an atom is depends on its best signal", () => {
  assert.equal(confidenceOf(links.byAtom.get(0)), "sure");
  assert.equal(confidenceOf(links.byAtom.get(1)), "likely");
  assert.equal(confidenceOf(links.byAtom.get(2)), "unsure");
  assert.equal(confidenceOf(undefined), "none");
});
