import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paint, type Session } from "../session.ts";
import { textTable } from "../text-table.ts";
import { githubAnnotations } from "./github.ts";
import { prettyFindings } from "./pretty.ts";
import { cellLine, oneLine, unobeyed, visible } from "./visible.ts";

const session = (color: boolean) => ({ color }) as Session;
const dangerous = /\p{Cc}|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const esc = "\u001b";
const own = new RegExp(`${esc}\\[\\d{1,2}m|\r${esc}\\[K|[\n\t]`, "g");
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\u001b", "[", "2J", "]0;", "\u0007", "\u009b", "\u202e", "\n", "\r", "\t", "31m", "\0"),
    fc.string({ maxLength: 3 }),
  ),
});

describe("text from outside", () => {
  it("moves no cursor and turns no text round", () => {
    fc.assert(
      fc.property(text, (hostile) => {
        expect(visible(hostile, false).replace(/[\n\t]/g, "")).not.toMatch(dangerous);
        expect(oneLine(hostile)).not.toMatch(dangerous);
        const coloured = visible(hostile, true).replace(own, "");
        expect(coloured).not.toMatch(dangerous);
      }),
    );
  });

  it("reads the same in JSON", () => {
    fc.assert(
      fc.property(text, (hostile) => {
        expect(JSON.parse(visible(JSON.stringify({ hostile }, null, 2), false))).toEqual({ hostile });
      }),
    );
  });

  it("begins no line of its own in findings and tables", () => {
    const hostile = "one\n::add-mask::two\u001b[2J";
    const finding = {
      code: "x.y",
      severity: "warning",
      message: hostile,
      next: hostile,
      path: hostile,
    } as const;
    const table = textTable(session(false), ["clause"], [[hostile]]);
    for (const shown of [prettyFindings(session(false), [finding]), table])
      expect(shown).not.toMatch(/^\s*::/m);
  });

  it("is no command to a runner of CI, in whatever line it stands", () => {
    const hostile = [
      "::add-mask::a",
      "  \t::set-output name=x::y",
      "well ##[set-output name=x]y",
      "##vso[task.setvariable]x",
      "::error::x",
      "::stop-commands::x",
    ];
    const safe = unobeyed(hostile.join("\n"));
    expect(safe).not.toMatch(/^\s*::/m);
    expect(safe).not.toMatch(/##\w*\[/);
    expect(JSON.parse(unobeyed(JSON.stringify({ hostile }, null, 2)))).toEqual({ hostile });
  });

  it("leaves our own annotations what they are", () => {
    const words = { code: "x.y", message: "a: b", next: "Do c.", file: "a,b:c.yaml" };
    const finding = { ...words, severity: "warning", line: 3, column: 1 } as const;
    const annotations = githubAnnotations([finding, { ...finding, severity: "blocking" }]);
    expect(unobeyed(annotations)).toBe(annotations);
  });

  it("leaves the program's own colours", () => {
    const red = paint(session(true), "red", "fail");
    expect(red).toContain("\u001b[31m");
    expect(cellLine(red)).toBe(red);
    expect(visible(`${red}\r\u001b[K`, true)).toBe(`${red}\r\u001b[K`);
    expect(visible("\u001b[31mfail", false)).toBe("\\u001b[31mfail");
  });
});
