import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportDocument } from "../../../src/adapters/html-report/index.ts";
import { watchPage } from "../../../src/watch/index.ts";
import { launchChromium } from "../../support/chromium.ts";
import { type LargeWatch, largeWatch } from "../../support/large-watch.ts";

const example = "examples/flight-delay";
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser: Browser;
let root: string;
const inRoot = (name: string) => join(root, name);

/** What runs where text is taken for markup: each sets `pwned` when it does. */
const payloads = [
  `<script>window.pwned=1</script>`,
  `</script><script>window.pwned=1</script>`,
  `"><img src=x onerror="window.pwned=1">`,
  `'-window.pwned=1-'`,
  `<svg onload=window.pwned=1>`,
  `javascript:window.pwned=1`,
  `</title></style><script>window.pwned=1</script>`,
  `<!--<script>\u2028window.pwned=1//\u202e`,
];

beforeAll(async () => {
  browser = await launchChromium();
  root = await mkdtemp(join(tmpdir(), "baton-report-"));
  const baton = (...args: string[]) =>
    promisify(execFile)(process.execPath, ["dist/cli.js", ...args], { maxBuffer: 1 << 28 });
  const replay = `${example}/data/replay.parquet`;
  const unsigned = ["--allow-unsigned", "--allow-unaccepted"];
  await baton(
    "predict",
    example,
    replay,
    inRoot("answers.parquet"),
    "--observe",
    inRoot("seen"),
    ...unsigned,
  );
  const watch = [
    "watch",
    inRoot("seen"),
    "--baton",
    example,
    "--labels",
    replay,
    "--html",
    inRoot("replay.html"),
  ];
  await baton(...watch).catch(({ code }: { code: number }) => expect(code).toBe(1));
  let next = 0;
  await write("hostile.html", {
    features: 12,
    windows: 40,
    word: (place) => `${place} ${payloads[next++ % payloads.length]}`,
  });
  await write("large.html", { features: 100, windows: 1000 });
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await rm(root, { recursive: true, force: true });
});

async function write(name: string, what: LargeWatch): Promise<void> {
  const [script, style] = await Promise.all([
    readFile("dist/watch-page.js", "utf8"),
    readFile("dist/watch-page.css", "utf8"),
  ]);
  await writeFile(inRoot(name), reportDocument(watchPage(largeWatch(what)), { script, style }));
}

interface Opened {
  readonly page: Page;
  /** Everything that the page said on the console, threw, asked the network or opened. */
  readonly noise: string[];
}

async function open(name: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const noise: string[] = [];
  const url = pathToFileURL(inRoot(name)).href;
  page.on("console", (message) => noise.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => noise.push(`thrown: ${error.message}`));
  page.on(
    "request",
    (request) => request.url().split("#")[0] !== url && noise.push(`request: ${request.url()}`),
  );
  page.on("dialog", (dialog) => noise.push(`dialog: ${dialog.message()}`));
  await page.goto(url);
  return { page, noise };
}

const openAll = (page: Page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
const close = (page: Page) => page.context().close();
const cursor = (page: Page) => page.getByRole("gridcell");
const pages = ["replay.html", "hostile.html", "large.html"];

describe.each(pages)("%s", (name) => {
  it.each(["light", "dark"] as const)(
    "says nothing on the console, asks no network, and axe finds nothing serious (%s)",
    async (colorScheme) => {
      const { page, noise } = await open(name, { colorScheme });
      await openAll(page);
      expect(noise).toEqual([]);
      const found = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
      const { violations } = found as {
        violations: { id: string; impact: string; nodes: { html: string }[] }[];
      };
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(serious.map(({ id, nodes }) => [id, nodes.length, nodes[0]?.html])).toEqual([]);
      await close(page);
    },
  );

  it("fits 390 pixels: the page itself never scrolls sideways", async () => {
    const { page } = await open(name, { viewport: { width: 390, height: 844 } });
    await openAll(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await close(page);
  });

  it("stands on paper: everything is open, nothing reaches beyond the page, and the screen comes back", async () => {
    const { page } = await open(name, { colorScheme: "dark" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    const beyond = await page.evaluate(() =>
      [...document.querySelectorAll("canvas, table, p, li, h2")]
        .filter(
          (element) =>
            element.getBoundingClientRect().right > document.body.getBoundingClientRect().right + 1,
        )
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    expect(beyond).toEqual([]);
    const closed = () => page.locator("details:not([open])").count();
    expect(await closed()).toBe(0);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    await page.emulateMedia({ media: "screen" });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect(await closed()).toBeGreaterThan(0);
    await close(page);
  });
});

describe("100 features × 1,000 windows", () => {
  it("are at most 3 MB", async () => {
    const { size } = await stat(inRoot("large.html"));
    process.stdout.write(`report of 100 × 1,000: ${(size / 1e6).toFixed(2)} MB\n`);
    expect(size).toBeLessThanOrEqual(3_000_000);
  });

  it("are on the screen within a second", async () => {
    const times: number[] = [];
    for (let time = 0; time < 5; time++) {
      const { page } = await open("large.html");
      times.push(await page.evaluate(() => performance.getEntriesByName("heat-map")[0]!.startTime));
      await close(page);
    }
    times.sort((a, b) => a - b);
    process.stdout.write(
      `heat map of 100 × 1,000 drawn after ${times.map((ms) => ms.toFixed(0)).join(", ")} ms\n`,
    );
    expect(times[0]).toBeLessThan(1000);
  });

  it("show the worst of the cells that share a pixel", async () => {
    const { page } = await open("large.html", { viewport: { width: 390, height: 844 } });
    const shades = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>("#heat-map canvas")!;
      const { data } = canvas.getContext("2d")!.getImageData(0, 26, canvas.width, 1);
      return new Set(
        Array.from({ length: canvas.width }, (_, x) => [...data.subarray(4 * x, 4 * x + 3)].join()),
      ).size;
    });
    expect(shades).toBeGreaterThan(1);
    await close(page);
  });
});

describe("the keyboard", () => {
  it("walks the map, and the live region, the line above it and the cells beside it follow", async () => {
    const { page } = await open("replay.html");
    await page.locator("#measure").focus();
    await page.keyboard.press("Tab");
    expect(await cursor(page).evaluate((element) => element === document.activeElement)).toBe(true);
    const told = async () => [
      await page.locator("#live").textContent(),
      await page.locator("#readout").textContent(),
      await cursor(page).getAttribute("aria-label"),
    ];
    const heading = () => page.locator("#detail h3").textContent();
    await page.keyboard.press("Control+Home");
    const first = await heading();
    await page.keyboard.press("ArrowRight");
    const [live, ...same] = await told();
    expect(same).toEqual([live, live]);
    expect(live).toContain("2013-06-02");
    expect(await heading()).not.toBe(first);
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowRight");
    expect(await cursor(page).getAttribute("aria-colindex")).toBe(
      await page.getByRole("grid").getAttribute("aria-colcount"),
    );
    await page.keyboard.press("Control+End");
    expect(await page.getByRole("row").first().getAttribute("aria-rowindex")).toBe("15");
    await close(page);
  });

  it("reaches everything that can be used, in the order of the page", async () => {
    const { page } = await open("replay.html");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("skip");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    const seen: number[] = [];
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate(() => document.activeElement!.getBoundingClientRect().top + scrollY));
    }
    expect(seen.length).toBe(12);
    await close(page);
  });
});

describe("hostile words", () => {
  it("stand as text and run nothing", async () => {
    const { page, noise } = await open("hostile.html");
    await openAll(page);
    const columns = await page.locator("#column option").count();
    for (let column = 0; column < columns; column++)
      await page.locator("#column").selectOption(String(column));
    expect(await page.evaluate(() => "pwned" in window)).toBe(false);
    expect(noise).toEqual([]);
    expect(await page.locator("img, iframe, object, embed, main script, main style").count()).toBe(0);
    expect(await page.locator("script").count()).toBe(2);
    expect(
      await page.evaluate(
        () =>
          [...document.querySelectorAll("*")].filter((element) =>
            [...element.attributes].some(({ name }) => name.startsWith("on")),
          ).length,
      ),
    ).toBe(0);
    const text = (await page.locator("body").textContent()) ?? "";
    for (const payload of payloads.slice(0, 6)) expect(text).toContain(payload);
    expect(text).toContain("\\u202e");
    await close(page);
  });

  it("would not run even as markup: only the page's own script may", async () => {
    const { page } = await open("hostile.html");
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.pwned = 1";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", `<img src=x onerror="window.pwned=1">`);
      return "pwned" in window;
    });
    expect(ran).toBe(false);
    await close(page);
  });
});

it("reads without scripts: verdict and tables are in the file", async () => {
  const { page } = await open("replay.html", { javaScriptEnabled: false });
  expect(await page.locator("#verdict h2").textContent()).not.toBe("");
  await page.locator("summary", { hasText: "Table of features" }).click();
  expect(await page.locator("#feature-table tbody tr").count()).toBe(15);
  expect(await page.getByText("The map needs scripts").isVisible()).toBe(true);
  await close(page);
});
