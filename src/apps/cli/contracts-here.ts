import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readBytes } from "../../adapters/folder/index.ts";
import { type Contract, contractFile, parseContract } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { readBaton } from "../../seal/index.ts";

/**
 * Contracts by content digest, out of the `.baton` files that lie in a folder, as far as these digests are wanted. A file
 * that is no baton, or holds other content, says nothing here: `baton verify` is who says what is wrong with it.
 */
export async function contractsHere(
  folder: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Contract>> {
  const found = new Map<string, Contract>();
  if (wanted.size === 0) return found;
  for (const name of await batonNames(folder)) {
    if ([...wanted].every((digest) => found.has(digest))) break;
    const read = await contractIn(join(folder, name)).catch(unreadable);
    if (read && wanted.has(read.digest)) found.set(read.digest, read.contract);
  }
  return found;
}

/** Newest version first, as far as names tell: that is the one that runs. */
async function batonNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".baton"));
  return names
    .map(({ name }) => name)
    .sort()
    .reverse();
}

async function contractIn(file: string): Promise<{ digest: string; contract: Contract } | undefined> {
  const { content, digest } = readBaton(await readBytes(file, { maxBytes: 4 * 1024 ** 3 }));
  const textOf = (path: string): string | undefined => {
    const bytes = content.get(path);
    return bytes && Buffer.from(bytes).toString("utf8");
  };
  const { contract } = parseContract({
    text: textOf(contractFile) ?? "",
    file: contractFile,
    readTable: textOf,
  });
  return contract && { digest, contract };
}

function unreadable(thrown: unknown): undefined {
  if (!(thrown instanceof BatonError)) throw thrown;
}
