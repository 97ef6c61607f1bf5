import type { KeyObject } from "node:crypto";
import type { Signers } from "../evidence/index.ts";

/** The roles that Baton knows by name; a team may add its own. */
export const personRoles = ["builds", "runs", "business", "risk", "on-call"] as const;

/** One public key of a person. Times are milliseconds since 1970; `until` is the last at which it may sign. */
export interface PersonKey {
  /** SHA-256 of the PEM text. */
  readonly keyId: string;
  readonly publicKeyPem: string;
  readonly publicKey: KeyObject;
  readonly from?: number;
  readonly until?: number;
  /** From here on nothing counts; entries before it need a witness (docs/decisions/0003). */
  readonly revoked?: number;
}

/** Somebody who may sign, or a service that may observe. */
export interface Person {
  readonly id: string;
  readonly keys: readonly PersonKey[];
  readonly roles: readonly string[];
  /** Names of models, or `*` for all. */
  readonly models: readonly string[];
  readonly service: boolean;
}

/** A right, or the reason why there is none. */
export type Right = { readonly person: Person; readonly key: PersonKey } | { readonly refused: string };

/** Who may sign as what: `.baton/people.yaml`, never what a baton says. */
export interface People extends Signers {
  readonly persons: readonly Person[];
  /** The person and key behind a key id, whether or not the key is in force. */
  keyOf(keyId: string): { readonly person: Person; readonly key: PersonKey } | undefined;
  /** May this key sign in this role for this model at this time (RFC 3339)? */
  mayDo(keyId: string, role: string, model: string, at: string): Right;
  /** Persons (no services) with a key in force who hold the role for the model at this time. */
  holders(role: string, model: string, at: string): readonly Person[];
}

/** People from checked persons; a key that two of them hold belongs to nobody. */
export function peopleOf(persons: readonly Person[]): People {
  const byKey = indexKeys(persons);
  const keyOf = (keyId: string) => byKey.get(keyId);
  const inForce = (keyId: string, at: string): Right => {
    const known = keyOf(keyId);
    if (!known) return { refused: `the key ${keyId.slice(0, 12)} is nobody's in the people file` };
    const refused = refusalAt(known.key, at);
    return refused ? { refused: `the key of ${known.person.id} ${refused}` } : known;
  };
  const mayDo = (keyId: string, role: string, model: string, at: string): Right => {
    const right = inForce(keyId, at);
    if ("refused" in right) return right;
    const refused = refusalOf(right.person, role, model);
    return refused ? { refused } : right;
  };
  return {
    persons,
    keyOf,
    mayDo,
    find(keyId, at) {
      const right = inForce(keyId, at);
      if ("refused" in right) return right;
      const { person, key } = right;
      return { person: person.id, roles: person.roles, publicKeyPem: key.publicKeyPem };
    },
    holders: (role, model, at) =>
      persons.filter(
        (person) =>
          !person.service && person.keys.some((key) => !("refused" in mayDo(key.keyId, role, model, at))),
      ),
  };
}

/** Nobody: every signature is refused. */
export const nobody: People = peopleOf([]);

/** True for a person who may act on the model. */
export function knowsModel(person: Person, model: string): boolean {
  return person.models.includes("*") || person.models.includes(model);
}

function indexKeys(persons: readonly Person[]): ReadonlyMap<string, { person: Person; key: PersonKey }> {
  const all = persons.flatMap((person) => person.keys.map((key) => ({ person, key })));
  const count = new Map<string, number>();
  for (const { key } of all) count.set(key.keyId, (count.get(key.keyId) ?? 0) + 1);
  return new Map(all.filter(({ key }) => count.get(key.keyId) === 1).map((held) => [held.key.keyId, held]));
}

function refusalAt(key: PersonKey, at: string): string | undefined {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return "cannot be judged at a time that is none";
  if (key.revoked !== undefined && ms >= key.revoked) return `was revoked on ${day(key.revoked)}`;
  if (key.from !== undefined && ms < key.from) return `may sign from ${day(key.from)} on`;
  if (key.until !== undefined && ms > key.until) return `expired on ${day(key.until)}`;
  return undefined;
}

function refusalOf(person: Person, role: string, model: string): string | undefined {
  if (!knowsModel(person, model)) return `${person.id} may not sign for the model ${model}`;
  if (person.roles.includes(role)) return undefined;
  const held = person.roles.length > 0 ? person.roles.join(", ") : "no role";
  return `${person.id} does not hold the role ${role} (holds ${held})`;
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
