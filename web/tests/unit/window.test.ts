import assert from "node:assert/strict";
import { test } from "node:test";

import { between, home, pan, ppmToX, xToPpm, zoom } from "../../src/spectrum/window";

const whole = { lo: -2, hi: 12 };

test("high shifts are on the left", () => {
  assert.equal(ppmToX(whole, 1400, 12), 0);
  assert.equal(ppmToX(whole, 1400, -2), 1400);
  assert.equal(xToPpm(whole, 1400, 700), 5);
});

test("what is under the pointer stays there while zooming", () => {
  const before = { lo: 1, hi: 9 };
  const x = ppmToX(before, 1000, 7.26);
  const after = zoom(before, whole, 7.26, 0.5);
  assert.ok(Math.abs(ppmToX(after, 1000, 7.26) - x) < 1e-9);
  assert.ok(Math.abs(after.hi - after.lo - 4) < 1e-12);
});

test("zooming out ends at the whole and zooming in at a bound", () => {
  assert.deepEqual(zoom({ lo: 1, hi: 9 }, whole, 5, 100), whole);
  let window = whole as { lo: number; hi: number };
  for (let step = 0; step < 200; step++) window = zoom(window, whole, 7, 0.5);
  assert.ok(window.hi - window.lo > 1e-4 && window.lo < 7 && window.hi > 7);
});

test("panning stops at the ends and keeps the width", () => {
  const moved = pan({ lo: 1, hi: 3 }, whole, 100);
  assert.equal(moved.hi, 12);
  assert.equal(moved.hi - moved.lo, 2);
});

test("a window may be drawn from either side", () => {
  assert.deepEqual(between(3, 1, whole), { lo: 1, hi: 3 });
});

test("home holds all signals; without any it is the whole", () => {
  const found = home([1.2, 7.3], whole, 0.4);
  assert.ok(found.lo <= 0.8 && found.hi >= 7.7);
  assert.deepEqual(home([], whole, 0.4), whole);
});
