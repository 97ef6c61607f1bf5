import { expect, it } from "vitest";
import { largeWatch } from "../../../../test/support/large-watch.ts";
import { watchPage } from "../../../watch/index.ts";
import { watchMarkdown } from "./watch-markdown.ts";

it("says verdict, what to do first and the worst columns", () => {
  const text = watchMarkdown(watchPage(largeWatch({ features: 6, windows: 12 })));
  expect(text).toMatch(/^## model 1\.0\.0: Fails: /);
  expect(text).toContain("### Do this first");
  expect(text).toMatch(/\| feature [05] \| builds \| \d+ of 12 \|/);
});

it("keeps the words of others from being markup, and tables whole", () => {
  const hostile = "<img src=x>|\n# [a](http://b) `c` **d**";
  const text = watchMarkdown(
    watchPage(largeWatch({ features: 6, windows: 12, word: (place) => `${place} ${hostile}` })),
  );
  expect(text).not.toMatch(/(?<!\\)<img|(?<!\\)\[a|(?<!\\)`c/);
  const widths = text
    .split("\n")
    .filter((one) => one.startsWith("| "))
    .map((one) => one.split(/(?<!\\)\|/).length);
  expect(new Set(widths)).toEqual(new Set([8]));
});

it("calls nobody and links nothing", () => {
  const hostile = "@everyone #12 https://example.org www.example.org";
  const text = watchMarkdown(
    watchPage(largeWatch({ features: 6, windows: 12, word: (place) => `${place} ${hostile}` })),
  );
  const prose = text.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
  expect(prose).toContain("everyone");
  expect(prose).not.toMatch(/[@#]\w|:\/\/|www\.\w/);
});
