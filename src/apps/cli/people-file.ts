import { relative, resolve } from "node:path";
import { findUp, readBytes } from "../../adapters/folder/index.ts";
import type { Finding } from "../../kernel/index.ts";
import { nobody, type People, parsePeople } from "../../relay/index.ts";
import type { Session } from "./session.ts";

/** Option of every command that looks at signatures. */
export const peopleOption = [
  "--people <file>",
  "who may sign as what (or BATON_PEOPLE; otherwise .baton/people.yaml, here or above)",
] as const;

/** The people file that was found, judged. Without one nobody's signature counts. */
export interface FoundPeople {
  readonly people: People;
  readonly findings: readonly Finding[];
  /** As shown to people; absent where there is none. */
  readonly file?: string;
}

/** Reads the people file: named, or the nearest one above `home` or the current folder. Never from a baton. */
export async function findPeople(
  session: Session,
  option: string | undefined,
  home: string,
): Promise<FoundPeople> {
  const named = option ?? session.env.BATON_PEOPLE;
  const place = ".baton/people.yaml";
  const file = named
    ? resolve(session.cwd, named)
    : ((await findUp(home, place)) ?? (await findUp(session.cwd, place)));
  if (!file) return { people: nobody, findings: [] };
  const shown = relative(session.cwd, file) || file;
  const text = Buffer.from(await readBytes(file, { maxBytes: 4 * 1024 * 1024 })).toString("utf8");
  return { ...parsePeople(text, shown, session.now().toISOString()), file: shown };
}
