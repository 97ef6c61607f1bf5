import { readdirSync, readFileSync } from "node:fs";
import { afterAll, test, vi } from "vitest";
import { scenarioPlayer } from "../support/scenario.ts";
import { parseScenario } from "../support/scenario-script.ts";

/*
 * Each file of `scripts/` is a scenario: command lines, what they must say, and what else happens. The words are
 * explained in scripts/README.md. Four play side by side: most of their time goes into `baton bench`, which measures for
 * seven seconds on the first processor however many there are.
 */

vi.setConfig({ maxConcurrency: 4 });

const scripts = new URL("./scripts/", import.meta.url);
const player = scenarioPlayer(new URL("states/", scripts));
afterAll(() => player.end());

const names = readdirSync(scripts).filter((name) => name.endsWith(".txt"));
// The longest first, so that it is not waited for at the end.
for (const name of [...names].sort((a, b) => Number(b === "walk.txt") - Number(a === "walk.txt"))) {
  const script = parseScenario(readFileSync(new URL(name, scripts), "utf8"));
  test.concurrent(`${name}: ${script.title}`, () => player.play(script));
}
