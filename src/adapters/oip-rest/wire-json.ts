import { shownValue } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";

/** A JSON object of which nothing is known yet. */
export type WireObject = Readonly<Record<string, unknown>>;

/** The value as an object. @throws BatonError `input-invalid` */
export function objectAt(value: unknown, path: string): WireObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(
      path,
      `${subject(path)} is ${shownKind(value)}, not an object.`,
      "Send an object as the Open Inference Protocol v2 describes.",
    );
  return value as WireObject;
}

/** The value as a list. @throws BatonError `input-invalid` */
export function listAt(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(
    path,
    `${subject(path)} is ${shownKind(value)}, not a list.`,
    `Send a JSON array in ${path}.`,
  );
}

/** The value as a text that is not empty. @throws BatonError `input-invalid` */
export function textAt(value: unknown, path: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw invalid(path, `${subject(path)} is ${shownKind(value)}, not a text.`, `Send a string in ${path}.`);
}

/** Optional parameters: null and absent are none. @throws BatonError `input-invalid` */
export function parametersOf(owner: WireObject, path: string): WireObject {
  const parameters = own(owner, "parameters");
  return parameters === undefined || parameters === null ? {} : objectAt(parameters, path);
}

/** An own property: what a prototype carries is never part of a request. */
export function own(owner: WireObject, name: string): unknown {
  return Object.hasOwn(owner, name) ? owner[name] : undefined;
}

/** The fault of a request, with its place in the message. */
export function invalid(path: string, message: string, next: string): BatonError {
  return new BatonError("input-invalid", message.includes(path) ? message : `${message} (${path})`, { next });
}

const mostNames = 20;

/** Names as a person reads them: the first twenty. */
export function someOf(names: readonly string[]): string {
  const rest = names.length - mostNames;
  return names.slice(0, mostNames).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** What kind of value it is: never the value itself, which may be sensitive. */
function shownKind(value: unknown): string {
  if (typeof value === "string") return value === "" ? "an empty text" : "a text";
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  return shownValue(value);
}

function subject(path: string): string {
  return path === "body" ? "The body" : path;
}
