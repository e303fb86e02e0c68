import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { BASE, launch } from "../browser/browser";

// A daemon that asks who somebody is, a token for its one judged sample, and a link to that.
const TOKEN = process.env["LARMOR_TOKEN"] ?? "";
const LINK = process.env["LARMOR_LINK"] ?? "";
const SAMPLE = process.env["LARMOR_SAMPLE"] ?? "";

let browser: Browser;
before(async () => void (browser = await launch()));
after(() => browser.close());

test("a chemist signs in, sees his samples and signs out", async () => {
  const page = await browser.newPage();
  await page.goto(`${BASE}/`);
  const field = page.getByLabel("Token");
  await field.fill("larmor_wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("not known here").waitFor();
  await field.fill(TOKEN);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("table.samples tbody tr", { hasText: SAMPLE }).first().waitFor();
  await page.getByText("anna").waitFor();
  const kept = await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.ok(!kept.includes("larmor_"), `a script can read what signs in: ${kept}`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Token").waitFor();
  await page.close();
});

test("who is signed in is not asked for a name", async () => {
  const page = await browser.newPage();
  await page.goto(`${BASE}/`);
  await page.getByLabel("Token").fill(TOKEN);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("table.samples tbody tr", { hasText: SAMPLE }).first().locator("a.name").click();
  await page.getByRole("form", { name: "Propose a structure" }).waitFor();
  assert.equal(await page.getByLabel("Your name").count(), 0);
  await page.close();
});

test("a link opens one sample, and its secret does not stay in the address", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(BASE + LINK);
  await page.getByRole("heading", { name: SAMPLE }).first().waitFor();
  await page.locator(".track canvas").first().waitFor();
  assert.ok(!page.url().includes("link="), page.url());
  await page.getByText("Opened by a link").waitFor();
  await page.getByRole("link", { name: "Board" }).click();
  await page.getByText("this link shows one sample", { exact: false }).first().waitFor();
  await context.close();
});
