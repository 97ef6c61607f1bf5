import { readdirSync, readFileSync } from "node:fs";
import { afterAll, test, vi } from "vitest";
import { scenarioPlayer } from "../support/scenario.ts";
import { parseScenario } from "../support/scenario-script.ts";

/*
 * Each file of `scripts/` is a scenario: command lines, what they must say, and what else happens. The words are
 * explained in scripts/README.md. Two play side by side: the machine may have no more than two processors.
 */

vi.setConfig({ maxConcurrency: 2 });

const scripts = new URL("./scripts/", import.meta.url);
const player = scenarioPlayer(new URL("states/", scripts));
afterAll(() => player.end());

for (const name of readdirSync(scripts).filter((file) => file.endsWith(".txt"))) {
  const script = parseScenario(readFileSync(new URL(name, scripts), "utf8"));
  test.concurrent(`${name}: ${script.title}`, () => player.play(script));
}
