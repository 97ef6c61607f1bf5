import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const source = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "baton-signal-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a program that sends itself a signal in the middle of its work. */
async function interrupted(program: string, ...args: string[]) {
  const text = `
    import { mkdirSync } from "node:fs";
    import { removeAtExit } from ${source("../../adapters/folder/index.ts")};
    import { endWhenInterrupted } from ${source("interruption.ts")};
    endWhenInterrupted(process.argv.slice(2));
    ${program}
    setTimeout(() => process.exit(7), 5000);`;
  await writeFile(join(folder, "program.mts"), text);
  const options = ["--import", import.meta.resolve("tsx"), "program.mts", ...args];
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(process.execPath, options, { cwd: folder }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });
}

describe("an interrupted program", () => {
  it.each(["SIGINT", "SIGTERM"])("ends with 130 on %s and leaves nothing behind", async (signal) => {
    const begin = `
      mkdirSync("unpacked/model", { recursive: true });
      removeAtExit("unpacked");
      process.kill(process.pid, "${signal}");`;
    const { code, err } = await interrupted(begin, "accept", "churn.baton");
    expect(code).toBe(130);
    expect(err).toContain(`Interrupted by ${signal}`);
    expect(await readdir(folder)).toEqual(["program.mts"]);
  });

  it("keeps what was finished", async () => {
    const begin = `
      mkdirSync("finished");
      removeAtExit("finished").forget();
      process.kill(process.pid, "SIGINT");`;
    expect((await interrupted(begin)).code).toBe(130);
    expect(await readdir(folder)).toContain("finished");
  });

  it("says so in JSON where that was asked for", async () => {
    const { out } = await interrupted(`process.kill(process.pid, "SIGINT");`, "predict", "--json");
    expect(JSON.parse(out)).toMatchObject({
      command: "predict",
      passed: false,
      error: { code: "interrupted" },
    });
  });

  it("leaves a signal to the command that listens to it", async () => {
    const begin = `
      process.once("SIGINT", () => setTimeout(() => process.exit(0), 10));
      process.kill(process.pid, "SIGINT");`;
    expect((await interrupted(begin)).code).toBe(0);
  });

  it.skipIf(process.platform !== "linux")(
    "says without a stack that its output cannot be written",
    async () => {
      const full = `
      import { openSync } from "node:fs";
      import { WriteStream } from "node:fs";
      import { endUnheard } from ${source("interruption.ts")};
      const out = new WriteStream("/dev/full", { fd: openSync("/dev/full", "w") });
      out.on("error", (error) => endUnheard(error.code));
      out.write("x");`;
      const { code, err } = await interrupted(full);
      expect(code).toBe(3);
      expect(err).toContain("ENOSPC");
      expect(err).not.toMatch(/^\s+at /m);
    },
  );
});
