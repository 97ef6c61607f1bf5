import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { largeWatch } from "../../../test/support/large-watch.ts";
import { watchPage } from "../../watch/index.ts";
import { reportDocument } from "./document.ts";
import { el, markupOf } from "./element.ts";

const assets = { script: "console.log(1);", style: "p{color:red}" };
const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'&\u2028\u202e`;

describe("the document", () => {
  const html = reportDocument(
    watchPage(largeWatch({ features: 4, windows: 8, word: (place) => `${place} ${hostile}` })),
    assets,
  );

  it("lets nothing run but its own script and style, by hash", () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)!;
    const hash = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
    expect(policy!.replaceAll("&#39;", "'")).toBe(
      `default-src 'none'; script-src '${hash(assets.script)}'; style-src '${hash(assets.style)}'; base-uri 'none'; form-action 'none'`,
    );
    expect(html).not.toMatch(/<[^>]+ (style|on\w+)=/);
  });

  it("holds the words of others as text alone", () => {
    const bare = html.replace(/<script[\s\S]*?<\/script>/g, "");
    expect(bare).not.toMatch(/<(img|script)/);
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toMatch(/[\u2028\u202e]/);
    const [, data] = /id="data">(.*?)<\/script>/.exec(html)!;
    const { columns } = JSON.parse(data!) as { columns: { clause: string }[] };
    expect(columns.some(({ clause }) => clause.includes("</script>"))).toBe(true);
  });

  it("refuses a script that would end its own element", () => {
    const page = watchPage(largeWatch({ features: 1, windows: 1 }));
    expect(() => reportDocument(page, { ...assets, script: "'</script>'" })).toThrow("end its own element");
  });
});

it("escapes text and attribute values, and shows what cannot be seen", () => {
  expect(markupOf(el("p", { title: `"><b>` }, "a<b>&'", false, ["\u202e", 7]))).toBe(
    '<p title="&quot;&gt;&lt;b&gt;">a&lt;b&gt;&amp;&#39;\\u202e7</p>',
  );
});
