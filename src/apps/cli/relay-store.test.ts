import { cp, mkdtemp, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareEntry } from "../../relay/index.ts";
import { keys, people } from "../../relay/test-team.ts";
import type { OpenedBaton } from "./handoff.ts";
import { openRelay } from "./relay-store.ts";
import type { Session } from "./session.ts";

let root: string;
let minutes: number;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "baton-relay-store-"));
  minutes = 0;
});
afterEach(() => rm(root, { recursive: true, force: true }));

const now = () => new Date(Date.UTC(2026, 0, 1) + minutes++ * 60_000);
const session = (): Session => ({
  cwd: root,
  env: { BATON_STATE: "state" },
  out: () => {},
  err: () => {},
  now,
  color: false,
  interactive: false,
  width: 100,
});
const open = (clone: string) => openRelay(session(), { home: join(root, clone) }, { people, model: "churn" });

const draft = { model: "churn", version: "1.0.0", contentDigest: "ab".repeat(32) };

/** Signs one more entry in a clone. */
async function sign(clone: string, by: "lab" | "ops", action: "offer" | "accept" | "recall") {
  const { history, append } = await open(clone);
  const signed = prepareEntry({
    history,
    people,
    draft: { ...draft, action, note: "as agreed" },
    privateKey: keys[by].privateKey,
    at: now().toISOString(),
  });
  await append(signed);
  return signed.file.name;
}

const codesOf = async (clone: string) => (await open(clone)).history.findings.map(({ code }) => code);
const copy = (from: string, to: string) => cp(join(root, from), join(root, to), { recursive: true });

describe("what this machine has seen of a relay", () => {
  it("counts in every clone of it", async () => {
    await sign("first", "lab", "offer");
    await copy("first", "second");
    expect(await codesOf("second")).toEqual([]);
    await sign("first", "lab", "recall");
    expect(await codesOf("second")).toEqual(["relay.cut"]);
    expect(await codesOf("second")).toEqual(["relay.cut"]);
    await copy("first", "second");
    expect(await codesOf("second")).toEqual([]);
  });

  it("is not forgotten when something is signed on a cut history", async () => {
    await sign("clone", "lab", "offer");
    const cut = await sign("clone", "ops", "accept");
    await copy("clone", "whole");
    await unlink(join(root, "clone/relay", cut));
    expect(await codesOf("clone")).toEqual(["relay.cut"]);
    await sign("clone", "lab", "recall");
    expect(await codesOf("clone")).toEqual(["relay.cut"]);
    await copy("whole", "clone");
    expect(await codesOf("clone")).not.toContain("relay.cut");
  });

  it("takes two decisions that are signed at once, both on the snapshot in a baton", async () => {
    await sign("whole", "lab", "offer");
    await sign("whole", "ops", "accept");
    const relay = (await open("whole")).entries;
    const sealed = { baton: { relay } } as unknown as OpenedBaton;
    const atOnce = () =>
      openRelay(session(), { home: join(root, "new"), sealed }, { people, model: "churn" });
    const stores = [await atOnce(), await atOnce()];
    for (const [index, { history, append }] of stores.entries())
      await append(
        prepareEntry({
          history,
          people,
          draft: { ...draft, action: "deploy", environment: `place-${index}` },
          privateKey: keys.ops.privateKey,
          at: now().toISOString(),
        }),
      );
    const { history } = await open("new");
    expect(history.findings).toEqual([]);
    expect(history.entries.map(({ entry }) => entry.action)).toEqual(["offer", "accept", "deploy", "deploy"]);
  });

  it("is nothing where the memory is damaged", async () => {
    await sign("clone", "lab", "offer");
    for (const text of ["5", "[]", `{"churn in ${root}/clone/relay":5}`, '{"__proto__":{"heads":7}}', "{"]) {
      await writeFile(join(root, "state/heads.json"), text);
      expect(await codesOf("clone")).toEqual([]);
    }
  });
});
