import { type FindingCatalogue, findingMaker } from "../../../kernel/index.ts";

/** What can go wrong between a pipeline and its host. */
export const ciFindings = {
  "ci.not-posted": {
    title: "Something could not be posted",
    what: "The API of GitHub or GitLab refused it, or gave no reply after three attempts.",
    why: "The verdict does not depend on it: the exit code is that of the gates.",
    mend: "Look at the permissions of the pipeline's token (docs/operations/ci.md), and run the job again.",
    severity: "warning",
    where: ["builder"],
  },
  "ci.nothing-posted": {
    title: "Nothing was posted",
    what: "There is no token, or this is the pipeline of a fork, or no pipeline at all.",
    why: "What would have been posted is printed in its place; the exit code is that of the gates.",
    mend: "Give the job a token and the permissions that docs/operations/ci.md names. For forks there is nothing to do.",
    severity: "note",
    where: ["builder"],
  },
} as const satisfies FindingCatalogue;

/** Makes findings of {@link ciFindings}. */
export const ciFinding = findingMaker(ciFindings);
