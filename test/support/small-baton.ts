import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ran, startWarmProgram } from "./baton-program.ts";
import { type SmallVersion, writeSmallHandOff } from "./small-hand-off.ts";

/** The small hand-off, sealed by lab, whom `.baton/people.yaml` knows; not offered, not accepted. */
export interface SmallBaton {
  readonly root: string;
  /** Absolute path of the `.baton` file. */
  readonly file: string;
  /** Hand-off folder that was sealed. */
  readonly folder: string;
  /** Runs `baton …` in the root. */
  run(...argv: string[]): Promise<Ran>;
  discard(): Promise<void>;
}

/** Writes and seals it with the built program. */
export async function smallBaton(version: SmallVersion = "handed-over"): Promise<SmallBaton> {
  const root = await mkdtemp(join(tmpdir(), "baton-small-"));
  const folder = join(root, "builder");
  const file = join(root, "late.baton");
  await mkdir(folder);
  await writeSmallHandOff(folder, version);
  const program = await startWarmProgram();
  const run = (...argv: string[]) =>
    program.run(argv, { cwd: root, env: { HOME: root, BATON_STATE: join(root, "state") } });
  for (const command of [
    ["key", "new", "lab", "--role", "builds", "--add", ".baton/people.yaml"],
    ["profile", folder],
    ["seal", folder, "--key", "lab.key.pem", "--out", file],
  ]) {
    const { exitCode, stderr } = await run(...command);
    if (exitCode !== 0) throw new Error(`baton ${command.join(" ")} ended with ${exitCode}: ${stderr}`);
  }
  return {
    root,
    file,
    folder,
    run,
    async discard() {
      await program.end();
      await rm(root, { recursive: true, force: true });
    },
  };
}
