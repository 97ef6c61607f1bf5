/** Why a hand-over is returned: code and what it means. */
export const returnReasons = {
  missing: "Something that the acceptor needs is not there: a clause, a file, a document, an owner.",
  unclear: "It is there and cannot be understood or acted on.",
  failing: "A test, rule or gate fails on the acceptor's side.",
  "too-slow": "The budget is not met on the hardware that it names.",
  disagrees: "Two parts say different things: contract and model, model and golden rows, story and data.",
  unrunnable: "It cannot be loaded, installed or started where it must run.",
  unsafe: "It would expose data or people, or fail in a way that nobody can bear.",
  "too-weak": "It holds what it promises, and the promise is not enough for its use.",
  other: "Something else; the note says what.",
} as const;

/** Code of a reason. */
export type ReturnReason = keyof typeof returnReasons;

/** True for a known code. */
export function isReturnReason(code: string): code is ReturnReason {
  return Object.hasOwn(returnReasons, code);
}
