import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Delivery, RequestNotice } from "../../watch/index.ts";
import { deliver } from "./deliveries.ts";
import type { Alerting } from "./ops-file.ts";

const notice = { id: "ab".repeat(32), said: { clause: "retrain.worse" } } as RequestNotice;
const now = () => new Date("2026-01-01T00:00:00Z");
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "baton-deliveries-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function place(id: string, answers: Delivery[]): Alerting & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    id,
    calls,
    notifier: {
      name: `place ${id}`,
      deliver: async ({ id: entry }) => {
        calls.push(entry);
        return answers.shift()!;
      },
    },
  };
}

const told: Delivery = { delivered: true, attempts: 1 };
const down: Delivery = { delivered: false, attempts: 6, problem: "it answered 503, after 6 attempts" };

test("who was told is not told again; who was not is told by the next run", async () => {
  const [first, second] = [place("a", [told]), place("b", [down, told])];
  const run = () => deliver(notice, { alerts: [first, second], folder, now });
  const begun = await run();
  expect(begun.told.map(({ outcome }) => outcome)).toEqual(["told", "failed"]);
  expect(begun.findings.map(({ code, severity, clause }) => [code, severity, clause])).toEqual([
    ["watch.notice-not-delivered", "blocking", "retrain.worse"],
  ]);
  expect((await run()).told.map(({ outcome }) => outcome)).toEqual(["told-before", "told"]);
  expect((await run()).told.map(({ outcome }) => outcome)).toEqual(["told-before", "told-before"]);
  expect([first.calls, second.calls]).toEqual([[notice.id], [notice.id, notice.id]]);
  const record = JSON.parse(await readFile(join(folder, `${"ab".repeat(6)}.deliveries.json`), "utf8"));
  expect(record.delivered.map(({ to }: { to: string }) => to)).toEqual(["a", "b"]);
});

test.each([
  "",
  "{}",
  "[]",
  '{"format_version":1,"entry":"other","delivered":[]}',
  '{"format_version":1,"delivered":[3]}',
])("a record that is not one (%s) tells nobody", async (text) => {
  await writeFile(join(folder, `${"ab".repeat(6)}.deliveries.json`), text);
  const one = place("a", [told]);
  await expect(deliver(notice, { alerts: [one], folder, now })).rejects.toThrow(/is not what baton writes/);
  expect(one.calls).toEqual([]);
});
