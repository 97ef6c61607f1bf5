import { type FindingCatalogue, findingMaker } from "../../kernel/index.ts";

/** Findings about records of a watch. */
export const observationFindings = {
  "relay.nothing-to-watch": {
    title: "There is no accepted version to watch",
    what: "A record of a watch says how the clauses of an accepted version stand, and this content was not accepted.",
    why: "What nobody has taken over is nobody's to watch; a record of it would stand before every decision.",
    mend: "Name the baton that runs; `baton accept` takes one over.",
    severity: "blocking",
    where: ["builder", "acceptor"],
  },
} satisfies FindingCatalogue;

/** Makes findings of {@link observationFindings}. */
export const observationFinding = findingMaker(observationFindings);
