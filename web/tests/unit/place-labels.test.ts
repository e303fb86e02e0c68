import assert from "node:assert/strict";
import { test } from "node:test";

import { placeLabels, type Wanted } from "../../src/spectrum/place-labels";

function check(wanted: Wanted[], width: number, gap: number, reach: number) {
  const placed = placeLabels(wanted, 0, width, gap, reach);
  let end = -Infinity;
  for (const { index, x } of placed) {
    const { width: own, at } = wanted[index]!;
    assert.ok(x - own / 2 >= end + (end === -Infinity ? 0 : gap) - 1e-6, "labels cover one another");
    assert.ok(x - own / 2 >= -1e-6 && x + own / 2 <= width + 1e-6, "a label sticks out");
    assert.ok(Math.abs(x - at) <= reach + 1e-6, "a label is too far away");
    end = x + own / 2;
  }
  return placed;
}

test("labels with room stand where they want", () => {
  const placed = check([100, 300, 500].map((at) => ({ at, width: 50, importance: 1 })), 600, 4, 40);
  assert.deepEqual(placed.map(({ x }) => x), [100, 300, 500]);
});

test("neighbours give way evenly", () => {
  const placed = check([200, 210].map((at) => ({ at, width: 40, importance: 1 })), 600, 0, 40);
  assert.deepEqual(placed.map(({ x }) => x), [185, 225]);
});

test("in a crowd the least important is left out", () => {
  const wanted = [300, 301, 302, 303, 304].map((at, n) => ({ at, width: 40, importance: n === 2 ? 0 : 5 }));
  const placed = check(wanted, 600, 4, 70);
  assert.deepEqual(placed.map(({ index }) => index), [0, 1, 3, 4]);
});

test("any crowd is placed without overlap", () => {
  let seed = 7;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 200; round++) {
    const count = Math.floor(chance() * 60);
    const wanted = Array.from({ length: count }, () => ({ at: chance() * 390, width: 5 + chance() * 80, importance: chance() }));
    check(wanted, 390, 3, 30 + chance() * 60);
  }
});

test("a row too short for one label stays empty", () => {
  assert.deepEqual(placeLabels([{ at: 5, width: 50, importance: 1 }], 0, 10, 0, 40), []);
});
