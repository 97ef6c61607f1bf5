import type { KeyObject } from "node:crypto";
import { resolve } from "node:path";
import { readBytes } from "../../adapters/folder/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { parsePrivateKey } from "../../seal/index.ts";
import type { Session } from "./session.ts";

/** Where a private key is looked for: `--key`, then BATON_KEY. */
export const keyOption = [
  "--key <file>",
  "private key that signs (or BATON_KEY); see baton key new",
] as const;

/** The private key that signs, or undefined where none is named. @throws BatonError when it is named and cannot be used */
export async function findSigningKey(
  session: Session,
  option: string | undefined,
): Promise<KeyObject | undefined> {
  const named = option ?? session.env.BATON_KEY;
  if (!named) return undefined;
  const file = resolve(session.cwd, named);
  const text = Buffer.from(await readBytes(file, { maxBytes: 64 * 1024 })).toString("utf8");
  return parsePrivateKey(text, { file: named, passphrase: session.env.BATON_KEY_PASSPHRASE });
}

/** Like {@link findSigningKey}, for commands that cannot do without. */
export async function signingKey(session: Session, option: string | undefined): Promise<KeyObject> {
  const key = await findSigningKey(session, option);
  if (key) return key;
  throw new BatonError("usage", "This needs a signature, and no key is named.", {
    next: "Give --key FILE or set BATON_KEY; baton key new makes a key.",
  });
}
