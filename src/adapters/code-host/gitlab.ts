import { BatonError } from "../../kernel/index.ts";
import { type ApiClient, type ApiOptions, apiClient } from "./api-client.ts";
import { type CodeHost, issueLabel, mostPages, type Posted } from "./code-host.ts";

/** Where GitLab's REST API (v4) is, and for which project. */
export interface GitLabOptions extends Pick<ApiOptions, "url" | "wait" | "timeoutMs"> {
  /** A project access token with the scope `api`: the token of a job may not write notes. */
  readonly token: string;
  /** Number or path of the project. */
  readonly project: string;
  /** Pipeline in which statuses are shown. */
  readonly pipeline?: string;
}

interface Thing {
  readonly id?: unknown;
  readonly iid?: unknown;
  readonly body?: unknown;
  readonly description?: unknown;
  readonly title?: unknown;
  readonly web_url?: unknown;
  readonly author?: { readonly id?: unknown };
}

const states = { success: "success", failure: "failed", pending: "pending" } as const;

/** GitLab as a host of code: notes on merge requests, commit statuses, issues. */
export function gitLab({ token, project, pipeline, ...options }: GitLabOptions): CodeHost {
  const call = apiClient({ ...options, secret: token, headers: { "private-token": token } });
  const base = `/projects/${encodeURIComponent(project)}`;
  const isOurs = authorOf(call);
  const findIssue = (marker: string) =>
    firstIn(
      call,
      `${base}/issues?state=opened&labels=${issueLabel}`,
      async (issue) => isMarked(issue.description, marker) && (await isOurs(issue)),
    );
  return {
    name: "GitLab",
    async putComment(request, { marker, body }) {
      const notes = `${base}/merge_requests/${encodeURIComponent(request)}/notes`;
      const known = await firstIn(
        call,
        `${notes}?sort=asc`,
        async (note) => isMarked(note.body, marker) && (await isOurs(note)),
      );
      if (!known) return posted("created", await call({ method: "POST", path: notes, body: { body } }));
      if (known.body === body) return { done: "unchanged" };
      const path = `${notes}/${Number(known.id)}`;
      return posted("updated", await call({ method: "PUT", path, body: { body } }));
    },
    async putStatus(commit, { context, state, description, url }) {
      const body = {
        ...{ name: context, state: states[state], description: description.slice(0, 140) },
        ...(url && { target_url: url }),
        ...(pipeline && { pipeline_id: Number(pipeline) }),
      };
      const path = `${base}/statuses/${encodeURIComponent(commit)}`;
      const { status, json } = await call({ method: "POST", path, body, repeatable: true, expected: [400] });
      // The same state once more is refused as no transition: it is there already.
      if (status === 400 && !/cannot transition status/i.test(JSON.stringify(json)))
        throw new BatonError("unavailable", `POST ${path}: 400 ${JSON.stringify(json).slice(0, 200)}`, {
          next: "Look at the variables of the pipeline (docs/operations/ci.md).",
        });
    },
    async putIssue({ marker, body: description, title }) {
      const known = await findIssue(marker);
      if (!known) {
        const issue = { title, description, labels: issueLabel };
        return posted("created", await call({ method: "POST", path: `${base}/issues`, body: issue }));
      }
      if (known.description === description && known.title === title)
        return { done: "unchanged", ...urlOf(known) };
      const path = `${base}/issues/${Number(known.iid)}`;
      return posted("updated", await call({ method: "PUT", path, body: { title, description } }));
    },
    async closeIssue({ marker, body: description }) {
      const known = await findIssue(marker);
      if (!known) return { done: "nothing" };
      const path = `${base}/issues/${Number(known.iid)}`;
      return posted(
        "closed",
        await call({ method: "PUT", path, body: { description, state_event: "close" } }),
      );
    },
  };
}

/** Anybody can write our marker into a note of their own: only what this token's user wrote is ours. */
function authorOf(call: ApiClient): (thing: Thing) => Promise<boolean> {
  let own: Promise<unknown> | undefined;
  return async ({ author }) => {
    own ??= call({ method: "GET", path: "/user" }).then(({ json }) => (json as Thing | null)?.id);
    const id = await own;
    return id !== undefined && author?.id === id;
  };
}

function isMarked(text: unknown, marker: string): boolean {
  return typeof text === "string" && text.startsWith(marker);
}

async function firstIn(
  call: ApiClient,
  path: string,
  isIt: (thing: Thing) => Promise<boolean>,
): Promise<Thing | undefined> {
  for (let page = 1; page <= mostPages; page++) {
    const { json, headers } = await call({ method: "GET", path: `${path}&per_page=100&page=${page}` });
    if (!Array.isArray(json))
      throw new BatonError("unavailable", `GET ${path}: the reply is no list.`, {
        next: "Look at CI_API_V4_URL.",
      });
    for (const thing of json as (Thing | null)[]) if (thing && (await isIt(thing))) return thing;
    const next = headers.get("x-next-page");
    if (next === "" || (next === null && json.length < 100)) return undefined;
  }
  return undefined;
}

function posted(done: Posted["done"], { json }: { readonly json: unknown }): Posted {
  return { done, ...urlOf((json ?? {}) as Thing) };
}

function urlOf({ web_url }: Thing): { readonly url?: string } {
  return typeof web_url === "string" ? { url: web_url } : {};
}
