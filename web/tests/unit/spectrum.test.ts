import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";

import { PeakClass, SpectrumSchema } from "../../src/generated/larmor/v1/spectrum_pb";
import { hit, neighbour } from "../../src/spectrum/hit";
import { labelsOf } from "../../src/spectrum/signal-labels";
import { signalLine } from "../../src/spectrum/signal-words";
import { signalsOf } from "../../src/spectrum/signals";
import { covers, visible } from "../../src/spectrum/trace";
import { View } from "../../src/spectrum/view";

const { COMPOUND, SOLVENT } = PeakClass;
const cdcl3 = { peakClass: SOLVENT, substance: { name: "CDCl3", confidence: 1 } };
const carbon = create(SpectrumSchema, { id: "c", nucleus: "13C", frequencyMhz: 100, peaks: [
  { ppm: 60.3, intensity: 1, widthHz: 1, peakClass: COMPOUND, multiplicity: "T" },
  { ppm: 76.7, ...cdcl3 }, { ppm: 77.0, ...cdcl3 }, { ppm: 77.3, ...cdcl3 },
] });
const proton = create(SpectrumSchema, { id: "h", nucleus: "1H", frequencyMhz: 400,
  peaks: [{ ppm: 4.23, peakClass: COMPOUND }, { ppm: 4.25, peakClass: COMPOUND }, { ppm: 7.26, ...cdcl3 }],
  multiplets: [{ ppm: 4.24, fromPpm: 4.2, toPpm: 4.28, pattern: "dd", couplingsHz: [8.3, 2.1], hydrogens: 2.01, peakClass: COMPOUND, peaks: [0, 1] }] });

test("lines of a multiplet are one signal, others stand for themselves", () => {
  assert.deepEqual(signalsOf(proton).map(({ key }) => key), ["h/m0", "h/p2"]);
});

test("the lines of a solvent share one name", () => {
  assert.deepEqual(labelsOf(signalsOf(carbon)).map(({ ways }) => ways[0]), [["60.3"], ["CDCl3"]]);
});

test("signals are told in words", () => {
  const [multiplet] = signalsOf(proton);
  assert.equal(signalLine(multiplet!), "4.240 ppm · dd, J = 8.3, 2.1 Hz · 2.01 H");
  assert.equal(signalLine(signalsOf(carbon)[0]!), "60.30 ppm · CH₂");
  assert.equal(signalLine(signalsOf(carbon)[1]!), "76.70 ppm · solvent: CDCl3");
});

test("the pointer finds the nearest signal within reach", () => {
  const signals = signalsOf(carbon);
  const window = { lo: 50, hi: 100 };
  assert.equal(hit(signals, window, 1000, 792, 5)?.key, "c/p0");
  assert.equal(hit(signals, window, 1000, 400, 5), undefined);
  assert.equal(neighbour(signals, "c/p1", true)?.key, "c/p0");
  assert.equal(neighbour(signals, undefined, true)?.key, "c/p3");
});

test("a trace knows what it covers", () => {
  const trace = { first: 0, step: 0.1, lowest: new Float32Array(101), highest: new Float32Array(101), whole: { lo: -5, hi: 20 }, complete: false };
  assert.ok(covers(trace, { lo: 1, hi: 9 }));
  assert.ok(!covers(trace, { lo: 1, hi: 12 }));
  assert.deepEqual(visible(trace, { lo: 2, hi: 3 }), { from: 19, to: 31 });
});

test("a window that somebody chose outlives new spectra, one that nobody touched grows", () => {
  const view = new View("1H");
  view.reach({ lo: -2, hi: 14 }, [2, 5]);
  const opened = view.window.value!;
  view.reach({ lo: -2, hi: 14 }, [2, 9]);
  assert.ok(view.window.value!.hi > opened.hi);
  view.select(3, 4);
  view.reach({ lo: -2, hi: 14 }, [1, 11]);
  assert.deepEqual(view.window.value, { lo: 3, hi: 4 });
  view.reset();
  assert.ok(view.window.value!.hi > 11);
});
