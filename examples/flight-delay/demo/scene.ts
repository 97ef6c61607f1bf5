import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ask, type Running } from "./stage.ts";

/** Where the demo plays, and what later steps need of earlier ones. */
export interface Scene {
  /** The example that is walked. */
  readonly from: string;
  /** Scratch folder: `builder/`, `engineer/`, `keys/`, `.baton/people.yaml`. */
  readonly root: string;
  server?: Running;
}

/** One step: who does what, why, and whether it ended as it should. */
export interface Step {
  readonly name: string;
  readonly who: "data scientist" | "engineer" | "both";
  /** One line: what this step is for. */
  readonly why: string;
  /** What came out, for the table; a step that did not end as it should throws. */
  run(scene: Scene): Promise<string>;
}

export const builderKey = ["--key", "../keys/forecasting-lead.key.pem"];
export const engineerKey = ["--key", "../keys/platform-lead.key.pem"];
export const first = "flight-delay-1.0.0.baton";
export const second = "flight-delay-1.1.0.baton";

/** Refuses another end than the one wanted. */
export function expectExit(ran: { exitCode: number; stderr: string }, wanted: number): void {
  if (ran.exitCode !== wanted) throw new Error(`ended with ${ran.exitCode}, not ${wanted}`);
}

/** How many findings block. */
export function blocking(findings: unknown): number {
  return (findings as { severity: string }[]).filter(({ severity }) => severity === "blocking").length;
}

/** Clauses by outcome, in words. */
export function standing({ clauses }: Record<string, unknown>): string {
  const outcomes = (clauses as { verdict: { outcome: string } }[]).map(({ verdict }) => verdict.outcome);
  const counted = ["pass", "fail", "not-run"].map(
    (word) => `${outcomes.filter((outcome) => outcome === word).length} ${word}`,
  );
  return `${outcomes.length} clauses: ${counted.join(", ")}`;
}

/** Ids of clauses that are kept in one way. */
export async function clausesKept(folder: string, target: string, kept: string): Promise<string[]> {
  const { clauses } = await ask(folder, ["clauses", target]);
  return (clauses as { id: string; kept: string[] }[])
    .filter((clause) => clause.kept.includes(kept))
    .map(({ id }) => id);
}

/** Lines of a table without its head. */
export async function count(file: string): Promise<number> {
  return (await readFile(file, "utf8")).trim().split("\n").length - 1;
}

/** Copies a path of the example. */
export async function copy(from: string, to: string, path: string): Promise<void> {
  await mkdir(join(to, path, ".."), { recursive: true });
  await cp(join(from, path), join(to, path), { recursive: true });
}

/** What sending a file does: the engineer gets the baton, and nothing else. */
export async function send(root: string, file: string): Promise<void> {
  await cp(join(root, "builder", file), join(root, "engineer", file));
}

/** What `git pull` does with the relay: new entries arrive, none is changed. */
export async function carry(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const there = new Set(await readdir(to));
  for (const name of await readdir(from)) if (!there.has(name)) await cp(join(from, name), join(to, name));
}
