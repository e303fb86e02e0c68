import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, openSample } from "./browser";

let browser: Browser;
before(async () => void (browser = await launch()));
after(() => browser.close());

test("a structure can be drawn, and the editor is loaded for that only", async () => {
  const { page, complaints } = await openSample(browser);
  const scripts: string[] = [];
  page.on("request", (request) => scripts.push(request.url()));
  const before = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
  assert.ok(!before.some((name) => name.includes("editor")));
  await page.getByRole("button", { name: "Draw it" }).click();
  const board = page.locator(".drawing-board");
  await board.scrollIntoViewIfNeeded();
  await page.getByText("Loading the editor").waitFor({ state: "detached" });
  const box = (await board.boundingBox())!;
  // A stroke in the empty sheet is a bond.
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.click(x, y);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 30, { steps: 5 });
  await page.mouse.up();
  const text = page.getByLabel("SMILES or mol file");
  await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>("textarea")!.value !== "");
  assert.match(await text.inputValue(), /^[CNO]/);
  assert.deepEqual(complaints, []);
  await page.close();
});
