import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyHttpOptions, RawServerDefault } from "fastify";
import { BatonError } from "../../kernel/index.ts";
import { errorBody, replyWithError } from "./error-reply.ts";
import type { ServerLimits } from "./server-options.ts";

/** How often connections are looked at for requests that take too long to arrive. */
const checkEveryMs = 1000;

/** Bounds on what a connection may do, and answers where HTTP itself is broken; `marks` are headers of every reply. */
export function httpOptions(
  { bodyBytes, timeoutMs }: ServerLimits,
  marks: Readonly<Record<string, string>>,
): FastifyHttpOptions<RawServerDefault> {
  return {
    bodyLimit: bodyBytes,
    requestTimeout: timeoutMs,
    connectionTimeout: 3 * timeoutMs,
    keepAliveTimeout: 72_000,
    http: {
      connectionsCheckingInterval: Math.min(checkEveryMs, timeoutMs),
      headersTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      maxHeaderSize: 16 * 1024,
    },
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: false,
    exposeHeadRoutes: true,
    frameworkErrors: (error, request, reply) => void replyWithError(request, reply.headers(marks), error),
    clientErrorHandler: (error, socket) => answerBrokenHttp(error, socket, marks),
  };
}

/** Node keeps the answer that is under way here: garbage behind a good request must not be answered in its place. */
type SocketWithAnswer = Socket & { readonly _httpMessage?: ServerResponse };

/** Answers what is not HTTP, comes too slowly or with too many headers: there is no request, only a socket. */
function answerBrokenHttp(
  error: NodeJS.ErrnoException,
  socket: Socket,
  marks: Readonly<Record<string, string>>,
): void {
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const pending = (socket as SocketWithAnswer)._httpMessage;
  if (pending?.req.complete && !pending.writableFinished) {
    pending.once("finish", () => socket.destroySoon());
    return;
  }
  const { status, message, next } = brokenHttp[error.code ?? ""] ?? garbage;
  const body = JSON.stringify(errorBody(new BatonError("input-invalid", message, { next }), status));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...Object.entries(marks).map(([name, value]) => `${name}: ${value}`),
      "content-type: application/json",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
    () => socket.destroySoon(),
  );
}

const garbage = {
  status: 400,
  message: "This is not an HTTP/1.1 request.",
  next: "Send HTTP/1.1.",
};

const brokenHttp: Readonly<Record<string, typeof garbage>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    message: "The request took too long to arrive.",
    next: "Send it in one go.",
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    message: "The headers are too large.",
    next: "Send fewer or shorter headers.",
  },
};
