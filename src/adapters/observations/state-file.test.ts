import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makePipe } from "../../../test/support/named-pipe.ts";
import { watchedPlan } from "../../watch/observe/test-observations.ts";
import { readState, writeState } from "./state-file.ts";

const plan = await watchedPlan();
const state = { windows: [], files: [], places: [], without: [] };
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "baton-state-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

it("comes back as it was written", async () => {
  const path = join(root, "state");
  expect(await readState(path, plan)).toBeUndefined();
  await writeState(path, state, plan);
  expect(await readState(path, plan)).toEqual(state);
});

it("is never a pipe, a device or a folder: these are neither waited for nor put aside", async () => {
  const pipe = join(root, "pipe");
  await makePipe(pipe);
  for (const path of [pipe, "/dev/zero", root])
    await expect(readState(path, plan)).rejects.toMatchObject({
      code: "file-unusable",
      message: expect.stringContaining("is not a file"),
    });
  expect((await stat(pipe)).isFIFO()).toBe(true);
  expect((await readdir(root)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
