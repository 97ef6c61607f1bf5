import { createPublicKey, type KeyObject } from "node:crypto";
import { type Document, LineCounter, parseDocument } from "yaml";
import { type Finding, keyIdOf, messageOf, type Position } from "../kernel/index.ts";
import { dayOrInstantOf } from "./instant.ts";
import { nobody, type People, type Person, type PersonKey, peopleOf, personRoles } from "./people.ts";
import { peopleFinding } from "./people-findings.ts";
import { validatePeople, type WrittenPeople, type WrittenPerson } from "./people-schema.ts";

const largestFile = 256 * 1024;
const mostFaults = 20;
const tooDeep = /(?:[[{]\s*){20}/;
const privateKey = /-----BEGIN[A-Z0-9 ]*PRIVATE[ _]KEY|"d"\s*:\s*"[A-Za-z0-9_-]{40,}"/i;
const onePublicKey = /^\s*-----BEGIN PUBLIC KEY-----\s+[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;
const roleForm = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** A people file that was read; with blocking findings the persons concerned do not count, or nobody does. */
export interface ReadPeople {
  readonly people: People;
  readonly findings: readonly Finding[];
}

interface Source {
  readonly written: WrittenPeople;
  readonly at: (path: readonly (string | number)[]) => Position;
}

/** Reads `.baton/people.yaml`. With a time (RFC 3339) it also tells what is expired, revoked or vacant then. */
export function parsePeople(text: string, file: string, at?: string): ReadPeople {
  const refused = refuseText(text, file);
  if (refused) return { people: nobody, findings: [refused] };
  const source = readSource(text, file);
  if (Array.isArray(source)) return { people: nobody, findings: source };
  const findings: Finding[] = [...duplicateIds(source)];
  const persons = source.written.people.map((person, index) => readPerson(person, index, source, findings));
  findings.push(...duplicateKeys(persons, source));
  const people = peopleOf(withoutDuplicateIds(persons));
  if (at !== undefined) findings.push(...ageFindings(persons, source, at), ...vacancies(people, file, at));
  return { people, findings };
}

function refuseText(text: string, file: string): Finding | undefined {
  if (text.length > largestFile)
    return peopleFinding("people.unreadable", { file, message: `${file} is larger than 256 KiB.` });
  if (tooDeep.test(text))
    return peopleFinding("people.unreadable", { file, message: `${file} is nested too deeply.` });
  const secret = privateKey.exec(text);
  if (!secret) return undefined;
  return peopleFinding("people.private-key", {
    file,
    line: text.slice(0, secret.index).split("\n").length,
    message: `${file} holds a private key; nothing in the file is used.`,
  });
}

function readSource(text: string, file: string): Source | Finding[] {
  const lines = new LineCounter();
  const unreadable = (problem: string, place: Position = {}) => [
    peopleFinding("people.unreadable", { file, ...place, message: `${file} cannot be read: ${problem}` }),
  ];
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" });
    const fault = document.errors[0] ?? document.warnings[0];
    if (fault) return unreadable(sentence(fault.message), lineOf(lines, fault.pos[0]));
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    const at = (path: readonly (string | number)[]) => ({ file, ...positionIn(document, lines, path) });
    return validatePeople(value) ? { written: value, at } : schemaFindings(value, at);
  } catch (thrown) {
    return unreadable(sentence(messageOf(thrown)));
  }
}

function schemaFindings(value: unknown, at: Source["at"]): Finding[] {
  if (containsPrivateKey(value))
    return [peopleFinding("people.private-key", { ...at([]), message: "A private key stands in the file." })];
  return (validatePeople.errors ?? []).slice(0, mostFaults).map((error) => {
    const path = error.instancePath
      .split("/")
      .slice(1)
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll("~1", "/").replaceAll("~0", "~")));
    const extra = String(error.params.additionalProperty ?? "");
    return peopleFinding("people.malformed", {
      ...at(extra ? [...path, extra] : path),
      path: pathText(path),
      message: `${pathText(path) || "The file"} ${error.message}${extra ? `: "${extra.slice(0, 64)}"` : ""}.`,
    });
  });
}

function containsPrivateKey(value: unknown): boolean {
  return privateKey.test(JSON.stringify(value) ?? "");
}

function readPerson(written: WrittenPerson, index: number, source: Source, findings: Finding[]): Person {
  const roles = written.roles.filter((role, at) => {
    if (roleForm.test(role)) return true;
    findings.push(
      peopleFinding("people.role-malformed", {
        ...source.at(["people", index, "roles", at]),
        path: `people[${index}].roles[${at}]`,
        message: `${written.id} has a role that is not a lower-case word with hyphens.`,
      }),
    );
    return false;
  });
  const service = written.service === true;
  const tooMuch = service ? roles.filter((role) => isPersonRole(role)) : [];
  if (tooMuch.length > 0)
    findings.push(
      peopleFinding("people.service-with-roles", {
        ...source.at(["people", index, "roles"]),
        path: `people[${index}].roles`,
        message: `The service ${written.id} holds ${tooMuch.join(", ")}, which only a person may.`,
      }),
    );
  if (!service && written.roles.length === 0)
    findings.push(
      peopleFinding("people.malformed", {
        ...source.at(["people", index, "roles"]),
        path: `people[${index}].roles`,
        message: `${written.id} holds no role and could sign nothing.`,
      }),
    );
  const keys = written.keys.flatMap((_, at) => readKey(written, index, at, source, findings) ?? []);
  const own = roles.filter((role) => !tooMuch.includes(role));
  const held = service && own.length === 0 ? ["service"] : own;
  return { id: written.id, keys, roles: held, models: written.models ?? ["*"], service };
}

function readKey(
  person: WrittenPerson,
  index: number,
  keyIndex: number,
  source: Source,
  findings: Finding[],
): PersonKey | undefined {
  const written = person.keys[keyIndex];
  if (!written) return undefined;
  const path = ["people", index, "keys", keyIndex] as const;
  const report = (
    code: "people.private-key" | "people.key-unusable" | "people.date-malformed",
    what: string,
  ) => {
    const field = code === "people.date-malformed" ? [] : ["public"];
    findings.push(
      peopleFinding(code, {
        ...source.at([...path, ...field]),
        path: pathText([...path, ...field]),
        message: `Key ${keyIndex + 1} of ${person.id} ${what}.`,
      }),
    );
  };
  if (privateKey.test(written.public)) return void report("people.private-key", "is a private key");
  const publicKey = p256(written.public);
  if (!publicKey) return void report("people.key-unusable", "is not an ECDSA P-256 public key in PEM");
  const from = written.from === undefined ? undefined : dayOrInstantOf(written.from, "start");
  const until = written.until === undefined ? undefined : dayOrInstantOf(written.until, "end");
  const revoked = written.revoked === undefined ? undefined : dayOrInstantOf(written.revoked, "start");
  const unread = (["from", "until", "revoked"] as const).filter(
    (name) => written[name] !== undefined && { from, until, revoked }[name] === undefined,
  );
  if (unread.length > 0)
    return void report("people.date-malformed", `has a ${unread.join(" and ")} that is not a date`);
  if (from !== undefined && until !== undefined && from > until)
    return void report("people.date-malformed", "begins after it ends");
  const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  return { keyId: keyIdOf(publicKey), publicKeyPem, publicKey, from, until, revoked } as PersonKey;
}

function p256(pem: string): KeyObject | undefined {
  if (!onePublicKey.test(pem)) return undefined;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1"
      ? key
      : undefined;
  } catch {
    return undefined;
  }
}

function duplicateIds(source: Source): Finding[] {
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

function withoutDuplicateIds(persons: readonly Person[]): Person[] {
  const key = (person: Person) => person.id.toLowerCase();
  return persons.filter((person) => persons.filter((other) => key(other) === key(person)).length === 1);
}

function duplicateKeys(persons: readonly Person[], source: Source): Finding[] {
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

function ageFindings(persons: readonly Person[], source: Source, at: string): Finding[] {
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

function vacancies(people: People, file: string, at: string): Finding[] {
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

function isPersonRole(role: string): boolean {
  return (personRoles as readonly string[]).includes(role);
}

function positionIn(document: Document, lines: LineCounter, path: readonly (string | number)[]): Position {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (node && typeof node === "object" && "range" in node && Array.isArray(node.range))
      return lineOf(lines, Number(node.range[0]));
  }
  return {};
}

function lineOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : i ? `.${part}` : part)).join("");
}

function sentence(text: string): string {
  const line = text.split("\n", 1)[0]?.slice(0, 160) ?? "";
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
