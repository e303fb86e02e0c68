import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, kindOf, queryOf, requestOf, type Kind } from "../../src/search/query";

test("what is typed is taken as what it looks like, and as a name in doubt", () => {
  const cases: Record<Kind, string[]> = {
    key: ["BSYNRYMUTXBXSQ", "BSYNRYMUTXBXSQ-UHFFFAOYSA-N", "InChIKey=BSYNRYMUTXBXSQ-UHFFFAOYSA-N"],
    formula: ["C9H8O4", "O4H8C9", "C2H6O", "CH4", "C5H12N+", "CHCl3"],
    part: ["c1ccccc1O", "C1CCCCC1", "CC(=O)N", "[CX3](=O)[N,O]", "[nH]1cccc1", "C[C@H](N)C(=O)O", "O=C", "[#6]~[#7]"],
    name: ["", "EN4", "AB-17", "AB 117", "arborinine", "CCO", "CN", "B12", "rossi/EN4", "N-methyl (2)", "Co3", "2024_03"],
  };
  for (const [kind, texts] of Object.entries(cases)) for (const text of texts) assert.equal(kindOf(text), kind, text);
});

test("an address says what is looked for and as what, and is read as it was written", () => {
  for (const query of [
    { kind: "part", text: "C1=CC=CC=C1[O-].[Na+]" },
    { kind: "name", text: "a & b%" },
    { kind: "formula", text: "C9H8O4" },
  ] as const) {
    const address = new URL(addressOf(query), "http://larmor");
    assert.equal(address.pathname, "/search");
    assert.deepEqual(queryOf(address.searchParams), query);
  }
  assert.equal(queryOf(new URLSearchParams("shifts=1,2&name=")), undefined);
  assert.deepEqual(requestOf({ kind: "key", text: "BSYNRYMUTXBXSQ" }), { inchikey: "BSYNRYMUTXBXSQ" });
});
