import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the Chromium that is installed: on the PATH, or where `npx playwright-core install chromium` put it. */
export function launchChromium(): Promise<Browser> {
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  const executablePath = [process.env.BATON_CHROMIUM ?? "", ...onPath, chromium.executablePath()].find(
    existsSync,
  );
  if (!executablePath)
    throw new Error(
      "These tests need Chromium. Install it (apt-get install chromium, or npx playwright-core install chromium), or name it in BATON_CHROMIUM.",
    );
  return chromium.launch({ executablePath, args: quiet });
}
