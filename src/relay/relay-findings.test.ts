import { expect, it } from "vitest";
import { relayFindings } from "./relay-findings.ts";

it("every finding has a page that a person can use, under a name of this stage", () => {
  for (const [code, kind] of Object.entries(relayFindings)) {
    expect(code).toMatch(/^(relay|people)\.[a-z]+(-[a-z]+)*$/);
    for (const text of [kind.title, kind.what, kind.why, kind.mend]) expect(text.length).toBeGreaterThan(8);
    for (const text of [kind.what, kind.why, kind.mend]) expect(text).toMatch(/\.$/);
  }
});
