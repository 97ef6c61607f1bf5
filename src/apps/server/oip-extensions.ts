import type { FastifyInstance, HTTPMethods } from "fastify";
import { BatonError } from "../../kernel/index.ts";
import { replyWithError } from "./error-reply.ts";
import { readJson } from "./read-json.ts";
import type { Serving } from "./serving.ts";

/** The repository of one model: its index. It cannot be loaded or unloaded. */
export function addRepositoryRoutes(app: FastifyInstance, { options, admission }: Serving): void {
  const { name, version } = options.contract.model;
  app.post("/v2/repository/index", async (request) => {
    const ready = admission.state() === "ready";
    const model = {
      name,
      version,
      state: ready ? "READY" : "UNAVAILABLE",
      reason: ready ? "" : "shutting down",
    };
    return onlyReady(request.body) && !ready ? [] : [model];
  });
}

/** The body may be empty; `{"ready": true}` asks for ready models only. */
function onlyReady(body: unknown): boolean {
  if (!(body instanceof Uint8Array) || body.length === 0) return false;
  const { value } = readJson(body);
  return (
    typeof value === "object" &&
    value !== null &&
    Object.hasOwn(value, "ready") &&
    Reflect.get(value, "ready") === true
  );
}

const sharedMemory = ["system", "cuda"].flatMap((kind) => [
  ["GET", `/v2/${kind}sharedmemory/status`],
  ["GET", `/v2/${kind}sharedmemory/region/:region/status`],
  ["POST", `/v2/${kind}sharedmemory/region/:region/register`],
  ["POST", `/v2/${kind}sharedmemory/region/:region/unregister`],
  ["POST", `/v2/${kind}sharedmemory/unregister`],
]);

const notServed = [
  ...sharedMemory,
  ["GET", "/v2/trace/setting"],
  ["POST", "/v2/trace/setting"],
  ["GET", "/v2/models/:model/trace/setting"],
  ["POST", "/v2/models/:model/trace/setting"],
  ["GET", "/v2/logging"],
  ["POST", "/v2/logging"],
  ["POST", "/v2/repository/models/:model/load"],
  ["POST", "/v2/repository/models/:model/unload"],
];

/** Extensions of the protocol that exist elsewhere: 501, and not advertised. */
export function refuseExtensions(app: FastifyInstance): void {
  const refused = new BatonError("unsupported", "This extension is not served here.", {
    next: "See GET /v2 for the extensions that are.",
  });
  for (const [method, url] of notServed)
    app.route({
      method: method as HTTPMethods,
      url: url as string,
      exposeHeadRoute: false,
      handler: (request, reply) => replyWithError(request, reply, refused),
    });
}
