import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";

import { launch, open, openSample } from "./browser";

let browser: Browser;
before(async () => void (browser = await launch()));
after(() => browser.close());

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

async function violations(page: Page): Promise<string[]> {
  const path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  await page.evaluate(await readFile(path, "utf8"));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations: found } = await axe.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, options] of [["desk", {}], ["phone", PHONE]] as const) {
    test(`everybody can use the page: ${size}, ${colorScheme}`, async () => {
      const { page } = await openSample(browser, { ...options, colorScheme });
      assert.deepEqual(await violations(page), []);
      const board = await open(browser, "/", { ...options, colorScheme });
      await board.page.locator("table.samples tbody tr").first().waitFor();
      assert.deepEqual(await violations(board.page), []);
      for (const one of [page, board.page]) {
        assert.ok(await one.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it is wider than the screen");
        await one.close();
      }
    });
  }
}
