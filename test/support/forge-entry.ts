import { createPrivateKey } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type OpenedEntry, openEntry, signEntry } from "../../src/relay/entry.ts";
import type { RelayEntry } from "../../src/relay/entry-schema.ts";

/** What a forger wants an entry to say; what is not said is as it should be on top of the folder. */
export type Forgery = Partial<RelayEntry> & Pick<RelayEntry, "action" | "person" | "role">;

/** Signs an entry that `baton` would not sign, on top of a relay folder, and writes it there. Gives its file name. */
export async function forgeEntry(folder: string, keyFile: string, said: Forgery): Promise<string> {
  const entries = await entriesIn(folder);
  const top = entries.at(-1);
  const { model = "", version = "", contentDigest = "" } = entries[0]?.entry ?? {};
  const { file } = signEntry(
    {
      ...{ model, version, contentDigest },
      parents: top ? [top.id] : [],
      sequence: 1 + (top?.entry.sequence ?? 0),
      at: new Date().toISOString(),
      ...said,
    },
    createPrivateKey(await readFile(keyFile, "utf8")),
  );
  await writeFile(join(folder, file.name), file.bytes);
  return file.name;
}

/** Entries of a relay that was never forked, oldest first. */
async function entriesIn(folder: string): Promise<OpenedEntry[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => {
      const opened = openEntry({ name, bytes: await readFile(join(folder, name)) });
      if ("problem" in opened) throw new Error(`${name} ${opened.problem}`);
      return opened;
    }),
  );
}
