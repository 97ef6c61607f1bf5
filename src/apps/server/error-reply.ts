import { STATUS_CODES } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { BatonError, type ErrorCode, messageOf } from "../../kernel/index.ts";

/** HTTP status of each error; exhaustive, so that a new error code does not compile until it has one. */
export const statusOf: Record<ErrorCode, number> = {
  usage: 400,
  "input-invalid": 400,
  "input-too-large": 413,
  "not-authorised": 403,
  "not-found": 404,
  overloaded: 429,
  internal: 500,
  "output-invalid": 500,
  "file-missing": 500,
  "file-unusable": 500,
  "configuration-invalid": 500,
  "data-unreadable": 500,
  "model-unloadable": 500,
  "baton-malformed": 500,
  "baton-altered": 500,
  "baton-refused": 500,
  "relay-broken": 500,
  "relay-refused": 500,
  unsupported: 501,
  unavailable: 503,
  interrupted: 503,
  deadline: 504,
};

/**
 * The code of an error that is the server's and not its caller's: too many, too late, or a fault. Undefined for others, and
 * for answers that were withheld: those stand with their rows.
 */
export function failureOf(thrown: unknown): ErrorCode | undefined {
  if (thrown instanceof RowsRefused) return undefined;
  const { code } = inOurWords(thrown);
  const status = statusOf[code];
  return status === 429 || (status >= 500 && status !== 501) ? code : undefined;
}

/** One entry of `errors` in an error body. */
export interface ErrorEntry {
  readonly code: string;
  readonly clause?: string;
  readonly path?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly message: string;
}

/** Body of every reply that is no success: `error` for clients of the inference protocol, the rest as in RFC 9457. */
export interface ErrorBody {
  readonly error: string;
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly next?: string;
  readonly errors: readonly ErrorEntry[];
}

/** Rows of a request that were not answered, each with its reason. */
export class RowsRefused extends BatonError {
  readonly entries: readonly ErrorEntry[];

  constructor(error: BatonError, entries: readonly ErrorEntry[]) {
    super(error.code, error.message, { next: error.next });
    this.entries = entries;
  }
}

/** The body for an error; `status` where HTTP knows a narrower one than the error's own (405, 408, 431). */
export function errorBody(thrown: unknown, status?: number): ErrorBody {
  const error = inOurWords(thrown);
  const message = messageOf(error);
  return {
    error: error.next ? `${message} ${error.next}` : message,
    type: `urn:modelbaton:error:${error.code}`,
    title: titles[error.code] ?? STATUS_CODES[statusOf[error.code]] ?? "Error",
    status: status ?? statusOf[error.code],
    detail: message,
    code: error.code,
    ...(error.next ? { next: error.next } : {}),
    errors: error instanceof RowsRefused ? error.entries : [],
  };
}

/**
 * Replies with {@link ErrorBody}. The content type is exactly `application/json` (one client shows the text only then),
 * and `application/problem+json` where `Accept` asks for it.
 */
export function replyWithError(
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
  status?: number,
): FastifyReply {
  const body = errorBody(thrown, status);
  const wantsProblem = String(request.headers.accept ?? "")
    .toLowerCase()
    .includes("application/problem+json");
  if (body.status === 429 || body.status === 503) reply.header("retry-after", "1");
  return reply
    .code(body.status)
    .header("content-type", wantsProblem ? "application/problem+json" : "application/json")
    .send(Buffer.from(JSON.stringify(body)));
}

/** Errors that are not ours: what the framework says about a request is the caller's fault, all else is hidden. */
function inOurWords(thrown: unknown): BatonError {
  if (thrown instanceof BatonError) return thrown;
  const { statusCode, code } = (thrown ?? {}) as { statusCode?: unknown; code?: unknown };
  if (statusCode === 413)
    return new BatonError("input-too-large", "The body is larger than the limit.", {
      next: "Send fewer rows at a time.",
    });
  if (code === "FST_ERR_BAD_URL")
    return new BatonError("input-invalid", "The address is not percent-encoded as UTF-8.", {
      next: "Percent-encode the names in the address.",
    });
  if (statusCode === 404 || statusCode === 414) return new BatonError("not-found", nowhere.message, nowhere);
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500)
    return new BatonError("input-invalid", "The request is not one that HTTP allows.", {
      next: "Send a plain POST with a JSON body and its true length.",
    });
  return new BatonError("internal", "Something went wrong inside the server.", {
    next: "Send the request again; if it fails again, tell whoever runs this server.",
  });
}

/** What is said about an address at which there is nothing. */
export const nowhere = {
  message: "There is nothing at this address.",
  next: "See /openapi.json for what is served.",
} as const;

const titles: Partial<Record<ErrorCode, string>> = {
  "input-invalid": "The request breaks the contract",
  "input-too-large": "The request is too large",
  "not-found": "There is no such thing here",
  "output-invalid": "The answer broke the contract and was withheld",
  unsupported: "Not served here",
  unavailable: "Not ready",
  overloaded: "Too many requests at once",
  deadline: "The time limit passed",
  internal: "A fault of the server",
};
