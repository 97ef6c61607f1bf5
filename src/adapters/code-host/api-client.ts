import { setTimeout as delay } from "node:timers/promises";
import { BatonError, type ErrorCode, messageOf } from "../../kernel/index.ts";

/** How a REST API is reached. */
export interface ApiOptions {
  /** `https://api.github.com`, without a slash at the end. */
  readonly url: string;
  /** Headers with the token; never shown. */
  readonly headers: Readonly<Record<string, string>>;
  /** What must not stand in any message. */
  readonly secret: string;
  readonly timeoutMs?: number;
  /** Waits between attempts; tests give their own. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** A reply whose body is JSON, or nothing. */
export interface ApiReply {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

/** One call; `repeatable` where doing it twice is doing it once, so that it is tried again after a lost reply. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "PATCH" | "PUT";
  readonly path: string;
  readonly body?: unknown;
  readonly repeatable?: boolean;
  /** Statuses beside 2xx that the caller reads itself. */
  readonly expected?: readonly number[];
}

/** Calls an API. */
export type ApiClient = (call: ApiCall) => Promise<ApiReply>;

const attempts = 3;
const largestReply = 16 * 1024 * 1024;
const longestWaitMs = 30_000;

/** A client that tries three times at most, follows no redirect (the token would go with it), and reads no endless reply. */
export function apiClient(options: ApiOptions): ApiClient {
  const wait = options.wait ?? delay;
  return async (call) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await once(options, call);
      if ("reply" in outcome && isWanted(outcome.reply, call)) return outcome.reply;
      const pause = attempt < attempts ? pauseBefore(outcome, call, attempt) : undefined;
      if (pause === undefined) throw problem(options, call, outcome);
      await wait(pause);
    }
  };
}

type Outcome = { readonly reply: ApiReply } | { readonly lost: string };

async function once({ url, headers, timeoutMs = 15_000 }: ApiOptions, call: ApiCall): Promise<Outcome> {
  try {
    const response = await fetch(`${url}${call.path}`, {
      method: call.method,
      headers: {
        "user-agent": "baton",
        accept: "application/json",
        "content-type": "application/json",
        ...headers,
      },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    });
    const text = await readText(response);
    return { reply: { status: response.status, headers: response.headers, json: jsonOf(text) } };
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause !== undefined ? `: ${messageOf(thrown.cause)}` : "";
    return { lost: `${messageOf(thrown)}${cause}` };
  }
}

function isWanted({ status }: ApiReply, { expected = [] }: ApiCall): boolean {
  return (status >= 200 && status < 300) || expected.includes(status);
}

/** How long to wait before trying again; undefined where trying again is of no use, or could do a thing twice. */
function pauseBefore(outcome: Outcome, { method, repeatable }: ApiCall, attempt: number): number | undefined {
  const again = repeatable ?? method !== "POST";
  const usual = 250 * 2 ** attempt;
  if ("lost" in outcome) return again ? usual : undefined;
  const { status, headers } = outcome.reply;
  const after = headers.get("retry-after");
  const limited = status === 429 || (status === 403 && after !== null);
  if (!limited && !(again && [500, 502, 503, 504].includes(status))) return undefined;
  const asked = after !== null && /^\d{1,6}$/.test(after) ? Number(after) * 1000 : usual;
  return asked > longestWaitMs ? undefined : asked;
}

function problem({ secret }: ApiOptions, { method, path }: ApiCall, outcome: Outcome): BatonError {
  const where = `${method} ${path.split("?", 1)[0]}`;
  if ("lost" in outcome) return failure("unavailable", `${where}: no reply (${outcome.lost})`, secret);
  const { status, json } = outcome.reply;
  const said = (json as { message?: unknown } | null)?.message;
  const text = typeof said === "string" ? said : said === undefined ? "" : JSON.stringify(said);
  const code = status === 401 || status === 403 || status === 404 ? "not-authorised" : "unavailable";
  return failure(code, `${where}: ${status}${text ? ` ${text.slice(0, 200)}` : ""}`, secret);
}

function failure(code: ErrorCode, message: string, secret: string): BatonError {
  const safe = secret === "" ? message : message.replaceAll(secret, "[token]");
  return new BatonError(code, safe, {
    next: "Look at the permissions of the pipeline's token (docs/operations/ci.md).",
  });
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > largestReply) throw new Error("the reply is larger than 16 MiB");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
