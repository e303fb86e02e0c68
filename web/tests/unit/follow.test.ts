import assert from "node:assert/strict";
import { test } from "node:test";

import { backoff } from "../../src/live/backoff";
import { follow, type Message } from "../../src/live/follow";

type Script = (Message<string> | Error)[];

async function play(scripts: Script[], start?: bigint) {
  const opened: (bigint | undefined)[] = [];
  const said: string[] = [];
  const control = new AbortController();
  async function* open(cursor: bigint | undefined) {
    opened.push(cursor);
    const script = scripts[opened.length - 1];
    if (!script) return control.abort();
    for (const item of script) {
      if (item instanceof Error) throw item;
      yield item;
    }
  }
  const cursor = await follow(
    {
      open,
      isLost: (error) => (error as Error).message === "lost",
      isRefused: (error) => (error as Error).message === "refused",
      onEvent: (event) => said.push(event),
      onFresh: () => said.push("fresh"),
      onState: (live) => said.push(live ? "live" : "cut"),
      wait: async () => {},
    },
    start,
    control.signal,
  );
  return { opened, said: said.filter((word, place) => word !== said[place - 1]), cursor };
}

test("a cut stream goes on at the last cursor", async () => {
  const { opened, said, cursor } = await play([
    [{ cursor: 4n }, { cursor: 5n, event: "five" }, new Error("cut")],
    [{ cursor: 6n, event: "six" }, { cursor: 9n }],
  ]);
  assert.deepEqual(opened, [undefined, 5n, 9n]);
  assert.deepEqual(said, ["live", "fresh", "live", "five", "cut", "live", "six", "live", "cut"]);
  assert.equal(cursor, 9n);
});

test("a cursor that the server no longer knows begins anew and says so", async () => {
  const { opened, said } = await play([[new Error("lost")], [{ cursor: 20n }]], 3n);
  assert.deepEqual(opened, [3n, undefined, 20n]);
  assert.deepEqual(said, ["cut", "live", "fresh", "cut"]);
});

test("a stream that never opened begins at the newest again", async () => {
  const { opened } = await play([[new Error("away")], [new Error("away")]]);
  assert.deepEqual(opened, [undefined, undefined, undefined]);
});

test("waits grow to a bound and are scattered", () => {
  assert.equal(backoff(1, 1), 500);
  assert.equal(backoff(4, 1), 4000);
  assert.equal(backoff(50, 1), 30_000);
  assert.equal(backoff(4, 0), 2000);
});

test("a reader who may not follow does not ask again", async () => {
  const { opened, said, cursor } = await play([[{ cursor: 4n }, new Error("refused")], [{ cursor: 5n }]], 3n);
  assert.deepEqual(opened, [3n]);
  assert.deepEqual(said, ["live"]);
  assert.equal(cursor, 4n);
});
