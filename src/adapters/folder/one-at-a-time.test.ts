import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";

let folder: string;
const file = () => join(folder, ".lock");
const hurry = { waitMs: 100, deadMs: 60_000 };
const held = (pid: number, host = hostname()) => writeFile(file(), JSON.stringify({ pid, host, token: "x" }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "baton-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("does one piece of work after the other, and leaves nothing", async () => {
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise((done) => setImmediate(done));
    order.push(`${name} ends`);
    return name;
  };
  // Both hold the number of this process: the second would take the first for one that died. Another process is what counts.
  await oneAtATime(file(), async () => {
    await held(process.ppid);
    await expect(oneAtATime(file(), work("second"), hurry)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining(`process ${process.ppid} on ${hostname()} is at work here`),
    });
    await rm(file());
  });
  expect(await oneAtATime(file(), work("third"))).toBe("third");
  expect(order).toEqual(["third begins", "third ends"]);
  expect(await readdir(folder)).toEqual([]);
});

it("gives the name free when the work fails", async () => {
  await expect(oneAtATime(file(), () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await readdir(folder)).toEqual([]);
});

it("takes over what a process left that was killed, and what has stood on another machine for long", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  await held(pid);
  expect(await oneAtATime(file(), async () => "gone", hurry)).toBe("gone");
  await held(1, "elsewhere");
  await expect(oneAtATime(file(), async () => "", hurry)).rejects.toMatchObject({ code: "unavailable" });
  await utimes(file(), new Date(0), new Date(0));
  expect(await oneAtATime(file(), async () => "old", hurry)).toBe("old");
  await writeFile(file(), "no JSON");
  await expect(oneAtATime(file(), async () => "", hurry)).rejects.toMatchObject({
    code: "unavailable",
    next: expect.stringContaining("remove the file"),
  });
});

it("does not remove what another holds by the time that it ends", async () => {
  await oneAtATime(file(), async () => {
    await rm(file());
    await held(process.ppid);
  });
  expect(await readdir(folder)).toEqual([".lock"]);
});
