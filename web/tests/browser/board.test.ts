import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, open } from "./browser";

let browser: Browser;
before(async () => void (browser = await launch()));
after(() => browser.close());

test("the board shows instruments and samples", async () => {
  const { page, complaints } = await open(browser, "/");
  await page.locator(".instrument").first().waitFor();
  await page.locator("table.samples tbody tr").first().waitFor();
  assert.ok((await page.locator("table.samples tbody tr a.name").first().innerText()).length > 0);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a filter stands in the address and narrows the list", async () => {
  const { page, complaints } = await open(browser, "/");
  const first = page.locator("table.samples tbody tr a.name").first();
  const name = await first.innerText();
  await page.getByLabel("Name contains").fill(name);
  await page.waitForURL((url) => url.searchParams.get("name") === name);
  await page.locator("table.samples tbody tr").first().waitFor();
  for (const shown of await page.locator("table.samples tbody tr a.name").allInnerTexts()) assert.ok(shown.includes(name));
  await page.getByLabel("Name contains").fill("no sample is called so");
  await page.getByText("No sample matches.").waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
});

test("skipped acquisitions can be looked at again", async (context) => {
  const { page, complaints } = await open(browser, "/?show=skipped");
  await page.locator(".troubled tbody tr, p:text('There are none.')").first().waitFor();
  const again = page.getByRole("button", { name: /^Try again/ }).first();
  if ((await again.count()) === 0) return context.skip("nothing was skipped");
  await again.click();
  await page.getByText("It is looked at again soon.").waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
});

test("failed acquisitions are listed with a reason", async () => {
  const { page, complaints } = await open(browser, "/?show=failed");
  await page.getByRole("heading", { name: "Failed acquisitions" }).waitFor();
  await page.locator(".troubled tbody tr, p:text('There are none.')").first().waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
});
