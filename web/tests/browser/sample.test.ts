import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { drawn, launch, openSample, placeOf } from "./browser";

let browser: Browser;
before(async () => void (browser = await launch()));
after(() => browser.close());

for (const nucleus of ["13C", "1H"]) {
  test(`pointing at a ${nucleus} signal lights its atom`, async (context) => {
    const { page, complaints } = await openSample(browser);
    await page.locator(".handle").first().waitFor();
    const rows = page.locator("table.assignments tbody tr", { has: page.locator(`td:text-is("${nucleus}")`) });
    if ((await rows.count()) === 0) return context.skip(`no ${nucleus} assignment`);
    // The last row lies to the right of its spectrum, apart from the crowd.
    const row = rows.last();
    const ppm = Number(await row.locator("th").innerText());
    const spectrumId = (await row.locator("button").getAttribute("data-signal"))!.split("/")[0]!;
    const atoms = (await row.locator("td").nth(2).innerText()).match(/\d+/g)!.map((number) => Number(number) - 1);
    const track = page.locator(`.track[data-spectrum="${spectrumId}"]`);
    await track.scrollIntoViewIfNeeded();
    await track.hover({ position: { x: await placeOf(page, spectrumId, ppm), y: 150 } });
    await page.locator(".handle[data-lit]").first().waitFor();
    const lit = await page.locator(".handle[data-lit]").evaluateAll((all) => all.map((one) => Number(one.getAttribute("data-atom"))));
    assert.ok(lit.includes(atoms[0]!), `${lit.join()} lit, ${atoms.join()} expected`);
    assert.match(await page.locator(".pointed").innerText(), new RegExp(`${ppm.toFixed(nucleus === "1H" ? 3 : 2)} ppm`));
    assert.deepEqual(complaints, []);
    await page.close();
  });
}

test("pointing at an atom lights rows of the table", async () => {
  const { page } = await openSample(browser);
  await page.locator(".handle").first().hover();
  await page.locator("table.assignments tr.lit").first().waitFor();
  await page.close();
});

test("wheel, drag, keys and double click change the window", async () => {
  const { page, complaints } = await openSample(browser);
  const track = page.locator(".track").first();
  const canvas = track.locator("canvas");
  const shown = async () => {
    await page.waitForTimeout(60);
    return (await canvas.getAttribute("data-window"))!.split(" ").map(Number) as [number, number];
  };
  await track.scrollIntoViewIfNeeded();
  const box = (await track.boundingBox())!;
  const home = await shown();
  await page.mouse.move(box.x + 300, box.y + 150);
  await page.mouse.wheel(0, -400);
  const zoomed = await shown();
  assert.ok(zoomed[1] - zoomed[0] < home[1] - home[0]);
  await page.mouse.dblclick(box.x + 30, box.y + 150);
  assert.deepEqual(await shown(), home);
  await page.mouse.move(box.x + 200, box.y + 150);
  await page.mouse.down();
  await page.mouse.move(box.x + 400, box.y + 150, { steps: 4 });
  await page.mouse.up();
  const selected = await shown();
  const perPixel = (home[1] - home[0]) / box.width;
  assert.ok(Math.abs(selected[1] - (home[1] - 200 * perPixel)) < 2 * perPixel);
  // Up and down is for heights: by dragging, by the wheel with a modifier, by keys.
  const taller = page.locator(".spectra", { has: track }).first().getByText("heights ×");
  assert.equal(await taller.count(), 0);
  await page.mouse.move(box.x + 300, box.y + 250);
  await page.mouse.down();
  await page.mouse.move(box.x + 305, box.y + 150, { steps: 4 });
  await page.mouse.up();
  await taller.waitFor();
  assert.deepEqual(await shown(), selected);
  await page.keyboard.down("Alt");
  await page.mouse.wheel(0, 1200);
  await page.keyboard.up("Alt");
  assert.ok(Number((await taller.innerText()).replace(/\D*/, "")) < 1);
  await track.focus();
  await page.keyboard.press("ArrowLeft");
  assert.ok((await shown())[1] > selected[1]);
  await page.keyboard.press("0");
  assert.deepEqual(await shown(), home);
  await page.keyboard.press("n");
  await page.locator(".pointed", { hasText: "ppm" }).waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a spectrum is there at once and a step of a zoom takes less than a frame", async () => {
  const { page } = await openSample(browser);
  const started = Date.now();
  await page.reload();
  await drawn(page);
  const opened = Date.now() - started;
  const track = page.locator(".track").first();
  const box = (await track.boundingBox())!;
  await page.mouse.move(box.x + 300, box.y + 150);
  const steps: number[] = [];
  for (let step = 0; step < 20; step++) {
    await page.mouse.wheel(0, step < 10 ? -120 : 120);
    await page.waitForTimeout(30);
    steps.push(Number(await track.locator("canvas").getAttribute("data-paint")));
  }
  console.log(`opened and drawn in ${opened} ms, slowest step of the zoom ${Math.max(...steps)} ms`);
  assert.ok(Math.max(...steps) <= 16, `${Math.max(...steps)} ms`);
  await page.close();
});

test("the spectra are written as papers print them", async () => {
  const { page, complaints } = await openSample(browser);
  await page.getByRole("button", { name: "RSC style" }).click();
  await page.locator(".publication", { hasText: "δC (" }).waitFor();
  await page.getByRole("button", { name: "ACS style" }).click();
  await page.locator(".publication", { hasText: /^13C NMR \(\d+ MHz, .+\) δ [\d.]+/ }).waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
});
