import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contractOf } from "../../../test/support/contract-of.ts";
import { readHistory } from "../../relay/index.ts";
import { keys, people } from "../../relay/test-team.ts";
import { readBaton, writeBaton } from "../../seal/index.ts";
import type { Desk } from "./desk.ts";
import { takeStep } from "./relay-step.ts";
import type { Session } from "./session.ts";

const session = { now: () => new Date("2026-01-01T00:00:00Z") } as Session;
const batonWith = (text: string) =>
  writeBaton({ content: [{ path: "baton.yaml", bytes: Buffer.from(text) }] });

it("signs and seals nothing when the file was replaced while it was judged", async () => {
  const folder = await mkdtemp(join(tmpdir(), "baton-step-"));
  try {
    const batonFile = join(folder, "churn.baton");
    const judged = batonWith("baton: 1\n");
    const written: string[] = [];
    const desk = {
      handoff: {
        contract: contractOf({ model: { name: "churn", version: "1.0.0", task: "other" } }),
        digest: readBaton(judged).digest,
      },
      people,
      relay: {
        history: readHistory({ entries: [], people, model: "churn" }),
        append: async ({ file }: { file: { name: string; bytes: Uint8Array } }) => {
          written.push(file.name);
          return [file];
        },
      },
    } as unknown as Desk;
    const step = () =>
      takeStep(session, desk, keys.lab.privateKey, {
        signOff: { allowed: true, findings: [], signer: { person: "lab", role: "builds" } },
        says: { action: "offer" },
        batonFile,
        done: () => "offered",
      });
    const replaced = batonWith("baton: 1\n# other\n");
    await writeFile(batonFile, replaced);
    await expect(step()).rejects.toMatchObject({ code: "relay-refused" });
    expect(written).toEqual([]);
    expect(await readFile(batonFile)).toEqual(Buffer.from(replaced));
    await writeFile(batonFile, judged);
    expect((await step()).passed).toBe(true);
    expect(readBaton(await readFile(batonFile)).relay.map(({ name }) => name)).toEqual(written);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
