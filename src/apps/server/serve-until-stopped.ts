import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { BatonError, messageOf } from "../../kernel/index.ts";
import type { BatonServer } from "./create-server.ts";

/** What tells the process to stop: `process`, or something like it in tests. */
export interface SignalSource {
  on(event: string, listener: (...given: unknown[]) => void): unknown;
  off(event: string, listener: (...given: unknown[]) => void): unknown;
}

/** Where to listen, and how to end. */
export interface ServeOptions {
  readonly server: BatonServer;
  /** `127.0.0.1` unless said otherwise: nobody else can reach it. */
  readonly host?: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly signals?: SignalSource;
  /** How long health says not ready while requests are still answered, so that balancers look elsewhere first. */
  readonly lameDuckMs?: number;
  /** How long requests under way may take after that. */
  readonly graceMs?: number;
}

/** How serving ended. */
export interface Stopped {
  readonly signal: string;
  /** Every request under way was answered. False after a second signal, or when the grace ran out. */
  readonly clean: boolean;
}

/** A server that listens. */
export interface Served {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Resolves when it has ended; never rejects. */
  readonly stopped: Promise<Stopped>;
}

const stopSignals = ["SIGTERM", "SIGINT"] as const;

/**
 * Listens, and ends on SIGTERM or SIGINT: health says not ready, requests under way are answered, then it closes. A second
 * signal ends it at once. An error that nobody caught is logged and counted, and serving goes on: one bad request never
 * ends it. Prints nothing. @throws BatonError `unavailable` where it cannot listen
 */
export async function serveUntilStopped(options: ServeOptions): Promise<Served> {
  const { server, host = "127.0.0.1", port, signals = process } = options;
  try {
    await server.app.listen({ host, port });
  } catch (cause) {
    throw new BatonError("unavailable", `Cannot listen on ${host}:${port}: ${messageOf(cause)}.`, {
      next: "Choose another port, or 0 for a free one.",
      cause,
    });
  }
  const release = [catchStrays(server, signals)];
  const stopped = stopOnSignal(options, signals, release);
  const address = server.app.server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, host: address.address, port: address.port, stopped };
}

/** One line in the log for what nobody caught, and serving goes on. */
function catchStrays({ log, metrics }: BatonServer, source: SignalSource): () => void {
  const stray = (kind: "unhandled-rejection" | "uncaught-exception") => (thrown: unknown) => {
    metrics.fault(kind);
    log.error(kind, { message: messageOf(thrown), at: firstFrame(thrown) });
  };
  const rejection = stray("unhandled-rejection");
  const exception = stray("uncaught-exception");
  source.on("unhandledRejection", rejection);
  source.on("uncaughtException", exception);
  return () => {
    source.off("unhandledRejection", rejection);
    source.off("uncaughtException", exception);
  };
}

function firstFrame(thrown: unknown): string {
  const frame =
    thrown instanceof Error ? thrown.stack?.split("\n").find((line) => /^\s+at /.test(line)) : undefined;
  return frame?.trim() ?? "unknown";
}

function stopOnSignal(
  options: ServeOptions,
  source: SignalSource,
  release: (() => void)[],
): Promise<Stopped> {
  return new Promise((resolve) => {
    const hurry = new AbortController();
    let first: string | undefined;
    const listeners = stopSignals.map((signal) => {
      const listener = () => {
        if (first !== undefined) return hurry.abort();
        first = signal;
        close(options, hurry.signal).then((clean) => {
          for (const undo of release) undo();
          resolve({ signal, clean });
        });
      };
      source.on(signal, listener);
      return () => void source.off(signal, listener);
    });
    release.push(...listeners);
  });
}

/** Ends a server in the order that loses no request; true where all were answered. */
async function close(options: ServeOptions, hurry: AbortSignal): Promise<boolean> {
  const { server, lameDuckMs = 1000, graceMs = 10_000 } = options;
  server.leave();
  await pauseUnless(hurry, lameDuckMs);
  server.drain();
  const closed = server.app.close().then(
    () => true,
    () => false,
  );
  const late = pauseUnless(hurry, graceMs).then(() => false);
  const clean = await Promise.race([closed, late]);
  if (!clean) {
    server.log.warn("stopped-with-requests-under-way");
    server.app.server.closeAllConnections();
    await Promise.race([closed, pause(100)]);
  }
  return clean;
}

async function pauseUnless(hurry: AbortSignal, ms: number): Promise<void> {
  await pause(ms, undefined, { signal: hurry, ref: false }).catch(() => undefined);
}
