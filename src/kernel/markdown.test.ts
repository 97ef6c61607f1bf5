import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownCode, markdownTable, markdownText } from "./markdown.ts";

/** What a renderer shows: escapes undone, the unseen character gone. */
const shown = (text: string) =>
  text
    .replaceAll("\u200b", "")
    .replaceAll(/\\([!-/:-@[-`{-~])/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

describe("text from outside in Markdown", () => {
  it.each([
    "@everyone look",
    "fixes #12, !34, ~bug, %5, $6, &7, acme/repo#8",
    "<img src=x onerror=alert(1)> <!-- baton -->",
    "[click](javascript:alert(1)) ![x](https://example.org/x.png)",
    "https://example.org and www.example.org",
    "/close",
    "- [ ] list\n# heading\n> quote",
    "# heading",
    "1. first",
    "__bold__ snake_case _it_",
    "see\n/close\n@all",
    "a | b `c` **d** _e_ ~~f~~",
    ":tada:",
  ])("does nothing: %s", (hostile) => {
    const text = markdownText(hostile);
    expect(text).not.toMatch(/[@#!~%$&][A-Za-z0-9]+(?<!&lt|&gt|&amp)\b(?!;)/);
    expect(text).not.toMatch(/^[-+=#/]|^\d+[.)]/);
    expect(text).not.toMatch(/[<>\n]|(?<!\\)[|`*[\]]|(?<![\\A-Za-z0-9])_|:\/\//);
  });

  it("shows what was written, on one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (written) => {
        const text = markdownText(written);
        expect(text).not.toMatch(/\n/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
        expect(shown(text)).toBe(written.replaceAll(/[\u0000-\u001f\u007f]+/g, " ").trim());
      }),
    );
  });

  it("is code where it names something, whatever ticks it holds", () => {
    expect(markdownCode("gates.auc")).toBe("`gates.auc`");
    expect(markdownCode("a`b``c")).toBe("``` a`b``c ```");
    expect(markdownCode("a|b\nc")).toBe("`a\\|b c`");
    expect(markdownCode("a\\|b")).toBe("<code>a\\\\\\|b</code>");
    expect(markdownCode("")).toBe("");
  });

  it("makes tables, and none without rows", () => {
    expect(markdownTable(["a", "b"], [["1", ""]])).toBe("| a | b |\n| --- | --- |\n| 1 |   |\n");
    expect(markdownTable(["a"], [])).toBe("");
  });
});
