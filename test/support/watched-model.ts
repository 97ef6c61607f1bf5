import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ran, runBaton } from "./baton-program.ts";
import { forgeEntry } from "./forge-entry.ts";
import { visits, visitsText, writeSensitiveHandOff } from "./sensitive-hand-off.ts";

/** A model that was handed over, deployed and observed for five days, and whose trigger stands: all that `baton watch` needs. */
export interface WatchedModel {
  /** Holds the baton, `relay/`, `observed/`, the labels `asked.csv`, and the keys `lab`, `ops` and `bot` (a service). */
  readonly root: string;
  readonly file: string;
  /** Surroundings of every command. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs `baton …` in a process of its own. */
  run(...argv: string[]): Promise<Ran>;
  /** Arguments of a watch of all that is there. */
  readonly watch: readonly string[];
  discard(): Promise<void>;
}

/** Makes it with the built program; offer, acceptance and deployment are written with the keys of those who would sign them. */
export async function watchedModel(): Promise<WatchedModel> {
  const root = await mkdtemp(join(tmpdir(), "baton-watched-"));
  const at = (name: string) => join(root, name);
  const env = { HOME: root, BATON_STATE: at("memory") };
  const run = (...argv: string[]) => runBaton(argv, { cwd: root, env });
  const must = async (...argv: string[]) => {
    const ran = await run(...argv);
    if (ran.exitCode > 1)
      throw new Error(`baton ${argv.join(" ")} ended with ${ran.exitCode}: ${ran.stderr}`);
    return ran.stdout;
  };
  await writeSensitiveHandOff(root, "visit_id");
  const add = ["--add", ".baton/people.yaml"];
  await must("key", "new", "lab", "--role", "builds", ...add);
  await must("key", "new", "ops", "--role", "runs", ...add);
  await must("key", "new", "bot", "--service", ...add);
  await must("profile", "--no-calibrate");
  await must("seal", "--key", "lab.key.pem");
  const file = "visits-1.0.0.baton";
  const { digest: contentDigest } = JSON.parse(await must("inspect", file, "--json")) as { digest: string };
  const first = { model: "visits", version: "1.0.0", contentDigest };
  await mkdir(at("relay"));
  for (const [key, said] of [
    ["lab", { action: "offer", person: "lab", role: "builds" }],
    ["ops", { action: "accept", person: "ops", role: "runs" }],
    ["ops", { action: "deploy", person: "ops", role: "runs", environment: "production" }],
  ] as const)
    await forgeEntry(at("relay"), at(`${key}.key.pem`), { ...first, ...said });
  await writeFile(at("asked.csv"), visitsText(visits("2026-01-05", 5, 250)));
  await must("predict", file, "asked.csv", "answers.csv", "--observe", "observed");
  return {
    ...{ root, file, env, run },
    watch: ["watch", "observed", "--baton", file, "--labels", "asked.csv", "--at", "2026-01-20"],
    discard: () => rm(root, { recursive: true, force: true }),
  };
}
