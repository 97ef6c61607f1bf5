import { type Document, LineCounter, parseDocument } from "yaml";
import { blocks, type Finding, isTooDeep, messageOf, type Position } from "../../kernel/index.ts";
import { opsFinding } from "./ops-findings.ts";
import { type Alert, validateOps, type WrittenOps } from "./ops-schema.ts";

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

function judge(value: unknown, { at, environment }: Source): ReadOps {
  const open = literalSecrets(value).map((path) =>
    opsFinding("ops.literal-secret", {
      ...at(path),
      path: pathText(path),
      message: `${pathText(path)} holds a secret in the open.`,
    }),
  );
  if (open.length > 0) return { findings: open };
  if (!validateOps(value)) return { findings: schemaFindings(at) };
  const findings = [
    ...otherEnvironment(value, at, environment),
    ...(value.alerts ?? []).flatMap((alert, index) => addressFindings(alert, index, at)),
  ];
  return blocks(findings) ? { findings } : { ops: value, findings };
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

function otherEnvironment(ops: WrittenOps, at: Source["at"], environment: string): Finding[] {
  if (ops.environment === environment) return [];
  return [
    opsFinding("ops.malformed", {
      ...at(["environment"]),
      path: "environment",
      expected: environment,
      received: ops.environment,
      message: `The file of ${environment} says that it is about ${ops.environment}.`,
    }),
  ];
}

function addressFindings(alert: Alert, index: number, at: Source["at"]): Finding[] {
  const [kind, key, address] =
    "webhook" in alert
      ? (["webhook", "url", alert.webhook.url] as const)
      : "github" in alert
        ? (["github", "api", alert.github.api] as const)
        : (["command", "", undefined] as const);
  if (typeof address !== "string" || isUsableAddress(address)) return [];
  const path = ["alerts", index, kind, key];
  return [
    opsFinding("ops.address", {
      ...at(path),
      path: pathText(path),
      message: `${pathText(path)} is neither https nor http to this machine.`,
    }),
  ];
}

/** True for https, and for http that does not leave the machine. */
export function isUsableAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.username || url.password) return false;
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

/** The fault that lies deepest says most; a choice among kinds of alerts reports each kind that it is not. */
function schemaFindings(at: Source["at"]): Finding[] {
  const errors = validateOps.errors ?? [];
  const told = errors.filter(({ keyword }) => keyword !== "anyOf" && keyword !== "required");
  const byPath = new Map<string, Finding>();
  for (const error of told.length > 0 ? told : errors) {
    const path = error.instancePath
      .split("/")
      .slice(1)
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const extra = error.params.additionalProperty as string | undefined;
    if (extra !== undefined && kinds.includes(extra) && path[0] === "alerts") continue;
    const whole = extra === undefined ? path : [...path, extra];
    const message =
      extra === undefined
        ? `${pathText(path) || "The file"} ${error.message}.`
        : `${pathText(whole)} is no key that baton reads here.`;
    byPath.set(
      pathText(whole),
      opsFinding("ops.malformed", { ...at(whole), path: pathText(whole), message }),
    );
  }
  const findings = [...byPath.values()].slice(0, mostFaults);
  if (findings.length > 0) return findings;
  return [
    opsFinding("ops.malformed", { ...at([]), message: "An alert is none of webhook, github, command." }),
  ];
}

const kinds = ["webhook", "github", "command"];

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
