import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, filterOf } from "../../src/board/filter";
import { changedRows, mergeFirstPage, replaceRows } from "../../src/board/merge";
import { backfillWords, conditionWords } from "../../src/board/surroundings-words";
import { routeOf } from "../../src/route/route";

test("a filter goes into the address and comes back", () => {
  for (const address of ["/", "/?group=meier&verdict=does-not-fit", "/?show=failed&instrument=av400&name=a%26b"]) {
    assert.equal(addressOf(filterOf(new URL(address, "http://x").searchParams)), address);
  }
});

const rows = (ids: string[], word = "old") => ids.map((id) => ({ id, word }));

test("a fresh first page brings new rows on top and keeps those below", () => {
  const merged = mergeFirstPage(rows(["5", "4", "3", "2", "1"]), rows(["6", "5", "4"], "new"), false);
  assert.deepEqual(merged.map(({ id, word }) => id + word), ["6new", "5new", "4new", "3old", "2old", "1old"]);
});

test("a row that no longer matches leaves the list", () => {
  assert.deepEqual(mergeFirstPage(rows(["5", "4", "3"]), rows(["5", "3"]), true).map(({ id }) => id), ["5", "3"]);
  assert.deepEqual(mergeFirstPage(rows(["5", "4"]), [], true), []);
});

test("new and changed rows are told", () => {
  const at = (id: string, seconds: bigint) => ({ id, updateTime: { seconds, nanos: 0 } });
  const changed = changedRows([at("2", 5n), at("1", 4n)], [at("3", 9n), at("2", 5n), at("1", 8n)]);
  assert.deepEqual([...changed], ["3", "1"]);
});

test("single rows are replaced where they stand", () => {
  assert.deepEqual(replaceRows(rows(["2", "1"]), rows(["1", "9"], "new")).map(({ id, word }) => id + word), ["2old", "1new"]);
});

test("addresses lead to pages", () => {
  assert.deepEqual(routeOf("/"), { page: "board" });
  assert.deepEqual(routeOf("/sample/a%20b"), { page: "sample", id: "a b" });
  assert.deepEqual(routeOf("/sample/%4"), { page: "nowhere" });
  assert.deepEqual(routeOf("/nothing/at/all"), { page: "nowhere" });
});

test("what keeps work waiting, and older data, are told in words", () => {
  const told = conditionWords({ subject: "the data of av500", reason: "/nmr is empty" });
  assert.equal(told, "Work waits for the data of av500: /nmr is empty. Nothing is lost.");
  const older = { paused: false, waiting: 1500n, held: 500n, estimatedSeconds: 36_000 };
  assert.equal(backfillWords(older), "1000 older acquisitions wait, done in about 10 h.");
  assert.equal(backfillWords({ ...older, paused: true }), "1000 older acquisitions wait; paused.");
  assert.equal(backfillWords({ ...older, waiting: 501n, estimatedSeconds: undefined }), "1 older acquisition waits.");
  assert.equal(backfillWords({ ...older, waiting: 500n }), undefined);
});
