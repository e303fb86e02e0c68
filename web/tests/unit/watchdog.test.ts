import assert from "node:assert/strict";
import { test } from "node:test";

import { watched } from "../../src/live/watchdog";

async function* silent(abort: AbortSignal): AsyncIterable<number> {
  yield 1;
  await new Promise((_, reject) => abort.addEventListener("abort", () => reject(new Error("aborted"))));
}

test("a stream that falls silent is ended", async () => {
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const message of watched(silent, new AbortController().signal, 20)) seen.push(message);
  }, /aborted/);
  assert.deepEqual(seen, [1]);
});

test("a stream ends when its reader has enough", async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 10);
  await assert.rejects(async () => {
    for await (const message of watched(silent, abort.signal, 60_000)) assert.equal(message, 1);
  }, /aborted/);
});
