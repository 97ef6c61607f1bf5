import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { BatonError, messageOf } from "../../kernel/index.ts";
import { type Admission, createAdmission, type ServingState } from "./admission.ts";
import { addDocumentRoutes } from "./document-routes.ts";
import { errorBody, failureOf, nowhere, replyWithError } from "./error-reply.ts";
import { httpOptions } from "./http-options.ts";
import { answerOtherMethods } from "./method-routes.ts";
import { createMetrics, type ServerMetrics } from "./metrics.ts";
import { observeServed } from "./observe-served.ts";
import { addInferenceProtocolRoutes } from "./oip-routes.ts";
import { addRecordRoutes } from "./record-routes.ts";
import { type ServerLog, silentLog } from "./server-log.ts";
import type { ServerOptions } from "./server-options.ts";
import { headerText, type Serving } from "./serving.ts";

/** A server that is ready to listen, and the switches that make it go. */
export interface BatonServer {
  readonly app: FastifyInstance;
  readonly metrics: ServerMetrics;
  readonly log: ServerLog;
  state(): ServingState;
  /** From now on health says not ready; requests are still answered. */
  leave(): void;
  /** From now on new predictions get 503; those under way are answered. */
  drain(): void;
}

/** Builds the HTTP server of one baton. It opens no socket: see `serveUntilStopped`, or `app.inject` in tests. */
export function createServer(options: ServerOptions): BatonServer {
  const log = options.log ?? silentLog;
  const marks = replyMarks(options);
  const app = Fastify(httpOptions(options.limits, marks));
  app.server.maxConnections = options.limits.connections;
  const serving = share(options);
  const { admission, metrics } = serving;

  acceptAnyBody(app);
  markReplies(app, marks, admission);
  answerErrors(app, log);
  app.addHook("onResponse", async (request, reply) =>
    metrics.reply(request.routeOptions.url ?? "other", reply.statusCode, reply.elapsedTime),
  );
  const answerRest = answerOtherMethods(app);
  addRecordRoutes(app, serving);
  addInferenceProtocolRoutes(app, serving);
  addDocumentRoutes(app, serving);
  answerRest();
  return { app, metrics, log, state: admission.state, leave: admission.leave, drain: admission.drain };
}

function share(options: ServerOptions): Serving {
  const { model } = options.contract;
  const admission = createAdmission(options.limits);
  const metrics = createMetrics(model.name, model.version, admission.inFlight);
  const show = observeServed(options.observer, metrics.observationLost);
  return {
    options,
    admission,
    metrics,
    async answer(work) {
      try {
        return await admission.admit(work);
      } catch (thrown) {
        const code = failureOf(thrown);
        if (code) show.failed(code);
        throw thrown;
      }
    },
    predicted(call) {
      metrics.prediction(call.prediction, call.durationMs);
      show.served(call);
    },
    mark(reply, prediction) {
      if (prediction.madeUp) reply.header("baton-sketch", "made-up answers");
    },
  };
}

/** Clients of the inference protocol send no content type, or a wrong one: every body arrives as bytes. */
function acceptAnyBody(app: FastifyInstance): void {
  const compressed = new BatonError("unsupported", "Compressed bodies are not served here.", {
    next: "Send the body without content-encoding.",
  });
  app.addHook("onRequest", (request, _reply, done) => {
    const { headers } = request.raw;
    if (headers["content-type"] !== undefined) headers["content-type"] = "application/octet-stream";
    const coding = headers["content-encoding"] ?? "identity";
    done(coding === "identity" ? undefined : compressed);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}

/** Headers of every reply: what is served, and why it normally would not be. */
function replyMarks({ contract, digest, irregular }: ServerOptions): Readonly<Record<string, string>> {
  const { name, version } = contract.model;
  return {
    "baton-model": headerText(`${name}/${version}`),
    "baton-digest": headerText(`sha256:${digest}`),
    "x-content-type-options": "nosniff",
    ...(irregular.length > 0 ? { "baton-warning": headerText(irregular.join(", ")) } : {}),
  };
}

function markReplies(
  app: FastifyInstance,
  marks: Readonly<Record<string, string>>,
  { state }: Admission,
): void {
  app.addHook("onSend", (_request, reply, payload, done) => {
    reply.headers(marks);
    if (state() !== "ready") reply.header("connection", "close");
    done(null, payload);
  });
}

function answerErrors(app: FastifyInstance, log: ServerLog): void {
  app.setErrorHandler((error, request: FastifyRequest, reply: FastifyReply) => {
    const { status, code } = errorBody(error);
    if (status === 500)
      log.error("request-failed", {
        route: request.routeOptions.url ?? "other",
        code,
        message: messageOf(error),
      });
    return replyWithError(request, reply, error);
  });
  app.setNotFoundHandler((request, reply) =>
    replyWithError(request, reply, new BatonError("not-found", nowhere.message, nowhere)),
  );
}
