import { chromium, type Browser, type Page } from "playwright-core";

/** Where the page is served: a daemon with at least one judged sample, or mock/server.mjs. */
export const BASE = process.env["LARMOR_URL"] ?? "http://127.0.0.1:8611";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A new page, and all that it complains of while it is open. */
export async function open(browser: Browser, path: string, options: Parameters<Browser["newPage"]>[0] = {}) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("request", (request) => {
    const foreign = !request.url().startsWith(BASE) && !request.url().startsWith("data:") && !request.url().startsWith("blob:");
    if (foreign) complaints.push(`a request to ${request.url()}`);
  });
  await page.goto(BASE + path);
  return { page, complaints };
}

/** Opens the sample of LARMOR_SAMPLE, else the newest on the board that has a verdict and a 13C spectrum. */
export async function openSample(browser: Browser, options: Parameters<Browser["newPage"]>[0] = {}) {
  const opened = await open(browser, "/", options);
  const { page } = opened;
  const wanted = process.env["LARMOR_SAMPLE"];
  const rows = page.locator("table.samples tbody tr", wanted ? { hasText: wanted } : { has: page.locator(".badge:not(.none)") });
  const carbon = rows.filter({ hasText: "13C" });
  await rows.first().waitFor();
  const row = (await carbon.count()) > 0 ? carbon.first() : rows.first();
  await row.locator("a.name").click();
  await drawn(page);
  return opened;
}

/** Waits until every spectrum is drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.locator(".track canvas").first().waitFor();
  await page.waitForFunction(() => {
    const canvases = [...document.querySelectorAll<HTMLCanvasElement>(".track canvas")];
    return canvases.length > 0 && canvases.every((canvas) => Number(canvas.dataset["points"]) > 0);
  });
}

/** Where a shift stands in a track, pixels from its left. */
export async function placeOf(page: Page, spectrumId: string, ppm: number): Promise<number> {
  return page.evaluate(
    ([id, shift]) => {
      const track = document.querySelector<HTMLElement>(`.track[data-spectrum="${id}"]`)!;
      const [lo, hi] = track.querySelector("canvas")!.dataset["window"]!.split(" ").map(Number);
      return ((hi! - shift) / (hi! - lo!)) * track.clientWidth;
    },
    [spectrumId, ppm] as const,
  );
}
