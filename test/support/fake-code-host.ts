import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment or an issue, on both hosts. */
export interface FakeThing {
  readonly id: number;
  body: string;
  title?: string;
  state: "open" | "closed";
  readonly by: string;
}

/** GitHub or GitLab as far as `baton ci` uses them, on loopback, with what was asked of it. */
export interface FakeHost {
  readonly url: string;
  readonly comments: FakeThing[];
  readonly issues: FakeThing[];
  readonly statuses: Record<string, unknown>[];
  /** `GET /repos/…?page=1`, in the order of arrival. */
  readonly asked: string[];
  /** What goes wrong: the first that fits a request answers it, once. */
  readonly faults: Fault[];
  end(): Promise<void>;
}

/** A reply in place of the right one, with `Retry-After: 0`. */
export interface Fault {
  /** Of `POST /repos/…`. */
  readonly at: RegExp;
  readonly status: number;
}

interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
}

interface Reply {
  readonly status: number;
  readonly json: unknown;
  readonly headers?: Record<string, string>;
}

type Host = Omit<FakeHost, "url" | "end">;

/** Starts one. `token` is the only one that may write; `us` is whose it is. */
export async function fakeGitHub(token: string): Promise<FakeHost> {
  return start((host, request) => {
    if (request.headers.authorization !== `Bearer ${token}`)
      return { status: 401, json: { message: "Bad credentials" } };
    return gitHubReply(host, request);
  });
}

/** The same for GitLab. */
export async function fakeGitLab(token: string): Promise<FakeHost> {
  return start((host, request) => {
    if (request.headers["private-token"] !== token)
      return { status: 401, json: { message: "401 Unauthorized" } };
    return gitLabReply(host, request);
  });
}

function gitHubReply(host: Host, { method, url, body }: Request): Reply {
  const at = `${method} ${url.pathname}`;
  // As the token of Actions: it may not ask who it is.
  if (at === "GET /user") return { status: 403, json: { message: "Resource not accessible by integration" } };
  const shown = ({ id, by, ...rest }: FakeThing) => ({
    ...{ id, number: id, html_url: `https://code.example/${id}`, ...rest },
    user: { login: by, type: by.endsWith("[bot]") ? "Bot" : "User" },
  });
  if (/^POST \/repos\/team\/models\/statuses\/[0-9a-f]{40}$/.test(at))
    return {
      status: 201,
      json: host.statuses[host.statuses.push({ ...body, sha: url.pathname.slice(-40) }) - 1],
    };
  const list = url.pathname.endsWith("/comments") ? host.comments : host.issues;
  if (/^GET \/repos\/team\/models\/issues(\/7\/comments)?$/.test(at))
    return { status: 200, json: pageOf(url, list.filter(({ state }) => state === "open").map(shown)) };
  if (/^POST \/repos\/team\/models\/issues(\/7\/comments)?$/.test(at))
    return { status: 201, json: shown(add(list, body, "github-actions[bot]")) };
  const [, kind, id] = /^PATCH \/repos\/team\/models\/issues\/(comments\/)?(\d+)$/.exec(at) ?? [];
  const known = (kind ? host.comments : host.issues).find((one) => one.id === Number(id));
  if (!known) return { status: 404, json: { message: "Not Found" } };
  return { status: 200, json: shown(Object.assign(known, body)) };
}

function gitLabReply(host: Host, { method, url, body }: Request): Reply {
  const at = `${method} ${url.pathname.replace("/api/v4", "")}`;
  if (at === "GET /user") return { status: 200, json: { id: 5 } };
  const shown = ({ id, by, body: text, ...rest }: FakeThing) => ({
    ...{ id, iid: id, body: text, description: text, web_url: `https://code.example/${id}`, ...rest },
    author: { id: by === "us" ? 5 : 6 },
  });
  if (/^POST \/projects\/42\/statuses\/[0-9a-f]{40}$/.test(at)) {
    const same = host.statuses.some(({ name, state }) => name === body.name && state === body.state);
    if (same)
      return { status: 400, json: { message: "Cannot transition status via :succeed from :success" } };
    host.statuses.push({ ...body, sha: url.pathname.slice(-40) });
    return { status: 201, json: body };
  }
  const list = url.pathname.includes("/notes") ? host.comments : host.issues;
  const place = /^(\w+) \/projects\/42\/(?:merge_requests\/7\/notes|issues)(?:\/(\d+))?$/.exec(at);
  if (!place) return { status: 404, json: { message: "404 Not Found" } };
  if (place[1] === "GET") {
    const open = list.filter(({ state }) => state === "open").map(shown);
    const page = Number(url.searchParams.get("page"));
    const next = open.length > page * 100 ? String(page + 1) : "";
    return { status: 200, json: pageOf(url, open), headers: { "x-next-page": next } };
  }
  const text = typeof body.description === "string" ? { ...body, body: body.description } : body;
  if (place[1] === "POST") return { status: 201, json: shown(add(list, text, "us")) };
  const known = list.find(({ id }) => id === Number(place[2]));
  if (!known) return { status: 404, json: { message: "404 Not Found" } };
  Object.assign(known, text, body.state_event === "close" ? { state: "closed" } : {});
  return { status: 200, json: shown(known) };
}

function add(list: FakeThing[], { body, title }: Record<string, unknown>, by: string): FakeThing {
  const thing: FakeThing = {
    ...{ id: 1000 + list.length, body: String(body), state: "open", by },
    ...(title !== undefined && { title: String(title) }),
  };
  list.push(thing);
  return thing;
}

function pageOf<T>(url: URL, list: readonly T[]): T[] {
  const size = Number(url.searchParams.get("per_page"));
  const page = Number(url.searchParams.get("page"));
  return list.slice((page - 1) * size, page * size);
}

async function start(reply: (host: Host, request: Request) => Reply): Promise<FakeHost> {
  const host: Host = { comments: [], issues: [], statuses: [], asked: [], faults: [] };
  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const url = new URL(incoming.url ?? "/", "http://localhost");
      const method = incoming.method ?? "GET";
      host.asked.push(`${method} ${url.pathname}${url.search}`);
      const index = host.faults.findIndex(({ at }) => at.test(`${method} ${url.pathname}`));
      const fault = index < 0 ? undefined : host.faults.splice(index, 1)[0];
      const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
      const { status, json, headers } =
        fault === undefined
          ? reply(host, { method, url, headers: incoming.headers, body })
          : { status: fault.status, json: { message: "not now" }, headers: { "retry-after": "0" } };
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...host,
    url: `http://127.0.0.1:${port}`,
    end: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
