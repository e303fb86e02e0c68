import assert from "node:assert/strict";
import { test } from "node:test";

import { ticks } from "../../src/spectrum/ticks";

test("steps are 1, 2 or 5 and not too close", () => {
  for (const [lo, hi] of [[-1, 13], [0.9, 1.4], [7.259, 7.261], [0, 220]] as const) {
    const { major, decimals } = ticks({ lo, hi }, 900);
    assert.ok(major.length >= 3 && major.length <= 900 / 64 + 1, `${lo}..${hi}: ${major.length}`);
    const step = major[1]! - major[0]!;
    const digit = Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9));
    assert.ok([1, 2, 5].includes(digit), `${step}`);
    const texts = new Set(major.map((shift) => shift.toFixed(decimals)));
    assert.equal(texts.size, major.length);
  }
});

test("ticks are whole multiples of the step", () => {
  assert.deepEqual(ticks({ lo: -0.05, hi: 0.35 }, 300).major.map((shift) => shift.toFixed(1)), ["0.0", "0.1", "0.2", "0.3"]);
});
