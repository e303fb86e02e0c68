import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Browser } from "playwright-core";

import { BASE, drawn, launch, open, openSample } from "./browser";

// These need a server that can be told what to do: mock/server.mjs.
let browser: Browser;
let mock = false;
const tell = (what: string) => fetch(`${BASE}/mock/${what}`, { method: "POST" });
before(async () => {
  browser = await launch();
  // A daemon answers a path that it does not know with its page, to GET only, or not at all.
  const reply = await tell("wake").catch(() => undefined);
  mock = reply?.headers.get("x-mock") === "yes";
});
after(() => browser.close());

function skipped(context: TestContext): boolean {
  if (!mock) context.skip("only against mock/server.mjs");
  return !mock;
}

test("a new sample appears by itself, after a cut as well", async (context) => {
  if (skipped(context)) return;
  const { page } = await open(browser, "/");
  const rows = page.locator("table.samples tbody tr");
  await rows.first().waitFor();
  await page.waitForTimeout(1500);
  const newest = async () => rows.first().locator("a.name").innerText();
  const before = await newest();
  await tell("arrive");
  await page.waitForFunction((name) => document.querySelector("table.samples tbody a.name")?.textContent !== name, before);
  const between = await newest();
  await tell("cut");
  await page.locator(".notice").waitFor();
  await tell("arrive");
  await page.waitForFunction((name) => document.querySelector("table.samples tbody a.name")?.textContent !== name, between);
  await page.locator(".notice").waitFor({ state: "detached" });
  await page.close();
});

test("a new verdict leaves the zoom as it is", async (context) => {
  if (skipped(context)) return;
  const { page, complaints } = await openSample(browser);
  const track = page.locator(".track").first();
  await track.focus();
  for (const key of ["+", "+", "ArrowLeft", "ArrowUp"]) await page.keyboard.press(key);
  await page.waitForTimeout(300);
  const window = await track.locator("canvas").getAttribute("data-window");
  const revisions = await page.locator(".timeline li").count();
  await tell("judge");
  await page.waitForFunction((count) => document.querySelectorAll(".timeline li").length > count, revisions);
  assert.equal(await track.locator("canvas").getAttribute("data-window"), window);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a review and a proposal are sent", async (context) => {
  if (skipped(context)) return;
  const { page, complaints } = await openSample(browser);
  await page.getByRole("button", { name: "Correct assignments" }).click();
  await page.getByLabel("Atom of 13C 161.35 ppm").selectOption({ label: "C4" });
  const review = page.getByRole("form", { name: "Review" });
  await review.getByLabel("The structure is right").check();
  await review.getByLabel("Note", { exact: true }).fill("agrees with the mass");
  await review.getByLabel("Your name").fill("Ada Meier");
  await review.getByRole("button", { name: "Send review" }).click();
  await page.locator(".reviews", { hasText: "13C 161.35 ppm is atom 4" }).waitFor();
  const propose = page.getByRole("form", { name: "Propose a structure" });
  await propose.getByLabel("SMILES or mol file").fill("CCO");
  await propose.getByRole("button", { name: "Propose" }).click();
  await page.locator(".proposals li", { hasText: "CCO" }).first().waitFor();
  await page.getByRole("button", { name: "Withdraw CCO" }).first().click();
  await page.locator(".proposals li", { hasText: "CCO" }).waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a spectrum whose points are gone is drawn by its peaks", async (context) => {
  if (skipped(context)) return;
  await tell("forget");
  try {
    const { page } = await openSample(browser);
    await drawn(page);
    await page.getByText("no longer kept").first().waitFor();
    await page.close();
  } finally {
    await tell("forget");
  }
});
