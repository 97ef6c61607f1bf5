import { generateKeyPairSync } from "node:crypto";
import type { HandOffCopy } from "../../support/hand-off-copy.ts";
import { inFile, type Mutation, relocked, unlocked } from "./mutation.ts";

const lock = "requirements.lock";

/** Defects of the environment lock, the generated files, the story and the people file. */
export const paperMutations: readonly Mutation[] = [
  unlocked("the lock is not there", "lock.missing", (copy) => copy.remove(lock)),
  relocked("a package that is not pinned", "lock.not-pinned", (copy) =>
    onLock(copy, /^numpy==\S+/m, "numpy"),
  ),
  relocked("a package that is pinned to a star", "lock.not-pinned", (copy) =>
    onLock(copy, /^(numpy==\d+)\S*/m, "$1.*"),
  ),
  relocked("a package without hash", "lock.no-hash", (copy) => onLock(copy, /$/, "\nleft-pad==1.0\n")),
  relocked("no hashes at all", "lock.no-hash", (copy) => onLock(copy, / \\\n\s+--hash=\S+/g, "")),
  relocked("a weak hash", "lock.weak-hash", (copy) =>
    onLock(copy, /sha256:[0-9a-f]{64}/, `md5:${"0".repeat(32)}`),
  ),
  relocked("a hash that is cut", "lock.weak-hash", (copy) =>
    onLock(copy, /(sha256:[0-9a-f]{40})[0-9a-f]{24}/, "$1"),
  ),
  relocked("an editable package", "lock.from-elsewhere", (copy) => onLock(copy, /$/, "\n-e ./features\n")),
  relocked("a package from a repository", "lock.from-elsewhere", (copy) =>
    onLock(copy, /$/, "\ngit+https://example.org/features.git@main\n"),
  ),
  relocked("a lock that refers to another", "lock.includes", (copy) => onLock(copy, /$/, "\n-r base.txt\n")),
  relocked("a package in two versions", "lock.contradictory", (copy) =>
    onLock(copy, /$/, `\nnumpy==1.0.0 --hash=sha256:${"0".repeat(64)}\n`),
  ),
  relocked("a lock of comments", "lock.empty", (copy) => copy.write(lock, "# nothing\n")),
  relocked("a lock that is none", "lock.unreadable", (copy) =>
    copy.write(lock, "<html><body>404</body></html>\n"),
  ),
  relocked("an empty uv.lock", "lock.empty", async (copy) => {
    await copy.write("uv.lock", 'version = 1\nrequires-python = ">=3.11"\n');
    await copy.edit("baton.yaml", "lock: requirements.lock", "lock: uv.lock");
    await copy.edit("baton.lock", '"path":"requirements.lock"', '"path":"uv.lock"');
  }),
  unlocked("baton.lock is not there", "digests.missing", (copy) => copy.remove("baton.lock")),
  unlocked("a merge conflict in baton.lock", "digests.unreadable", (copy) =>
    copy.write("baton.lock", "<<<<<<< ours\n{}\n"),
  ),
  unlocked("a changed model under an old lock", "digests.stale", (copy) =>
    copy.bytes("model/flight_delay.onnx", "flight-delay/train.py", "flight-delay/treat.py"),
  ),
  unlocked("changed training data under an old lock", "digests.stale", (copy) =>
    copy.rows("data/training.parquet", "SELECT * FROM old ORDER BY flight_id"),
  ),
  inFile(
    "baton.lock",
    "a lock of another version",
    "digests.unreadable",
    '"format_version":1',
    '"format_version":2',
  ),
  unlocked("the profile is not there", "profile.missing", (copy) => copy.remove("profile.json")),
  unlocked("a profile that is cut", "profile.unreadable", async (copy) => {
    await copy.write("profile.json", (await copy.text("profile.json")).slice(0, 500));
  }),
  unlocked("a profile of other data", "profile.stale", (copy) =>
    onProfile(copy, ({ reads }) => {
      reads["data:data/training.parquet"] = "0".repeat(64);
    }),
  ),
  unlocked("a profile without a feature", "profile.features", (copy) =>
    onProfile(copy, ({ features }) => {
      features.cells.columns.pop();
    }),
  ),
  unlocked("a profile of another type", "profile.features", (copy) =>
    onProfile(copy, ({ features }) => {
      features.cells.columns[0] = { ...features.cells.columns[0], type: "int64" };
    }),
  ),
  unlocked("no story", "story.missing", async (copy) => {
    for (const name of ["no-leakage", "onnx-and-original", "quality"])
      await copy.write(`story/${name}.md`, "\n");
  }),
  unlocked("a chapter to be written", "prose.placeholder", async (copy) => {
    await copy.write("story/quality.md", `${await copy.text("story/quality.md")}\nTODO: the slices\n`);
  }),
  people("people who are no YAML", "people.unreadable", () => "people: [\n"),
  people("people of another form", "people.malformed", () => "persons: []\n"),
  people("a role that nobody holds", "people.role-vacant", () =>
    peopleText([["lab", publicKey(), "builds"]]),
  ),
  people("one key for two", "people.duplicate-key", () => {
    const key = publicKey();
    return peopleText([
      ["lab", key, "builds"],
      ["ops", key, "runs"],
      ["foe", publicKey(), "builds, runs"],
    ]);
  }),
  people("a key that is none", "people.key-unusable", () =>
    peopleText([
      ["lab", "not a key", "builds"],
      ["foe", publicKey(), "builds, runs"],
    ]),
  ),
];

async function onLock(copy: HandOffCopy, from: RegExp, to: string): Promise<void> {
  const before = await copy.text(lock);
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${from} does not stand in the lock`);
  await copy.write(lock, after);
}

interface ProfileText {
  reads: Record<string, string>;
  features: { cells: { columns: Record<string, unknown>[] } };
}

async function onProfile(copy: HandOffCopy, change: (profile: ProfileText) => void): Promise<void> {
  const profile = JSON.parse(await copy.text("profile.json")) as ProfileText;
  change(profile);
  await copy.write("profile.json", JSON.stringify(profile));
}

function people(name: string, code: string, text: () => string): Mutation {
  return unlocked(name, code, (copy) => copy.write(".baton/people.yaml", text()));
}

function publicKey(): string {
  const { publicKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return key.export({ type: "spki", format: "pem" }).toString();
}

function peopleText(people: readonly (readonly [id: string, key: string, roles: string])[]): string {
  const one = ([id, key, roles]: (typeof people)[number]) =>
    `  - id: ${id}\n    roles: [${roles}]\n    keys:\n      - public: ${JSON.stringify(key)}\n`;
  return `people:\n${people.map(one).join("")}`;
}
