import { createPublicKey, type KeyObject } from "node:crypto";
import { BatonError, keyIdOf } from "../kernel/index.ts";
import { authorityText, rolesFor } from "./authority.ts";
import { entryProblem, openEntry, type SignedEntry, signEntry } from "./entry.ts";
import type { RelayEntry } from "./entry-schema.ts";
import type { History } from "./history.ts";
import { instantOf, instantText } from "./instant.ts";
import type { People } from "./people.ts";

const clockToleranceMs = 10 * 60_000;

/** What the signer decides; parents, number and person come from the history and the key. */
export type EntryDraft = Omit<RelayEntry, "parents" | "sequence" | "person" | "role" | "at"> & {
  /** The role to sign in; the first in which the person may do this where absent. */
  readonly role?: string;
};

/** What {@link prepareEntry} needs. */
export interface PrepareInput {
  readonly history: History;
  readonly people: People;
  readonly draft: EntryDraft;
  readonly privateKey: KeyObject;
  /** RFC 3339, now. A clock that is a little behind the newest entry is moved up to it. */
  readonly at: string;
}

/**
 * Signs the next entry on top of all heads. It checks the key and the form; whether the step is right is for `mayOffer` and its siblings.
 * @throws BatonError `not-authorised` for a key that may not, `relay-refused` for a clock that is far behind, `usage` for a malformed draft
 */
export function prepareEntry({ history, people, draft, privateKey, at }: PrepareInput): SignedEntry {
  const parents = history.entries.filter(({ id }) => history.heads.includes(id));
  const signedAt = timeAfter(
    parents.map(({ entry }) => entry.at),
    at,
  );
  const { person, role } = signer(people, privateKey, draft, signedAt);
  const entry = dropAbsent<RelayEntry>({
    ...draft,
    parents: [...history.heads].sort(),
    sequence: 1 + Math.max(0, ...parents.map((parent) => parent.entry.sequence)),
    person,
    role,
    at: signedAt,
  });
  const problem = entryProblem(entry);
  const signed = signEntry(entry, privateKey);
  const opened = openEntry(signed.file);
  if (problem !== undefined || "problem" in opened)
    throw new BatonError(
      "usage",
      `The ${draft.action} ${problem ?? ("problem" in opened && opened.problem)}.`,
      {
        next: "Correct the options; `baton help` names what the command needs.",
      },
    );
  return signed;
}

function signer(people: People, privateKey: KeyObject, draft: EntryDraft, at: string) {
  const keyId = keyIdOf(createPublicKey(privateKey));
  const inForce = people.find(keyId, at);
  if ("refused" in inForce) throw notAuthorised(inForce.refused);
  const person = people.keyOf(keyId)?.person;
  const roles = person ? rolesFor(draft.action, person) : [];
  const role = draft.role ?? roles[0];
  if (role === undefined || !roles.includes(role))
    throw notAuthorised(
      `${inForce.person} may not ${draft.action}${role === undefined ? "" : ` as ${role}`}: that is for ${authorityText(draft.action)}`,
    );
  const right = people.mayDo(keyId, role, draft.model, at);
  if ("refused" in right) throw notAuthorised(right.refused);
  return { person: right.person.id, role };
}

function notAuthorised(why: string): BatonError {
  return new BatonError("not-authorised", `This key may not sign: ${why}.`, {
    next: "Add the key and role to .baton/people.yaml through review, or sign with another key (--key).",
  });
}

function timeAfter(parents: readonly string[], at: string): string {
  const now = instantOf(at);
  if (now === undefined)
    throw new BatonError("usage", `"${at.slice(0, 40)}" is not a time.`, {
      next: "Write it as 2026-01-31T12:00:00Z.",
    });
  const newest = Math.max(...parents.map((parent) => Date.parse(parent)), now);
  if (newest - now > clockToleranceMs)
    throw new BatonError(
      "relay-refused",
      `The clock says ${at}, and the newest entry is from ${instantText(newest)}.`,
      { next: "Set the clock of this machine, or ask its signer to set theirs." },
    );
  return instantText(newest);
}

function dropAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}
