import { expect, test } from "vitest";
import { jsonLog } from "./server-log.ts";

test("each event is one JSON line with level, time and fields", () => {
  const lines: string[] = [];
  const log = jsonLog({ write: (line) => void lines.push(line) });
  log.warn("stopped", { signal: "SIGTERM" });
  log.error("failed", { message: "two\nlines" });
  expect(lines).toHaveLength(2);
  expect(lines.every((line) => line.trim().split("\n").length === 1)).toBe(true);
  expect(JSON.parse(lines[0] as string)).toMatchObject({ level: 40, event: "stopped", signal: "SIGTERM" });
  expect(JSON.parse(lines[1] as string)).toMatchObject({ level: 50, event: "failed", message: "two\nlines" });
});
