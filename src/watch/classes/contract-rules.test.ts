import { expect, it } from "vitest";
import type { ErrorRule } from "../../contract/index.ts";
import { underContractRules } from "./contract-rules.ts";
import type { ErrorGroup } from "./error-group.ts";

const group: ErrorGroup = {
  fingerprint: "0123456789abcdef",
  class: "contract.category",
  clause: "features.carrier",
  owner: "builds",
  severity: "warning",
  first: "2026-01-05T00:00:00.000Z",
  last: "2026-01-06T00:00:00.000Z",
  windows: 1,
  starts: ["2026-01-05T00:00:00.000Z"],
  rows: 30,
  rate: 0.3,
  code: "input.category",
  message: "30 rows break features.carrier.",
  action: "Look.",
  samples: [],
};
const rule = (when: string, rest: Partial<ErrorRule> = {}): ErrorRule => ({
  ...{ id: "wave", class: "business.new-carrier" },
  when,
  ...rest,
});
const after = (...errors: ErrorRule[]) => underContractRules([group], { errors })[0]!;

it("the first rule of the contract that holds says class, owner, severity and action; the fingerprint stays", () => {
  const told = after(
    rule("group.rate > 0.5", { class: "business.flood" }),
    rule('group.class.startsWith("contract.") && group.rate > 0.1', {
      owner: "business",
      severity: "blocking",
    }),
    rule("group.rows > 0", { class: "business.any" }),
  );
  expect(told).toEqual({
    ...group,
    class: "business.new-carrier",
    taxonomy: "contract.category",
    rule: "errors.wave",
    owner: "business",
    severity: "blocking",
  });
});

it("a rule that does not hold, cannot be evaluated or does not compile changes nothing", () => {
  for (const when of ['group.clause == "features.origin"', "1 / (group.rows - 30) > 0", "group.nothing > 1"])
    expect(after(rule(when))).toEqual(group);
});
