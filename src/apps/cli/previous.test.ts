import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contractOf } from "../../../test/support/contract-of.ts";
import { people, read, sign } from "../../relay/test-team.ts";
import { readBaton, writeBaton } from "../../seal/index.ts";
import type { Desk } from "./desk.ts";
import { openPrevious } from "./previous.ts";
import type { Session } from "./session.ts";

const batonOf = (use: string) =>
  writeBaton({
    content: [
      {
        path: "baton.yaml",
        bytes: Buffer.from(`baton: 1
level: sketch
model: { name: churn, version: 1.0.0, task: binary-classification }
owners: { builds: makers@example.org, runs: runners@example.org }
use: ${use}
features: [{ name: age, type: int64, missing: allowed }]
output: { name: p, range: [0, 1] }
`),
      },
    ],
  });

it("compares with the version that was accepted, not with whichever is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "baton-previous-"));
  try {
    const accepted = batonOf("Ranks customers.");
    await writeFile(join(folder, "accepted.baton"), accepted);
    await writeFile(join(folder, "weak.baton"), batonOf("Ranks badly."));
    const contentDigest = readBaton(accepted).digest;
    const offered = sign([], "lab", { action: "offer", contentDigest }, 1);
    const history = read(sign(offered, "ops", { action: "accept", contentDigest }, 2));
    const contract = contractOf({
      model: { name: "churn", version: "1.1.0", task: "binary-classification" },
    });
    const desk = { handoff: { contract, digest: "f".repeat(64) }, people, relay: { history } };
    const session = { cwd: folder, now: () => new Date("2026-02-01T00:00:00Z") } as Session;
    const open = (name: string) => openPrevious(session, desk as unknown as Desk, name);
    await expect(open("weak.baton")).rejects.toMatchObject({ code: "usage" });
    const previous = await open("accepted.baton");
    expect(previous.digest).toBe(contentDigest);
    await previous.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
