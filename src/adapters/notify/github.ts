import type { Notifier, RequestNotice } from "../../watch/index.ts";
import { post } from "./post.ts";
import { realTiming, type Timing } from "./timing.ts";

/** Which repository is told. */
export interface GithubTarget {
  /** `owner/name`. */
  readonly repository: string;
  /** `event_type`: what a workflow's `on: repository_dispatch: types` names. */
  readonly event: string;
  readonly token: string;
  readonly retries: number;
  /** Of GitHub Enterprise; https://api.github.com unless said otherwise. */
  readonly api?: string;
  readonly timing?: Timing;
  readonly attemptMs?: number;
}

/** Starts workflows of a repository: `POST /repos/{owner}/{repo}/dispatches`. The payload has at most ten keys, as GitHub wants it. */
export function githubNotifier(target: GithubTarget): Notifier {
  const { repository, event, token, retries, timing = realTiming, attemptMs } = target;
  const api = (target.api ?? "https://api.github.com").replace(/\/+$/, "");
  const url = new URL(`${api}/repos/${repository}/dispatches`);
  const headers = {
    "content-type": "application/json",
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "user-agent": "modelbaton",
    "x-github-api-version": "2022-11-28",
  };
  return {
    name: `dispatch to ${repository}`,
    deliver: (notice) =>
      post({
        url,
        body: JSON.stringify({ event_type: event, client_payload: payloadOf(notice) }),
        retries,
        timing,
        ...(attemptMs !== undefined && { attemptMs }),
        headers: () => headers,
      }),
  };
}

/** The entry itself is too large for a payload: its id names it in the relay. */
function payloadOf({ id, model, version, contentDigest, at, environment, said }: RequestNotice) {
  return {
    entry: id,
    model,
    version,
    content_digest: contentDigest,
    at,
    environment,
    clause: said.clause,
    reason: said.reason,
    values: Object.fromEntries(said.values.map(({ name, value }) => [name, value])),
    rows: said.rows ?? null,
  };
}
