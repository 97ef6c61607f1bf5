import type { FastifyInstance, HTTPMethods } from "fastify";
import { BatonError } from "../../kernel/index.ts";
import { replyWithError } from "./error-reply.ts";

const methods: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * Remembers every route that is added from now on; the function that comes back makes each of their addresses answer
 * 405, with the methods that are allowed, where it has none for a request.
 */
export function answerOtherMethods(app: FastifyInstance): () => void {
  const served = new Map<string, Set<string>>();
  app.addHook("onRoute", ({ url, method }) => {
    const known = served.get(url) ?? new Set();
    for (const one of [method].flat()) known.add(one);
    served.set(url, known);
  });
  return () => {
    for (const [url, known] of [...served]) {
      const others = methods.filter((method) => !known.has(method));
      const allow = [...known].sort().join(", ");
      const refused = new BatonError("not-found", "This address does not answer this method.", {
        next: `Use ${allow}.`,
      });
      app.route({
        method: others,
        url,
        exposeHeadRoute: false,
        handler: (request, reply) => replyWithError(request, reply.header("allow", allow), refused, 405),
      });
    }
  };
}
