import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parsePeople } from "./parse-people.ts";
import { codes, keyId, keys, minute, pemOf, peopleText } from "./test-team.ts";

const read = (text: string, at?: string) => parsePeople(text, ".baton/people.yaml", at);
const person = (id: string, pem: string, more = "") =>
  `  - id: ${id}\n    roles: [builds]\n    keys:\n      - public: |\n          ${pem.trimEnd().split("\n").join("\n          ")}\n${more}`;

describe("a people file", () => {
  it("names the person behind a key, as what, for which model and when", () => {
    const { people, findings } = read(peopleText({ ops: "until: 2026-01-31" }), minute(0));
    expect(findings).toEqual([]);
    expect(people.find(keyId("lab"), minute(0))).toMatchObject({ person: "lab", roles: ["builds"] });
    expect(people.mayDo(keyId("lab"), "runs", "churn", minute(0))).toHaveProperty("refused");
    expect(people.find(keyId("ops"), "2026-01-31T23:59:59.000Z")).toHaveProperty("person");
    expect(people.find(keyId("ops"), "2026-02-01T00:00:00.000Z")).toHaveProperty("refused");
    expect(people.find(keyId("foe"), minute(0))).toHaveProperty("refused");
    expect(people.find(keyId("lab"), "yesterday")).toHaveProperty("refused");
    expect(people.holders("runs", "churn", minute(0)).map(({ id }) => id)).toEqual(["ops", "duo"]);
  });

  it("keeps a person to the models that are named", () => {
    const text = `people:\n${person("lab", pemOf("lab"), "    models: [churn]\n")}`;
    const { people } = read(text);
    expect(people.mayDo(keyId("lab"), "builds", "churn", minute(0))).not.toHaveProperty("refused");
    expect(people.mayDo(keyId("lab"), "builds", "fraud", minute(0))).toHaveProperty("refused");
  });

  it("counts a key from its first day on and not from its revocation on", () => {
    const { people } = read(peopleText({ lab: "from: 2026-01-02", ops: "revoked: 2026-01-02" }));
    expect(people.find(keyId("lab"), "2026-01-01T23:59:59.999Z")).toHaveProperty("refused");
    expect(people.find(keyId("lab"), "2026-01-02T00:00:00.000Z")).toHaveProperty("person");
    expect(people.find(keyId("ops"), "2026-01-01T23:59:59.999Z")).toHaveProperty("person");
    expect(people.find(keyId("ops"), "2026-01-02T00:00:00.000Z")).toHaveProperty("refused");
  });

  it("tells at a time which keys are old and which roles are vacant", () => {
    const old = { ops: "until: 2025-12-01", duo: "revoked: 2025-12-01" };
    expect(codes(read(peopleText(old), minute(0)))).toEqual([
      "people.key-expired",
      "people.key-revoked",
      "people.role-vacant",
    ]);
  });

  it("refuses a private key wherever it stands, uses nothing and does not print it", () => {
    const pem = keys.foe.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const sec1 = keys.foe.privateKey.export({ type: "sec1", format: "pem" }).toString();
    for (const secret of [pem, sec1, JSON.stringify(keys.foe.privateKey.export({ format: "jwk" }))]) {
      const { people, findings } = read(`${peopleText()}\n# ${secret.split("\n").join("\n# ")}\n`);
      expect(codes({ findings })).toEqual(["people.private-key"]);
      expect(people.persons).toEqual([]);
      expect(findings[0]?.line).toBeGreaterThan(10);
      const body = secret.split("\n")[1]?.slice(0, 30) ?? secret.slice(-40);
      expect(JSON.stringify(findings)).not.toContain(body);
    }
    const escaped = JSON.stringify(pem).replace("PRIVATE KEY", "PRIVATE\\x20KEY");
    const { findings } = read(`people:\n  - { id: foe, roles: [builds], keys: [{ public: ${escaped} }] }\n`);
    expect(codes({ findings })).toEqual(["people.private-key"]);
  });

  it("refuses keys that are not ECDSA P-256, and certificates", () => {
    const other = [
      generateKeyPairSync("ec", { namedCurve: "P-384" }),
      generateKeyPairSync("ed25519"),
      generateKeyPairSync("rsa", { modulusLength: 1024 }),
    ].map(({ publicKey }) => publicKey.export({ type: "spki", format: "pem" }).toString());
    const doubled = pemOf("lab") + pemOf("ops");
    for (const pem of [
      ...other,
      doubled,
      pemOf("lab").replaceAll("PUBLIC KEY", "CERTIFICATE"),
      "ssh-rsa AAAA",
    ])
      expect(codes(read(`people:\n${person("lab", pem)}`))).toEqual(["people.key-unusable"]);
  });

  it("lets a key that stands twice count for nobody", () => {
    const text = `people:\n${person("lab", pemOf("lab"))}${person("ops", pemOf("lab"))}`;
    const { people, findings } = read(text);
    expect(codes({ findings })).toEqual(["people.duplicate-key"]);
    expect(people.find(keyId("lab"), minute(0))).toHaveProperty("refused");
  });

  it("lets two persons of one name count for nobody", () => {
    const text = `people:\n${person("lab", pemOf("lab"))}${person("Lab", pemOf("ops"))}`;
    const { people, findings } = read(text);
    expect(codes({ findings })).toEqual(["people.duplicate-id"]);
    expect(people.persons).toEqual([]);
  });

  it("gives a service no role of a person", () => {
    const { people, findings } = read(`people:\n${person("bot", pemOf("bot"), "    service: true\n")}`);
    expect(codes({ findings })).toEqual(["people.service-with-roles"]);
    expect(people.mayDo(keyId("bot"), "builds", "churn", minute(0))).toHaveProperty("refused");
    expect(people.holders("service", "churn", minute(0))).toEqual([]);
  });

  it.each([
    ["a role with a capital", peopleText().replace("[builds]", "[Builds]"), "people.role-malformed"],
    ["no role", peopleText().replace("[builds]", "[]"), "people.malformed"],
    ["a misspelt field", peopleText({ lab: "revokd: 2026-01-01" }), "people.malformed"],
    ["a day that is none", peopleText({ lab: "revoked: 2026-02-30" }), "people.date-malformed"],
    ["a date in words", peopleText({ lab: "until: soon" }), "people.date-malformed"],
    [
      "an end before the beginning",
      peopleText({ lab: "until: 2025-01-01\n        from: 2026-01-01" }),
      "people.date-malformed",
    ],
    ["a number for an id", "people:\n  - { id: 7, roles: [runs], keys: [] }", "people.malformed"],
    [
      "an id with a control character",
      'people:\n  - { id: "a\\e[2J", roles: [runs], keys: [{public: x}] }',
      "people.malformed",
    ],
    ["nothing", "", "people.malformed"],
    ["a list", "- 1", "people.malformed"],
    ["broken YAML", "people: [", "people.unreadable"],
    ["two documents", "people: []\n---\npeople: []\n", "people.unreadable"],
    ["one key of a map twice", "people: []\npeople: []\n", "people.unreadable"],
    ["an alias", "people: &a [*a]", "people.unreadable"],
    ["a tag", "people: !!js/function 'x'", "people.unreadable"],
    ["a prototype", '{ "__proto__": { "people": [] } }', "people.malformed"],
    ["too much", `people: [] # ${"x".repeat(300_000)}`, "people.unreadable"],
    ["too deep", `people: ${"[".repeat(50_000)}`, "people.unreadable"],
  ])("finds %s", (_name, text, code) => {
    const { findings } = read(text);
    expect(codes({ findings })).toEqual([code]);
    for (const finding of findings) expect(finding.next.length).toBeGreaterThan(10);
  });

  it("says where", () => {
    const { findings } = read(peopleText({ lab: "revoked: never" }));
    expect(findings[0]).toMatchObject({ file: ".baton/people.yaml", line: 5, path: "people[0].keys[0]" });
  });
});
