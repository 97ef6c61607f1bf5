import { createHmac } from "node:crypto";
import type { Notifier } from "../../watch/index.ts";
import { requestEvent } from "./cloud-event.ts";
import { post } from "./post.ts";
import { realTiming, type Timing } from "./timing.ts";

/** Where a signed CloudEvent goes. */
export interface WebhookTarget {
  readonly url: string;
  /** `whsec_` and base64, or any text. */
  readonly secret: string;
  readonly retries: number;
  readonly timing?: Timing;
  readonly attemptMs?: number;
}

/** Posts the notice as a CloudEvent, signed as Standard Webhooks asks (https://www.standardwebhooks.com, 1.0). */
export function webhookNotifier({
  url,
  secret,
  retries,
  timing = realTiming,
  attemptMs,
}: WebhookTarget): Notifier {
  const address = new URL(url);
  const key = signingKey(secret);
  return {
    name: `webhook to ${address.host}`,
    deliver(notice) {
      const { headers, body } = requestEvent(notice);
      return post({
        url: address,
        body,
        retries,
        timing,
        ...(attemptMs !== undefined && { attemptMs }),
        headers: (nowMs) => {
          const at = Math.floor(nowMs / 1000);
          const signed = createHmac("sha256", key).update(`${notice.id}.${at}.${body}`).digest("base64");
          return {
            ...headers,
            "user-agent": "modelbaton",
            "webhook-id": notice.id,
            "webhook-timestamp": String(at),
            "webhook-signature": `v1,${signed}`,
          };
        },
      });
    },
  };
}

function signingKey(secret: string): Buffer {
  const [, encoded] = /^whsec_([A-Za-z0-9+/=]+)$/.exec(secret) ?? [];
  return encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, "base64");
}
