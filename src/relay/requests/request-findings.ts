import { type FindingCatalogue, findingMaker } from "../../kernel/index.ts";

const where = ["builder", "acceptor"] as const;

/** Findings about requests for the next version. */
export const requestFindings = {
  "relay.already-requested": {
    title: "The next version is asked for already",
    what: "A request by the same trigger on the same content is open.",
    why: "One request stands until a version answers it; asking again adds nothing.",
    mend: "Nothing to do; `baton status` shows the request.",
    severity: "note",
    where,
  },
  "relay.nothing-to-follow": {
    title: "There is no accepted version to follow",
    what: "A request asks for the version after one that was accepted, and this content was not.",
    why: "Before a version is taken over there is an offer to return, not a next version to ask for.",
    mend: "Name the baton that runs; `baton return` answers an offer.",
    severity: "blocking",
    where,
  },
  "relay.closes-requests": {
    title: "This acceptance answers requests",
    what: "Requests for the version after an earlier one are open, and accepting this one closes them.",
    why: "Whoever asked sees by which version, and on which comparison, they were answered.",
    mend: "Nothing to do; read the comparison of both versions above the signature.",
    severity: "note",
    where,
  },
} satisfies FindingCatalogue;

/** Makes findings of {@link requestFindings}. */
export const requestFinding = findingMaker(requestFindings);
