import type { Contract } from "./contract.ts";

/**
 * True where there is no model yet and answers are made up, and marked so. A contract that says `sketch` and names a model
 * is no exception from anything: the level stands in the baton, and whoever alters a baton can write it.
 */
export function isMadeUp({ level, run }: Pick<Contract, "level" | "run">): boolean {
  return level === "sketch" && run === undefined;
}
