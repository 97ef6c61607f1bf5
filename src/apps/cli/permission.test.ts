import { describe, expect, it } from "vitest";
import { contractOf } from "../../../test/support/contract-of.ts";
import type { Contract } from "../../contract/index.ts";
import { nobody, readHistory } from "../../relay/index.ts";
import type { Desk } from "./desk.ts";
import { permission } from "./permission.ts";
import type { Session } from "./session.ts";

const session: Session = {
  cwd: "/",
  env: {},
  out: () => {},
  err: () => {},
  now: () => new Date("2026-01-01T00:00:00Z"),
  color: false,
  interactive: false,
  width: 100,
};

/** A folder that nobody sealed, with a relay in which nothing happened. */
const desk = (contract: Contract) =>
  ({
    handoff: { contract, shown: "churn", digest: "00".repeat(32) },
    people: nobody,
    relay: { history: readHistory({ entries: [], people: nobody, model: "churn" }) },
  }) as unknown as Desk;

describe("what may run", () => {
  it("is a sketch without a model, because its answers are made up", async () => {
    const allowed = await permission(session, desk(contractOf({ level: "sketch" })), {});
    expect(allowed.irregular).toEqual([]);
  });

  it("is no model for calling itself a sketch", async () => {
    const contract = contractOf({ level: "sketch", run: { kind: "onnx", path: "model.onnx" } });
    await expect(permission(session, desk(contract), {})).rejects.toMatchObject({
      code: "baton-refused",
      next: expect.stringContaining("say so: --allow-unsigned --allow-unaccepted."),
    });
    const allowed = await permission(session, desk(contract), { allowUnsigned: true, allowUnaccepted: true });
    expect(allowed.irregular).toEqual(["unsigned", "unaccepted"]);
  });
});
