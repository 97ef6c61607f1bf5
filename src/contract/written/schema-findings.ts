import type { ErrorObject } from "ajv/dist/2020.js";
import { type Finding, schemaGuard } from "../../kernel/index.ts";
import { type ContractCode, contractFinding } from "../contract-findings.ts";
import { nearest } from "../nearest.ts";
import { contractJsonSchema } from "./json-schema.ts";
import { meantErrors } from "./meant-errors.ts";
import { memberPath, type PositionOf } from "./positions.ts";
import { showValue } from "./show-value.ts";

const fits = schemaGuard(contractJsonSchema(), { everyError: true });

/**
 * What the JSON Schema has against written data: one finding for one mistake. Of alternatives (`run`, `gates`,
 * `features`) only the one that was meant speaks: the one whose outer form fits best.
 */
export function schemaFindings(data: unknown, positionOf: PositionOf): Finding[] {
  if (fits(data)) return [];
  const errors = meantErrors(fits.errors);
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const error of errors) {
    const finding = findingOf(error, data, positionOf);
    const place = `${finding.path}`;
    if (seen.has(place)) continue;
    seen.add(place);
    findings.push(finding);
  }
  return findings.slice(0, 30);
}

function findingOf(error: ErrorObject, data: unknown, positionOf: PositionOf): Finding {
  const path = pathOf(error.instancePath, data);
  const params = error.params as Record<string, unknown>;
  const make = (
    code: ContractCode,
    at: string,
    detail: { message: string; next?: string; expected?: string; received?: string },
  ) => contractFinding(code, { ...detail, path: at || undefined, ...positionOf(at) });
  const name = path === "" ? "the contract" : `\`${path}\``;
  if (error.keyword === "additionalProperties") {
    const key = String(params.additionalProperty);
    const parent = (error.parentSchema ?? {}) as SchemaPart;
    return make("contract.unknown-key", memberPath(path, key), unknownKey(key, name, parent));
  }
  if (error.keyword === "required") {
    const key = String(params.missingProperty);
    const part = ((error.parentSchema as SchemaPart)?.properties?.[key] ?? {}) as SchemaPart;
    return make("contract.missing-key", memberPath(path, key), {
      message: `\`${key}\` is missing in ${name}.`,
      next: `Add \`${key}\`${part.description ? `: ${lowerFirst(part.description)}` : ", which must always be there."}`,
    });
  }
  const wanted = wantedBy(error);
  const code =
    error.keyword === "type" || (error.keyword === "anyOf" && !literals(error))
      ? "contract.wrong-type"
      : "contract.wrong-value";
  return make(code, path, {
    message: `${capital(name)} is ${showValue(error.data)}; ${wanted} is wanted.`,
    expected: wanted,
    received: showValue(error.data),
    next: nextFor(error, wanted),
  });
}

interface SchemaPart {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly pattern?: string;
  readonly anyOf?: readonly SchemaPart[];
  readonly patternProperties?: Readonly<Record<string, unknown>>;
}

function unknownKey(key: string, name: string, parent: SchemaPart) {
  const allowed = Object.keys(parent.properties ?? {});
  const near = nearest(key, allowed, 2);
  const pattern = Object.keys(parent.patternProperties ?? {})[0];
  const next =
    near.length > 0
      ? `Did you mean ${near.map((n) => `\`${n}\``).join(" or ")}?`
      : pattern
        ? "Write the key in lower-case letters and hyphens."
        : `Use one of: ${allowed.join(", ")}.`;
  return { message: `\`${key}\` is not a key of ${name}.`, next, received: key };
}

function literals(error: ErrorObject): readonly string[] | undefined {
  const branches = (error.keyword === "anyOf" ? (error.schema as SchemaPart[]) : []).map(
    (branch) => branch.const,
  );
  return branches.length > 0 && branches.every((value) => value !== undefined)
    ? branches.map(String)
    : undefined;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "keys and values",
  null: "null",
};

const forms: readonly [pattern: RegExp, words: string][] = [
  [/\(ms\|s\|min/, "a duration such as 50ms, 2h or 7d"],
  [/per /, "a rate of alarms such as `1 per 90d`"],
  [/ of /, "windows such as `3 of 4`"],
  [/cpu-/, "hardware such as 1cpu-512Mi"],
  [/\/\(s\|min\)/, "a rate such as 20/s"],
  [/\[0-9a-f\]\{64\}/, "a SHA-256 in 64 lower-case hex digits"],
  [/\[a-z\]\[a-z0-9\]\*/, "an id in lower-case letters, digits and hyphens, such as `late-flights`"],
];

function wantedBy(error: ErrorObject): string {
  const limit = error.schema;
  switch (error.keyword) {
    case "type":
      return typeNames[String(limit)] ?? String(limit);
    case "const":
      return `\`${String(limit)}\``;
    case "anyOf":
      return (
        literals(error)
          ?.join(", ")
          .replace(/, ([^,]*)$/, " or $1") ?? alternatives(limit as SchemaPart[])
      );
    case "pattern":
      return forms.find(([pattern]) => pattern.test(String(limit)))?.[1] ?? `the form ${String(limit)}`;
    case "minLength":
      return "text that is not empty";
    case "maxLength":
      return `at most ${String(limit)} characters`;
    case "minItems":
      return `a list of at least ${String(limit)}`;
    case "maxItems":
      return `a list of at most ${String(limit)}`;
    case "minProperties":
      return "at least one key";
    case "minimum":
      return `at least ${String(limit)}`;
    case "maximum":
      return `at most ${String(limit)}`;
    case "exclusiveMinimum":
      return `more than ${String(limit)}`;
    case "exclusiveMaximum":
      return `less than ${String(limit)}`;
    default:
      return `${error.keyword} ${JSON.stringify(limit)}`;
  }
}

function alternatives(branches: readonly SchemaPart[]): string {
  const words = branches.map(
    (branch) => typeNames[branch.type ?? ""] ?? String(branch.const ?? "something else"),
  );
  return [...new Set(words)].join(" or ");
}

function nextFor(error: ErrorObject, wanted: string): string {
  const data = error.data as unknown;
  const parent = (error.parentSchema ?? {}) as SchemaPart;
  if (error.keyword === "type" && error.schema === "string" && typeof data === "number") {
    if (error.instancePath === "/model/version") return "Write all three numbers: 1.0.0.";
    const form = forms.find(([pattern]) => parent.pattern !== undefined && pattern.test(parent.pattern));
    return form ? `Write ${form[1]}.` : `Quote it if it is text: "${String(data)}".`;
  }
  const allowed = literals(error);
  const near = allowed && typeof data === "string" ? nearest(data, allowed) : [];
  if (near[0]) return `Did you mean ${near[0]}?`;
  return `Write ${wanted}${parent.description ? ` (${lowerFirst(parent.description).replace(/\.$/, "")})` : ""}.`;
}

/** `/features/3/range` as `features[3].range`, telling list places from keys by the data. */
function pathOf(pointer: string, data: unknown): string {
  let path = "";
  let at: unknown = data;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    path = memberPath(path, Array.isArray(at) ? Number(key) : key);
    at = (at as Record<string, unknown> | undefined)?.[key];
  }
  return path;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
