import type { Place } from "../../../kernel/index.ts";

/** What stands in the contract and the model is at hand everywhere. */
export const everywhere: readonly Place[] = ["builder", "acceptor", "server"];
/** What is in the baton, and read by both teams before they sign. */
export const bothTeams: readonly Place[] = ["builder", "acceptor"];
/** Training data never leaves the builder. */
export const builderOnly: readonly Place[] = ["builder"];
