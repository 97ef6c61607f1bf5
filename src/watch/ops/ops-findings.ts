import { type FindingCatalogue, findingMaker } from "../../kernel/index.ts";

const where = ["acceptor", "server"] as const;

/** What can be wrong with `ops/ENV.yaml`. */
export const opsFindings = {
  "ops.unreadable": {
    title: "The file of the environment cannot be read",
    what: "ops/ENV.yaml is not YAML, is too large, or is nested too deeply.",
    why: "Nobody is told by settings that nobody can read.",
    mend: "Correct the line; docs/operations/triggers.md has an example.",
    severity: "blocking",
    where,
  },
  "ops.malformed": {
    title: "A setting of the environment is not known",
    what: "A key or value in ops/ENV.yaml is none that baton reads.",
    why: "A misspelt alert would tell nobody, and nobody would notice.",
    mend: "Correct it; the editor completes keys by schema/baton-ops-1.schema.json.",
    severity: "blocking",
    where,
  },
  "ops.literal-secret": {
    title: "A secret is written into the file",
    what: "A secret or token is given as text, or an address holds a user name or password.",
    why: "What stands in git is known to everybody who can read the repository, for good.",
    mend: "Write { env: NAME }, set that variable where baton runs, and change the secret: it is known now.",
    severity: "blocking",
    where,
  },
  "ops.address": {
    title: "An address cannot be used",
    what: "It is not an https URL, or http to this machine.",
    why: "A notice names models and rows; it does not go over an open line.",
    mend: "Write an https:// address.",
    severity: "blocking",
    where,
  },
} satisfies FindingCatalogue;

/** Makes findings of {@link opsFindings}. */
export const opsFinding = findingMaker(opsFindings);
