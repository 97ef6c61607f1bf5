import { fewByHash } from "./first-by-hash.ts";

/** Names that are kept of a window, of either kind. */
const mostNames = 4;

/** Keeps the names of a few wrong predictions of a window, in memory that does not grow with its rows. */
export function wrongNames() {
  const kinds = [0, 1].map(() => fewByHash<{ readonly name: string; readonly row: number }>(mostNames));
  return {
    /** Takes the name of the wrong prediction in a row; those whose label was contradicted are kept apart. */
    add(row: number, name: string, contradicted: boolean): void {
      kinds[Number(contradicted)]!.add({ name, row });
    },
    /** Names by row. */
    names: (): ReadonlyMap<number, string> =>
      new Map(kinds.flatMap((few) => few.held().map(({ row, name }) => [row, name] as const))),
  };
}
