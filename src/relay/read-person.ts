import { createPublicKey, type KeyObject } from "node:crypto";
import { type Finding, keyIdOf } from "../kernel/index.ts";
import { dayOrInstantOf } from "./instant.ts";
import { type Person, type PersonKey, personRoles } from "./people.ts";
import { peopleFinding } from "./people-findings.ts";
import type { WrittenPerson } from "./people-schema.ts";
import { holdsPrivateKey, type PeopleSource, pathText } from "./people-source.ts";

const onePublicKey = /^\s*-----BEGIN PUBLIC KEY-----\s+[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;
const roleForm = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** One person of the file; keys and roles that cannot be used are left out and reported. */
export function readPerson(
  written: WrittenPerson,
  index: number,
  source: PeopleSource,
  findings: Finding[],
): Person {
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
  source: PeopleSource,
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
  if (holdsPrivateKey(written.public)) return void report("people.private-key", "is a private key");
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

function isPersonRole(role: string): boolean {
  return (personRoles as readonly string[]).includes(role);
}
