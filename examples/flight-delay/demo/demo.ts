import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Scene, Step } from "./scene.ts";
import { paint, say } from "./stage.ts";
import { steps } from "./steps.ts";

/*
 * Walks the example with the real program, as both people. Every number comes from this run; nothing is prepared.
 *   npm run demo              stays up at the end
 *   npm run demo -- --exit    ends by itself
 */

const { values } = parseArgs({
  options: {
    exit: { type: "boolean", default: false },
    /** Another copy of the example to walk. */
    from: { type: "string", default: resolve(import.meta.dirname, "..") },
  },
});

interface Done {
  readonly step: Step;
  readonly result: string;
  readonly seconds: number;
  readonly good: boolean;
}

const root = await mkdtemp(join(tmpdir(), "baton-demo-"));
for (const folder of ["builder", "engineer", "keys"]) await mkdir(join(root, folder));
const scene: Scene = { from: resolve(values.from), root };
say(
  paint(
    "bold",
    "Baton: a flight-delay model goes from a folder to production, and what happens there comes back.",
  ),
);
say(`Everything below happens now, in ${root}\n`);

const done: Done[] = [];
for (const [index, step] of steps.entries()) {
  say(`${paint("bold", `${index + 1}/${steps.length} ${step.name}`)} ${paint("dim", `· ${step.who}`)}`);
  say(`    ${step.why}`);
  const started = performance.now();
  const outcome = await step.run(scene).then(
    (result) => ({ result, good: true }),
    (thrown: unknown) => ({ result: thrown instanceof Error ? thrown.message : String(thrown), good: false }),
  );
  const seconds = (performance.now() - started) / 1000;
  done.push({ step, ...outcome, seconds });
  say(
    `    ${outcome.good ? paint("green", "✓") : paint("red", "✗")} ${outcome.result} ${paint("dim", `(${seconds.toFixed(1)} s)`)}\n`,
  );
  if (!outcome.good) break;
}

const good = done.length === steps.length && done.every((one) => one.good);
printTable();
if (scene.server && !values.exit && good) await stayUp(scene.server.url);
const code = scene.server ? await scene.server.stop() : 0;
process.exitCode = good && code === 0 ? 0 : 1;

function printTable(): void {
  const width = Math.max(...steps.map(({ name }) => name.length));
  say(paint("bold", `${"step".padEnd(width)}  seconds  result`));
  for (const step of steps) {
    const one = done.find((other) => other.step === step);
    const seconds = one ? one.seconds.toFixed(1).padStart(7) : "      —";
    const mark = one ? (one.good ? paint("green", "✓") : paint("red", "✗")) : paint("dim", "○");
    say(`${step.name.padEnd(width)}  ${seconds}  ${mark} ${one?.result ?? "not reached"}`);
  }
  const total = done.reduce((sum, { seconds }) => sum + seconds, 0);
  say(
    `${"".padEnd(width)}  ${total.toFixed(1).padStart(7)}  ${good ? "all steps ended as they should" : "a step did not end as it should"}\n`,
  );
  say(`Files:     ${root}`);
  if (good) say(`Report:    ${join(root, "engineer/report.html")}`);
}

async function stayUp(url: string): Promise<void> {
  say(`API page:  ${url}/`);
  say(`Contract:  ${url}/contract    Metrics: ${url}/metrics    OpenAPI: ${url}/openapi.json`);
  say("\nThe server stays up. Stop it with Ctrl-C.");
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
