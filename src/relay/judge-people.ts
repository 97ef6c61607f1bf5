import type { Finding } from "../kernel/index.ts";
import type { People, Person } from "./people.ts";
import { peopleFinding } from "./people-findings.ts";
import type { PeopleSource } from "./people-source.ts";

/** Ids that stand twice. */
export function duplicateIds(source: PeopleSource): Finding[] {
  return source.written.people.flatMap(({ id }, index) => {
    const first = source.written.people.findIndex((other) => other.id.toLowerCase() === id.toLowerCase());
    if (first === index) return [];
    const message = `The id ${id} stands twice, as person ${first + 1} and ${index + 1}.`;
    return [
      peopleFinding("people.duplicate-id", {
        ...source.at(["people", index, "id"]),
        path: `people[${index}].id`,
        message,
      }),
    ];
  });
}

/** Persons whose id stands once. */
export function withoutDuplicateIds(persons: readonly Person[]): Person[] {
  const key = (person: Person) => person.id.toLowerCase();
  return persons.filter((person) => persons.filter((other) => key(other) === key(person)).length === 1);
}

/** Keys that stand twice. */
export function duplicateKeys(persons: readonly Person[], source: PeopleSource): Finding[] {
  const holders = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { person, key, index } of heldKeys(persons)) {
    const other = holders.get(key.keyId);
    holders.set(key.keyId, person.id);
    if (other === undefined) continue;
    const who = other === person.id ? `twice under ${other}` : `under ${other} and ${person.id}`;
    findings.push(
      peopleFinding("people.duplicate-key", {
        ...source.at(["people", index]),
        path: `people[${index}].keys`,
        message: `The key ${key.keyId.slice(0, 12)} stands ${who}.`,
      }),
    );
  }
  return findings;
}

/** Keys that are revoked, or expired at a time (RFC 3339). */
export function ageFindings(persons: readonly Person[], source: PeopleSource, at: string): Finding[] {
  const now = Date.parse(at);
  return heldKeys(persons).flatMap(({ person, key, index }) => {
    const place = { ...source.at(["people", index]), path: `people[${index}].keys` };
    const name = `The key ${key.keyId.slice(0, 12)} of ${person.id}`;
    if (key.revoked !== undefined)
      return [peopleFinding("people.key-revoked", { ...place, message: `${name} is revoked.` })];
    if (key.until !== undefined && now > key.until)
      return [peopleFinding("people.key-expired", { ...place, message: `${name} has expired.` })];
    return [];
  });
}

/** Roles of every hand-over that nobody with a key in force holds. */
export function vacancies(people: People, file: string, at: string): Finding[] {
  const holds = (role: string) =>
    people.persons.some(
      (person) =>
        !person.service &&
        person.roles.includes(role) &&
        person.keys.some((key) => !("refused" in people.find(key.keyId, at))),
    );
  return ["builds", "runs"]
    .filter((role) => !holds(role))
    .map((role) =>
      peopleFinding("people.role-vacant", {
        file,
        path: "people",
        expected: role,
        message: `Nobody with a key in force holds the role ${role}.`,
      }),
    );
}

function heldKeys(persons: readonly Person[]) {
  return persons.flatMap((person, index) => person.keys.map((key) => ({ person, key, index })));
}
