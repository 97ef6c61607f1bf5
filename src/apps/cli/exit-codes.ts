import type { ErrorCode } from "../../kernel/index.ts";

/** What a shell sees. The output format never changes it. */
export const exitCodes = {
  pass: 0,
  gateFailed: 1,
  usage: 2,
  internal: 3,
  notAuthorised: 4,
  interrupted: 130,
} as const;

/** Exit code of each error; exhaustive, so that a new error code does not compile until it has one. */
export const exitCodeOf: Record<ErrorCode, number> = {
  usage: exitCodes.usage,
  "file-missing": exitCodes.usage,
  "file-unusable": exitCodes.usage,
  "configuration-invalid": exitCodes.usage,
  "data-unreadable": exitCodes.usage,
  "not-found": exitCodes.usage,
  unsupported: exitCodes.usage,
  "input-too-large": exitCodes.usage,
  "model-unloadable": exitCodes.gateFailed,
  "baton-malformed": exitCodes.gateFailed,
  "baton-altered": exitCodes.gateFailed,
  "baton-refused": exitCodes.gateFailed,
  "relay-broken": exitCodes.gateFailed,
  "relay-refused": exitCodes.gateFailed,
  "input-invalid": exitCodes.gateFailed,
  "output-invalid": exitCodes.gateFailed,
  "not-authorised": exitCodes.notAuthorised,
  unavailable: exitCodes.internal,
  overloaded: exitCodes.internal,
  deadline: exitCodes.internal,
  internal: exitCodes.internal,
  interrupted: exitCodes.interrupted,
};
