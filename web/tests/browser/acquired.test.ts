import assert from "node:assert/strict";
import { cp, mkdir, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { drawn, launch, open } from "./browser";

// LARMOR_DATASET is a dataset, LARMOR_STAGING a place beside the watched directories on the same disk,
// LARMOR_WATCHED the dataset's place within them: GROUP/SAMPLE/EXPERIMENT.
const dataset = process.env["LARMOR_DATASET"];
const staging = process.env["LARMOR_STAGING"];
const watched = process.env["LARMOR_WATCHED"];

let browser: Browser;
before(async () => void (browser = await launch()));
after(() => browser.close());

test("a sample is acquired while the board is open", async (context) => {
  if (!dataset || !staging || !watched) return context.skip("needs a daemon's directories");
  const { page, complaints } = await open(browser, "/");
  await page.locator("table.samples tbody tr").first().waitFor();
  const name = watched.split("/").at(-2)!;
  const row = page.locator("table.samples tbody tr", { hasText: name });
  assert.equal(await row.count(), 0);
  await cp(dataset, staging, { recursive: true });
  await mkdir(dirname(watched), { recursive: true });
  await rename(staging, watched);
  await row.first().waitFor({ timeout: 60_000 });
  await row.locator(".badge:not(.none)").waitFor({ timeout: 60_000 });
  await row.locator("a.name").click();
  await drawn(page);
  assert.deepEqual(complaints, []);
  await page.close();
});
