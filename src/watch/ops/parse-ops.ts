import type { ErrorObject } from "ajv/dist/2020.js";
import { type Document, LineCounter, parseDocument } from "yaml";
import { meantErrors } from "../../contract/index.ts";
import { blocks, type Finding, isTooDeep, messageOf, type Position } from "../../kernel/index.ts";
import { opsFinding } from "./ops-findings.ts";
import { validateOps, type WrittenOps } from "./ops-schema.ts";

const largestFile = 64 * 1024;
const mostFaults = 20;

/** Settings that can be used, or why not. */
export type ReadOps =
  | { readonly ops: WrittenOps; readonly findings: readonly Finding[] }
  | { readonly findings: readonly Finding[] };

type Path = readonly (string | number)[];

/** Reads `ops/ENV.yaml` strictly: unknown keys, secrets in the open and unusable addresses are findings with their line. */
export function parseOps(text: string, file: string, environment: string): ReadOps {
  const unreadable = (problem: string, place: Position = {}): ReadOps => ({
    findings: [
      opsFinding("ops.unreadable", { file, ...place, message: `${file} cannot be read: ${problem}.` }),
    ],
  });
  if (text.length > largestFile) return unreadable("it is larger than 64 KiB");
  if (isTooDeep(text)) return unreadable("it is nested too deeply");
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" });
    const fault = document.errors[0] ?? document.warnings[0];
    if (fault) return unreadable(firstLine(fault.message).replace(/\.$/, ""), lineAt(lines, fault.pos[0]));
    const at = (path: Path): Position => ({ file, ...positionIn(document, lines, path) });
    return judge(document.toJS({ maxAliasCount: 0 }), { at, environment });
  } catch (thrown) {
    return unreadable(firstLine(messageOf(thrown)));
  }
}

interface Source {
  readonly at: (path: Path) => Position;
  readonly environment: string;
}

/** Everything that is wrong, in the order of the file; one finding for one mistake. */
function judge(value: unknown, source: Source): ReadOps {
  const open = literalSecrets(value).map((path) => openSecret(path, source.at));
  const fits = validateOps(value);
  const all = [
    ...open,
    ...(fits ? [] : schemaFindings(value, source.at)),
    ...otherEnvironment(value, source),
    ...addressFindings(value, source.at),
  ];
  const findings = all
    .filter(({ path }, index) => all.findIndex((other) => other.path === path) === index)
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
    .slice(0, mostFaults);
  return !fits || blocks(findings) ? { findings } : { ops: value, findings };
}

function openSecret(path: Path, at: Source["at"]): Finding {
  const message = `${pathText(path)} holds a secret in the open.`;
  return opsFinding("ops.literal-secret", { ...at(path), path: pathText(path), message });
}

/** Paths of secrets that are text, and of addresses with a user or password in them. */
function literalSecrets(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string") {
    const key = path.at(-1);
    const url = /^https?:/i.test(value) && URL.canParse(value) ? new URL(value) : undefined;
    const isSecret = key === "secret" || key === "token";
    return isSecret || url?.username || url?.password ? [path] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    literalSecrets(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** What is read here was perhaps found to be malformed: nothing is taken for granted. */
function memberOf(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string | number, unknown>)[key]
    : undefined;
}

function otherEnvironment(value: unknown, { at, environment }: Source): Finding[] {
  const named = memberOf(value, "environment");
  if (typeof named !== "string" || named === environment) return [];
  return [
    opsFinding("ops.malformed", {
      ...at(["environment"]),
      path: "environment",
      expected: environment,
      received: named,
      message: `The file of ${environment} says that it is about ${named}.`,
    }),
  ];
}

const addresses = [
  ["webhook", "url"],
  ["github", "api"],
] as const;

function addressFindings(value: unknown, at: Source["at"]): Finding[] {
  const alerts = memberOf(value, "alerts");
  return (Array.isArray(alerts) ? alerts : []).flatMap((alert, index) =>
    addresses.flatMap(([kind, key]) => {
      const address = memberOf(memberOf(alert, kind), key);
      if (typeof address !== "string" || isUsableAddress(address)) return [];
      const path = ["alerts", index, kind, key];
      const message = `${pathText(path)} is neither https nor http to this machine.`;
      return [opsFinding("ops.address", { ...at(path), path: pathText(path), message })];
    }),
  );
}

/** True for https, and for http that does not leave the machine. */
export function isUsableAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.username || url.password) return false;
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

function schemaFindings(value: unknown, at: Source["at"]): Finding[] {
  const errors = meantErrors(validateOps.errors);
  const strange = new Set(
    errors
      .filter(({ keyword }) => keyword === "additionalProperties")
      .map(({ instancePath }) => instancePath),
  );
  return errors
    .filter((error) => !(isKindMissing(error) && strange.has(error.instancePath)))
    .map((error) => {
      const { path, message } = faultOf(error, value);
      return opsFinding("ops.malformed", { ...at(path), path: pathText(path), message });
    });
}

/** Which kind of alert is meant cannot be said where none is named: the key that is there is the mistake. */
function isKindMissing({ keyword, params }: ErrorObject): boolean {
  return keyword === "required" && kinds.includes(String(params.missingProperty));
}

const kinds = ["webhook", "github", "command"];
const oneKind = `one of ${kinds.join(", ")}`;

/** Where a mistake stands and what it is. Values are not repeated: they may be secrets. */
function faultOf(error: ErrorObject, value: unknown): { readonly path: Path; readonly message: string } {
  const path = pathOf(error.instancePath, value);
  const name = pathText(path) || "The file";
  const { additionalProperty: extra, missingProperty: missing } = error.params as Record<string, unknown>;
  if (typeof extra === "string") {
    const whole = [...path, extra];
    if (isAlert(path) && kinds.includes(extra))
      return { path: whole, message: `${name} names two kinds; write each as an alert of its own.` };
    return { path: whole, message: `${pathText(whole)} is no key that baton reads here.` };
  }
  if (isKindMissing(error) && isAlert(path)) return { path, message: `${name} names no kind: ${oneKind}.` };
  if (typeof missing === "string") return { path: [...path, missing], message: `${name} lacks ${missing}.` };
  if (error.keyword === "anyOf")
    return { path, message: `${name} must be ${isAlert(path) ? oneKind : "text, or { env: NAME }"}.` };
  return { path, message: `${name} ${error.message}.` };
}

function isAlert(path: Path): boolean {
  return path.length === 2 && path[0] === "alerts";
}

/** A JSON pointer, telling places in a list from keys by the data. */
function pathOf(pointer: string, value: unknown): Path {
  let at = value;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => {
      const key = Array.isArray(at) ? Number(part) : part.replaceAll("~1", "/").replaceAll("~0", "~");
      at = memberOf(at, key);
      return key;
    });
}

function pathText(path: Path): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
}

function positionIn(document: Document, lines: LineCounter, path: Path): Position {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (node && typeof node === "object" && "range" in node && Array.isArray(node.range))
      return lineAt(lines, Number(node.range[0]));
  }
  return {};
}

function lineAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!.slice(0, 160);
}
