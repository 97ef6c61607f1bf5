import { BatonError } from "../../kernel/index.ts";
import { type ApiClient, type ApiOptions, apiClient } from "./api-client.ts";
import { type CodeHost, issueLabel, type Marked, mostPages, type Posted } from "./code-host.ts";

/** Where GitHub's REST API (2022-11-28) is, and for which repository. */
export interface GitHubOptions extends Pick<ApiOptions, "url" | "wait" | "timeoutMs"> {
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
}

interface Author {
  readonly login?: unknown;
  readonly type?: unknown;
}

interface Thing {
  readonly id?: unknown;
  readonly number?: unknown;
  readonly body?: unknown;
  readonly title?: unknown;
  readonly html_url?: unknown;
  readonly user?: Author;
  readonly pull_request?: unknown;
}

/** GitHub as a host of code: comments on pull requests, commit statuses, issues. */
export function gitHub({ token, repository, ...options }: GitHubOptions): CodeHost {
  const call = apiClient({
    ...options,
    secret: token,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "x-github-api-version": "2022-11-28",
    },
  });
  const repo = `/repos/${repository.split("/").map(encodeURIComponent).join("/")}`;
  const isOurs = authorOf(call);
  const findIssue = async (marker: string) =>
    firstIn(
      call,
      `${repo}/issues?state=open&labels=${issueLabel}`,
      async (issue) => issue.pull_request === undefined && isMarked(issue, marker) && (await isOurs(issue)),
    );
  return {
    name: "GitHub",
    async putComment(request, { marker, body }) {
      const comments = `${repo}/issues/${encodeURIComponent(request)}/comments`;
      const known = await firstIn(
        call,
        comments,
        async (comment) => isMarked(comment, marker) && (await isOurs(comment)),
      );
      if (!known) return posted("created", await call({ method: "POST", path: comments, body: { body } }));
      if (known.body === body) return { done: "unchanged", ...urlOf(known) };
      const path = `${repo}/issues/comments/${Number(known.id)}`;
      return posted("updated", await call({ method: "PATCH", path, body: { body } }));
    },
    async putStatus(commit, { context, state, description, url }) {
      const body = {
        context,
        state,
        description: description.slice(0, 140),
        ...(url && { target_url: url }),
      };
      await call({
        method: "POST",
        path: `${repo}/statuses/${encodeURIComponent(commit)}`,
        body,
        repeatable: true,
      });
    },
    async putIssue({ marker, body, title }) {
      const known = await findIssue(marker);
      if (!known) {
        const issue = { title, body, labels: [issueLabel] };
        return posted("created", await call({ method: "POST", path: `${repo}/issues`, body: issue }));
      }
      if (known.body === body && known.title === title) return { done: "unchanged", ...urlOf(known) };
      const path = `${repo}/issues/${Number(known.number)}`;
      return posted("updated", await call({ method: "PATCH", path, body: { title, body } }));
    },
    async closeIssue({ marker, body }) {
      const known = await findIssue(marker);
      if (!known) return { done: "nothing" };
      const path = `${repo}/issues/${Number(known.number)}`;
      const closed = { body, state: "closed", state_reason: "completed" };
      return posted("closed", await call({ method: "PATCH", path, body: closed }));
    },
  };
}

/**
 * Whether something was written with this token. Anybody can write our marker into a comment of their own: what others wrote is never
 * taken for ours. The token of Actions may not ask who it is; its comments are a bot's.
 */
function authorOf(call: ApiClient): (thing: Thing) => Promise<boolean> {
  let login: Promise<unknown> | undefined;
  return async ({ user }) => {
    login ??= call({ method: "GET", path: "/user", expected: [401, 403, 404] }).then(({ status, json }) =>
      status === 200 ? (json as Author | null)?.login : undefined,
    );
    const own = await login;
    return own === undefined ? user?.type === "Bot" : user?.login === own;
  };
}

function isMarked({ body }: Thing, marker: Marked["marker"]): boolean {
  return typeof body === "string" && body.startsWith(marker);
}

async function firstIn(
  call: ApiClient,
  path: string,
  isIt: (thing: Thing) => Promise<boolean>,
): Promise<Thing | undefined> {
  for (let page = 1; page <= mostPages; page++) {
    const separator = path.includes("?") ? "&" : "?";
    const { json } = await call({ method: "GET", path: `${path}${separator}per_page=100&page=${page}` });
    if (!Array.isArray(json))
      throw new BatonError("unavailable", `GET ${path}: the reply is no list.`, {
        next: "Look at GITHUB_API_URL.",
      });
    for (const thing of json as (Thing | null)[]) if (thing && (await isIt(thing))) return thing;
    if (json.length < 100) return undefined;
  }
  return undefined;
}

function posted(done: Posted["done"], { json }: { readonly json: unknown }): Posted {
  return { done, ...urlOf((json ?? {}) as Thing) };
}

function urlOf({ html_url }: Thing): { readonly url?: string } {
  return typeof html_url === "string" ? { url: html_url } : {};
}
