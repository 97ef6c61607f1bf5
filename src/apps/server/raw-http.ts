import { connect } from "node:net";

/** Sends raw bytes to a port and gives back everything until the other side closes; for tests of what is no HTTP. */
export function sendRaw(
  port: number,
  parts: readonly (string | Uint8Array)[],
  closeAfterMs = 5000,
): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: "127.0.0.1" }, () => {
      for (const part of parts) socket.write(part);
    });
    const timer = setTimeout(() => socket.destroy(), closeAfterMs);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString("latin1"));
    });
  });
}
