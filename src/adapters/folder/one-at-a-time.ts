import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { BatonError } from "../../kernel/index.ts";
import { errnoOf, fileError } from "./file-error.ts";
import { removeAtExit } from "./unfinished.ts";

/** How long another process is waited for, and after what time a holder on another machine is taken for dead. */
export interface Patience {
  readonly waitMs: number;
  readonly deadMs: number;
}

const usual: Patience = { waitMs: 60_000, deadMs: 15 * 60_000 };
const pollMs = 50;

/**
 * Does a piece of work while no other process does one under the same file, which stands there as long as the work lasts and
 * names who does it. One that a killed process left is taken over. @throws BatonError `unavailable` when somebody is too long at it
 */
export async function oneAtATime<Result>(
  file: string,
  work: () => Promise<Result>,
  patience: Patience = usual,
): Promise<Result> {
  const own = `${JSON.stringify({ pid: process.pid, host: hostname(), token: randomBytes(8).toString("hex") })}\n`;
  const until = Date.now() + patience.waitMs;
  while (!(await taken(file, own))) {
    const held = await readHolder(file);
    if (held !== undefined && (await isDead(file, held, patience))) await release(file, held);
    else if (Date.now() > until) throw busy(file, held);
    else await wait(pollMs);
  }
  const atExit = removeAtExit(file);
  try {
    return await work();
  } finally {
    atExit.forget();
    await release(file, own);
  }
}

/** True where the name was free; the file appears whole. */
async function taken(file: string, text: string): Promise<boolean> {
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, text, { flag: "wx" });
    await link(temporary, file);
    return true;
  } catch (thrown) {
    const code = errnoOf(thrown) ?? "";
    if (code === "EEXIST") return false;
    if (!withoutLinks.has(code)) throw fileError(thrown, file);
    return takenWithoutLinks(file, text);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** File systems without hard links (FAT, some network mounts). */
const withoutLinks = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

async function takenWithoutLinks(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "EEXIST") return false;
    throw fileError(thrown, file);
  }
}

/** Gives the name free where it still says what it said: the file of another who was quicker is put back. */
async function release(file: string, text: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await rename(file, aside);
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return;
    throw fileError(thrown, file);
  }
  if ((await readHolder(aside)) !== text) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function readHolder(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return undefined;
    throw fileError(thrown, file);
  }
}

interface Holder {
  readonly pid?: unknown;
  readonly host?: unknown;
}

/** A process of this machine that is gone; one that had the number that this one has now; anything of long ago elsewhere. */
async function isDead(file: string, text: string, { deadMs }: Patience): Promise<boolean> {
  const { pid, host } = holderOf(text);
  if (host === hostname() && typeof pid === "number") return pid === process.pid || !isAlive(pid);
  const stats = await stat(file).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs > deadMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return errnoOf(thrown) !== "ESRCH";
  }
}

function holderOf(text: string): Holder {
  try {
    return (JSON.parse(text) ?? {}) as Holder;
  } catch {
    return {};
  }
}

function busy(file: string, held: string | undefined): BatonError {
  const { pid, host } = holderOf(held ?? "");
  const who = typeof pid === "number" ? `process ${pid} on ${String(host).slice(0, 100)}` : "another process";
  return new BatonError("unavailable", `${file} says that ${who} is at work here, and it does not end.`, {
    file,
    next: "Run the command again when it has ended; remove the file where no baton runs.",
  });
}
