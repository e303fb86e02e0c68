import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";

import { launch, open } from "./browser";

let browser: Browser;
before(async () => void (browser = await launch()));
after(() => browser.close());

const rows = (page: Page) => page.locator("table.samples tbody tr");
const field = (page: Page) => page.getByLabel("Name, formula, InChIKey");

/** The formula of a sample of the board that has a structure. */
async function known(page: Page): Promise<{ name: string; formula: string }> {
  const row = rows(page).filter({ has: page.locator(".best:not(:empty)") }).first();
  await row.waitFor();
  const written = (await row.locator(".best").innerText()).match(/C[₀-₉]*H[₀-₉]*(?:[A-Z][a-z]?[₀-₉]*)*/)![0];
  const formula = written.replace(/[₀-₉]/g, (digit) => String("₀₁₂₃₄₅₆₇₈₉".indexOf(digit)));
  return { name: await row.locator("a.name").innerText(), formula };
}

test("a sample is found by its name, its formula and a part of its structure", async () => {
  const { page, complaints } = await open(browser, "/");
  const { name, formula } = await known(page);
  await page.getByRole("link", { name: "Search" }).click();
  for (const [text, kind] of [[name, "name"], [formula, "formula"], ["c1ccccc1", "part"]] as const) {
    await field(page).fill(text);
    assert.equal(await page.getByLabel("Taken as").inputValue(), kind);
    await field(page).press("Enter");
    await page.waitForURL((url) => url.searchParams.get(kind) === text);
    await rows(page).filter({ hasText: name }).first().waitFor();
    await rows(page).locator(".thumbnail svg").first().waitFor();
  }
  // The address alone finds the same.
  const shared = await open(browser, new URL(page.url()).pathname + new URL(page.url()).search);
  await rows(shared.page).filter({ hasText: name }).first().waitFor();
  assert.equal(await field(shared.page).inputValue(), "c1ccccc1");
  assert.deepEqual([...complaints, ...shared.complaints], []);
  await shared.page.close();
  await page.close();
});

test("what cannot be looked for is told", async () => {
  const { page } = await open(browser, "/search");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByText("Please write or draw what to look for.").waitFor();
  await field(page).fill("C1CC(");
  await page.getByLabel("Taken as").selectOption("part");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.locator(".problem", { hasText: "ubstructure" }).waitFor();
  await page.close();
});

test("a part of a structure can be drawn, and everybody can use the page", async () => {
  for (const options of [{}, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: "dark" as const }]) {
    const { page, complaints } = await open(browser, "/search?part=c1ccccc1", options);
    await rows(page).first().waitFor();
    const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
    assert.ok(!loaded.some((name) => name.includes("editor")), "the editor is loaded for those who draw");
    await page.getByRole("button", { name: "Draw it" }).click();
    await page.getByText("Loading the editor").waitFor({ state: "detached" });
    await page.locator(".drawing-board").scrollIntoViewIfNeeded();
    const path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
    await page.evaluate(await readFile(path, "utf8"));
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`);
    });
    assert.deepEqual(violations, []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it is wider than the screen");
    assert.deepEqual(complaints, []);
    await page.close();
  }
});
