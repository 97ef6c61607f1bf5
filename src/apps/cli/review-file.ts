import { basename, dirname, join, resolve } from "node:path";
import { createFileAtomic, openFolder, readBytes } from "../../adapters/folder/index.ts";
import { BatonError, shortDigest } from "../../kernel/index.ts";
import type { RelayState } from "../../relay/index.ts";
import {
  type MaterialHead,
  type ReviewMaterial,
  readMaterial,
  reviewPage,
  sealMaterial,
} from "../../watch/index.ts";
import type { ReadyHandoff } from "./handoff.ts";
import type { Session } from "./session.ts";

const nameForm = /^(\d{4})-\d{4}-\d{2}-\d{2}$/;
/** Largest material or page that is read, in bytes. */
export const largestMaterial = 16 * 1024 * 1024;

/** A material that was written. */
export interface WrittenMaterial {
  /** Name without ending. */
  readonly name: string;
  /** Absolute path of the page. */
  readonly page: string;
  readonly digest: string;
}

/** Writes `reviews/NNNN-DATE.json` and its page under the next number: nothing that is there is ever written over. */
export async function writeMaterial(
  handoff: ReadyHandoff,
  state: RelayState,
  material: ReviewMaterial,
): Promise<WrittenMaterial> {
  const folder = join(handoff.home, "reviews");
  const names = [...(await listNames(folder)), ...state.reviews.map(({ file }) => file)];
  const number = 1 + Math.max(0, ...names.map((name) => Number(nameForm.exec(name)?.[1] ?? 0)));
  const name = `${String(number).padStart(4, "0")}-${material.collected.slice(0, 10)}`;
  const page = reviewPage(material);
  const { json, digest } = sealMaterial(material, page);
  await createFileAtomic(join(folder, `${name}.json`), Buffer.from(json));
  await createFileAtomic(join(folder, `${name}.md`), Buffer.from(page));
  return { name, page: join(folder, `${name}.md`), digest };
}

/** A material that is to be signed, with its name. */
export interface ReadMaterial extends MaterialHead {
  readonly name: string;
}

/** Reads it back and makes sure that it is whole, and about this content. @throws BatonError `relay-refused` */
export async function openMaterial(
  session: Session,
  handoff: ReadyHandoff,
  shown: string,
): Promise<ReadMaterial> {
  const path = resolve(session.cwd, shown);
  const name = basename(path).replace(/\.(json|md)$/, "");
  if (!nameForm.test(name))
    throw new BatonError("usage", `${shown} is not named like the material of a review.`, {
      next: "Name a file that baton review wrote: reviews/0001-2026-12-01.md",
    });
  const file = (ending: string) => join(dirname(path), `${name}.${ending}`);
  const read = async (ending: string) =>
    Buffer.from(await readBytes(file(ending), { maxBytes: largestMaterial })).toString("utf8");
  const json = await read("json");
  const page = await read("md").catch((thrown: unknown) => {
    if (thrown instanceof BatonError && thrown.code === "file-missing") return undefined;
    throw thrown;
  });
  const head = readMaterial(json, page);
  const refuse = (why: string, next: string) => new BatonError("relay-refused", why, { file: shown, next });
  if ("problem" in head)
    throw refuse(
      `${name} ${head.problem}. Nothing was signed.`,
      "Fetch it again (git checkout), or collect anew with baton review.",
    );
  const { model, digest, contract } = {
    model: head.model,
    digest: handoff.digest,
    contract: handoff.contract,
  };
  if (head.content !== digest || model !== contract.model.name || head.version !== contract.model.version)
    throw refuse(
      `${name} is about ${model} ${head.version} (${shortDigest(head.content)}), and ${handoff.shown} is ${contract.model.name} ${contract.model.version} (${shortDigest(digest)}). Nothing was signed.`,
      "Give --baton the baton that was reviewed.",
    );
  return { ...head, name };
}

async function listNames(path: string): Promise<string[]> {
  try {
    const folder = await openFolder(path);
    return (await folder.list()).map((name) => name.replace(/\.(json|md)$/, ""));
  } catch (thrown) {
    if (thrown instanceof BatonError && thrown.code === "file-missing") return [];
    throw thrown;
  }
}
