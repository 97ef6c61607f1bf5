import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { apiPage } from "./api-page.ts";
import { openApiDocument } from "./openapi.ts";
import { publicExamples } from "./public-examples.ts";
import type { Serving } from "./serving.ts";

/** What people and tools read about the served model: API page, OpenAPI, contract, metrics. */
export function addDocumentRoutes(app: FastifyInstance, { options, metrics }: Serving): void {
  const examples = publicExamples(options.contract, options.examples);
  const document = JSON.stringify(openApiDocument({ ...options, examples }));
  const page = apiPage({ ...options, examples });
  const policy = contentPolicy(page.script);
  app.get("/", async (request, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", policy)
      .header("referrer-policy", "no-referrer")
      .send(page.html(addressOf(request.headers.host))),
  );
  app.get("/openapi.json", async (_request, reply) => reply.type("application/json").send(document));
  app.get("/contract", async (_request, reply) =>
    reply.type("text/yaml; charset=utf-8").send(options.contractText),
  );
  app.get("/metrics", async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}

/** Nothing is loaded from elsewhere, and no script runs but the page's own. */
function contentPolicy(script: string): string {
  const hash = createHash("sha256").update(script).digest("base64");
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${hash}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Where the reader reached this server, for commands to copy; a name that is none is not repeated. */
function addressOf(host: string | undefined): string {
  return `http://${host !== undefined && /^[\w.:[\]-]{1,255}$/.test(host) ? host : "localhost:8080"}`;
}
