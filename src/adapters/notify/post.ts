import { messageOf } from "../../kernel/index.ts";
import type { Delivery } from "../../watch/index.ts";
import type { Timing } from "./timing.ts";

/** One message to one address. */
export interface Post {
  readonly url: URL;
  readonly body: string;
  /** Made for each attempt: signatures carry its time. */
  readonly headers: (nowMs: number) => Readonly<Record<string, string>>;
  /** Attempts after the first. */
  readonly retries: number;
  readonly timing: Timing;
  /** Longest one attempt may take; 10 s unless said otherwise. */
  readonly attemptMs?: number;
}

const longestAttemptMs = 10_000;
const longestWaitMs = 60_000;
const longestAllMs = 180_000;
const firstWaitMs = 1000;

/**
 * Posts, and tries again where the other side is down or busy: exponential back-off from 1 s with full jitter, at most 60 s, or
 * what Retry-After asks for; 3 minutes in all. A redirect is not followed, and no answer is read beyond its head.
 */
export async function post(message: Post): Promise<Delivery> {
  const { retries, timing } = message;
  const begun = timing.now();
  for (let attempts = 1; ; attempts++) {
    const outcome = await attempt(message);
    if (outcome.kind === "accepted") return { delivered: true, attempts };
    const failed = (why: string): Delivery => ({ delivered: false, attempts, problem: why });
    if (outcome.kind === "refused") return failed(outcome.problem);
    if (attempts > retries) return failed(`${outcome.problem}, after ${attempts} attempts`);
    const wait =
      outcome.retryAfterMs ??
      Math.min(longestWaitMs, firstWaitMs * 2 ** (attempts - 1)) * (0.5 + timing.random() / 2);
    if (wait > longestWaitMs) return failed(`${outcome.problem}, and asks to wait longer than a minute`);
    if (timing.now() + wait - begun > longestAllMs) return failed(`${outcome.problem}, for three minutes`);
    await timing.sleep(wait);
  }
}

type Outcome =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly problem: string }
  | { readonly kind: "later"; readonly problem: string; readonly retryAfterMs?: number };

async function attempt({ url, body, headers, timing, attemptMs = longestAttemptMs }: Post): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: headers(timing.now()),
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(attemptMs),
    });
    await response.body?.cancel().catch(() => {});
    return outcomeOf(response, timing.now());
  } catch (thrown) {
    return { kind: "later", problem: `${url.hostname} cannot be reached (${networkReason(thrown)})` };
  }
}

function outcomeOf({ status, headers }: Response, nowMs: number): Outcome {
  if (status >= 200 && status < 300) return { kind: "accepted" };
  const problem = `it answered ${status}`;
  if (status >= 300 && status < 400)
    return { kind: "refused", problem: `${problem}, a redirect, which is not followed` };
  const retryAfterMs = waitAsked(headers.get("retry-after"), nowMs);
  const busy = status === 429 || status >= 500 || (status === 403 && retryAfterMs !== undefined);
  if (!busy) return { kind: "refused", problem };
  return { kind: "later", problem, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). */
function waitAsked(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** Code of the fault only: messages may hold the address, and an address may be a secret. */
function networkReason(thrown: unknown): string {
  if (thrown instanceof Error && thrown.name === "TimeoutError") return "it did not answer in time";
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : messageOf(thrown).slice(0, 40);
}
