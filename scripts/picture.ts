/**
 * Takes the picture of a report that the documentation shows: `tsx scripts/picture.ts REPORT.html PICTURE.png`, in a Chromium
 * that is installed. How the report itself is made stands in docs/operations/watching.md.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launchChromium } from "../test/support/chromium.ts";

const [report, picture] = process.argv.slice(2);
if (!report || !picture) throw new Error("Name a report and where its picture goes.");
const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1160, height: 980 }, colorScheme: "light" });
await page.goto(pathToFileURL(resolve(report)).href);
await page.screenshot({ path: picture });
await browser.close();
