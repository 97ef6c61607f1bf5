import { type FindingCatalogue, type FindingKind, findingMaker } from "../kernel/index.ts";

const everywhere = ["builder", "acceptor", "server"] as const;
const blocking = (kind: Omit<FindingKind, "severity" | "where">): FindingKind => ({
  ...kind,
  severity: "blocking",
  where: everywhere,
});
const milder = (
  severity: "warning" | "note",
  kind: Omit<FindingKind, "severity" | "where">,
): FindingKind => ({
  ...kind,
  severity,
  where: everywhere,
});

/** Findings about `.baton/people.yaml`. */
export const peopleFindings = {
  "people.unreadable": blocking({
    title: "The people file cannot be read",
    what: "The file is not YAML 1.2, holds anchors, aliases or tags, or is larger than 256 KiB.",
    why: "Who may sign must be readable by every tool and every reviewer in the same way; a file that is read in two ways lets somebody sign in one of them.",
    mend: "Write plain YAML: a list `people:` with `id`, `keys` and `roles`, without anchors, aliases and tags.",
  }),
  "people.malformed": blocking({
    title: "The people file does not have the expected form",
    what: "A key is unknown or missing, or a value has the wrong type.",
    why: "A misspelt `revoked` that is silently ignored would leave a lost key in force.",
    mend: "Correct the line; each person has `id`, `keys` (each with `public`) and `roles`, and may have `models` and `service`.",
  }),
  "people.private-key": blocking({
    title: "A private key stands in the people file",
    what: "The file holds a private key. It was not used, and it is not printed.",
    why: "Whoever can read the repository can now sign in that person's name.",
    mend: "Treat the key as stolen: make a new one with `baton key new`, put only its public half here, and delete the private key from the file and from the repository's history.",
  }),
  "people.key-unusable": blocking({
    title: "A key is not an ECDSA P-256 public key",
    what: "`public` is not one PEM block of a public key on the curve P-256.",
    why: "Relay entries and evidence are signed with ECDSA P-256; with any other key no signature could be checked.",
    mend: "Make a key with `baton key new` and paste its public half, from BEGIN PUBLIC KEY to END PUBLIC KEY.",
  }),
  "people.duplicate-key": blocking({
    title: "One key stands twice",
    what: "The same public key is listed more than once.",
    why: "A signature must name one person; a shared key hides who signed, and two people with one key are one person at sign-off. The key counts for nobody until this is mended.",
    mend: "Give each person their own key with `baton key new` and keep one listing.",
  }),
  "people.duplicate-id": blocking({
    title: "One id stands twice",
    what: "Two persons have the same id (upper and lower case are the same).",
    why: "Whether one person holds both roles is decided by the id. Neither counts until this is mended.",
    mend: "Merge the two entries or rename one; an id that has signed must keep its name.",
  }),
  "people.role-malformed": blocking({
    title: "A role is not written as a role",
    what: "A role is a lower-case word with hyphens: builds, runs, business, risk, on-call, or a team's own.",
    why: "A role that matches nothing silently gives no right.",
    mend: "Write the role in lower case with hyphens, as it stands under `owners` in the contract.",
  }),
  "people.service-with-roles": blocking({
    title: "A service key holds a person's role",
    what: "An entry with `service: true` lists builds, runs, business, risk or on-call.",
    why: "A program may observe and request. Offers, acceptances and deployments are answered for by a person.",
    mend: "Remove those roles from the service, or remove `service: true` if a person holds the key.",
  }),
  "people.date-malformed": blocking({
    title: "A date is not a date",
    what: "`from`, `until` and `revoked` are days (2026-01-31) or instants (2026-01-31T12:00:00Z), and `from` is not after `until`.",
    why: "An unreadable revocation would leave the key in force. The key does not count until this is mended.",
    mend: "Write the day as YYYY-MM-DD.",
  }),
  "people.key-expired": milder("warning", {
    title: "A key has expired",
    what: "The key's `until` has passed. What it signed before still counts.",
    why: "Its owner cannot sign any more and may not know it yet.",
    mend: "Make a new key with `baton key new` and add it beside the old one; leave the old one so that its past entries can be checked.",
  }),
  "people.key-revoked": milder("note", {
    title: "A key is revoked",
    what: "The key is marked `revoked`. Its entries before that day count only where somebody else's entry stands on them or this machine had seen them.",
    why: "Whoever stole a key can write any date into an entry.",
    mend: "Nothing to do; an entry that no longer counts is named by `baton log`.",
  }),
  "people.role-vacant": milder("warning", {
    title: "Nobody holds a role that every hand-over needs",
    what: "No key in force holds `builds`, or none holds `runs`.",
    why: "Without one nothing can be offered, without the other nothing can be accepted.",
    mend: "Add a person with this role and a public key from `baton key new`.",
  }),
} satisfies FindingCatalogue;

/** Makes findings of {@link peopleFindings}. */
export const peopleFinding = findingMaker(peopleFindings);
