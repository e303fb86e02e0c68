import assert from "node:assert/strict";
import { test } from "node:test";

import { sentence } from "../../src/api/refusal";
import { probabilityNumber, probabilityWords } from "../../src/words/probability";
import { formulaText } from "../../src/words/structure-name";
import { ago } from "../../src/words/time";
import { readShifts } from "../../src/search/shifts";
import { magnification } from "../../src/spectrum/signal-words";
import { structureOf } from "../../src/sample/structure-text";

test("what is not certain is never 1.00 or 0.00", () => {
  assert.equal(probabilityNumber(0.9999), "> 0.99");
  assert.equal(probabilityNumber(0.0001), "< 0.01");
  assert.equal(probabilityNumber(0.876), "0.88");
  assert.equal(probabilityWords(0.95), "very likely right");
});

test("heights that are drawn as they fit are not spoken of", () => {
  assert.equal(magnification(1), "");
  assert.equal(magnification(1.25), "1.3");
  assert.equal(magnification(0.64), "0.64");
  assert.equal(magnification(3814.7), "3800");
});

test("times are said as people say them", () => {
  const now = Date.UTC(2030, 0, 2, 12);
  assert.equal(ago(now - 10_000, now), "just now");
  assert.equal(ago(now - 180_000, now), "3 min ago");
  assert.equal(ago(now - 7_200_000, now), "2 h ago");
  assert.equal(ago(now - 90_000_000, now), "yesterday");
});

test("reasons become sentences and nuclei stay as they are", () => {
  assert.equal(sentence("no 13C lines"), "No 13C lines.");
  assert.equal(sentence("13C lines are missing"), "13C lines are missing.");
  assert.equal(sentence("CCO explains it better"), "CCO explains it better.");
  assert.equal(sentence("pH is not known"), "pH is not known.");
});

test("formulae have low figures", () => assert.equal(formulaText("C12H14O3"), "C₁₂H₁₄O₃"));

test("shifts are read as they are printed", () => {
  assert.deepEqual(readShifts("171.2, 133.5; 128.4 (2C), 60.9").shifts, [171.2, 133.5, 128.4, 60.9]);
  assert.deepEqual(readShifts("171,2 133,5").shifts, [171.2, 133.5]);
  assert.deepEqual(readShifts("171.2,133.5").shifts, [171.2, 133.5]);
  assert.deepEqual(readShifts("δ 12.5, C4, 900").unread, ["C4", "900"]);
});

test("mol blocks are told from SMILES", () => {
  assert.deepEqual(structureOf(" CCO ethanol\n"), { case: "smiles", value: "CCO" });
  assert.equal(structureOf("\n\n\n  0  0  0  0  0  0  0  0  0  0999 V2000\r\nM  END\r\n$$$$\n")?.case, "molblock");
  assert.equal(structureOf("  "), undefined);
});
