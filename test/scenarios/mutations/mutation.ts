import type { HandOffCopy } from "../../support/hand-off-copy.ts";

/** One defect in a hand-off that has none, and every code that `baton check` may then give. */
export interface Mutation {
  readonly name: string;
  readonly codes: readonly string[];
  mutate(copy: HandOffCopy): Promise<void>;
}

/** A change of one text in `baton.yaml`. */
export function inContract(
  name: string,
  codes: string | readonly string[],
  from: string,
  to: string,
): Mutation {
  return inFile("baton.yaml", name, codes, from, to);
}

/** A change of one text in a file. */
export function inFile(
  file: string,
  name: string,
  codes: string | readonly string[],
  from: string,
  to: string,
): Mutation {
  return { name, codes: [codes].flat(), mutate: (copy) => copy.edit(file, from, to) };
}

/** A change of rows of a Parquet file, after which digests are brought up to date: the defect is in the rows alone. */
export function inRows(
  file: string,
  name: string,
  codes: string | readonly string[],
  query: string,
): Mutation {
  return {
    name,
    codes: [codes].flat(),
    async mutate(copy) {
      await copy.rows(file, query);
      await copy.relock();
    },
  };
}

/** Any change, after which digests are brought up to date. */
export function relocked(
  name: string,
  codes: string | readonly string[],
  change: (copy: HandOffCopy) => Promise<void>,
): Mutation {
  return {
    name,
    codes: [codes].flat(),
    async mutate(copy) {
      await change(copy);
      await copy.relock();
    },
  };
}

/** Any change, after which nobody brought the digests up to date. */
export function unlocked(
  name: string,
  codes: string | readonly string[],
  mutate: (copy: HandOffCopy) => Promise<void>,
): Mutation {
  return { name, codes: [codes].flat(), mutate };
}
