import { expect, it } from "vitest";
import type { Finding } from "../../kernel/index.ts";
import { oneForEachCause } from "./one-cause.ts";

const finding = (code: string, clause?: string, message = code): Finding => ({
  code,
  severity: "blocking",
  message,
  next: "Mend it.",
  ...(clause === undefined ? {} : { clause }),
});

it("joins the same code about the same clause, and keeps both files", () => {
  const joined = oneForEachCause([
    finding("data.out-of-range", "features.a", "in training"),
    finding("data.out-of-range", "features.b", "elsewhere"),
    finding("data.out-of-range", "features.a", "in the joint set"),
    finding("data.out-of-range", "features.a", "in training"),
  ]);
  expect(joined.map(({ message }) => message)).toEqual(["in training in the joint set", "elsewhere"]);
});

it("drops what follows from another finding about the same clause, and about no other", () => {
  const kept = oneForEachCause([
    finding("model.input-type", "features.a"),
    finding("data.column-type", "features.a"),
    finding("data.column-type", "features.b"),
    finding("golden.column-type", "features.b"),
  ]);
  expect(kept.map(({ code, clause }) => [code, clause])).toEqual([
    ["model.input-type", "features.a"],
    ["data.column-type", "features.b"],
  ]);
});

it("drops what follows whatever the clause", () => {
  const kept = oneForEachCause([
    finding("profile.stale"),
    finding("digests.stale"),
    finding("joint.earlier"),
  ]);
  expect(kept.map(({ code }) => code)).toEqual(["digests.stale", "joint.earlier"]);
});

it("changes nothing where each finding has a cause of its own", () => {
  const all = [finding("a.one"), finding("a.two"), finding("a.one", "features.x")];
  expect(oneForEachCause(all)).toEqual(all);
});
