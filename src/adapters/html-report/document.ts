import { createHash } from "node:crypto";
import { BatonError } from "../../kernel/index.ts";
import { seenText, type WatchPage } from "../../watch/index.ts";
import { el, type Markup, markupOf } from "./element.ts";
import { errorSection } from "./error-section.ts";
import { pageHeader, verdictSection } from "./header-section.ts";
import { heatSection } from "./heat-section.ts";
import { notesSection } from "./notes-section.ts";
import { performanceSection } from "./performance-section.ts";
import { timeSection } from "./time-section.ts";
import { latencySection, volumeSection } from "./window-section.ts";

/** Script and style of the page, as built from `web/report/`. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

const contents: readonly (readonly [string, string])[] = [
  ["verdict", "Verdict"],
  ["features", "Features"],
  ["performance", "Performance"],
  ["errors", "Errors"],
  ["time-line", "Time line"],
  ["volume", "Volume"],
  ["latency", "Latency"],
  ["notes", "How to read this"],
];

/**
 * A report as one HTML file that needs nothing else: no network, no server. Scripts and styles other than its own never
 * run (Content Security Policy by hash), and all text is escaped: names, categories and samples may be anybody's.
 */
export function reportDocument(page: WatchPage, { script, style }: PageAssets): string {
  if (/<\/(script|style)/i.test(script + style))
    throw new BatonError("internal", "The page's script or style would end its own element.");
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`;
  const head = [
    el("meta", { charset: "utf-8" }),
    el("meta", { "http-equiv": "Content-Security-Policy", content: policy }),
    el("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    el("meta", { name: "color-scheme", content: "light dark" }),
    el("meta", { name: "referrer", content: "no-referrer" }),
    el("title", {}, `${page.model} ${page.version}: watch report`),
  ];
  const body = [
    el("a", { href: "#main", class: "skip" }, "Skip to the verdict"),
    pageHeader(page),
    el(
      "nav",
      { "aria-label": "Parts of this report" },
      el(
        "ul",
        {},
        contents.map(([id, name]) => el("li", {}, el("a", { href: `#${id}` }, name))),
      ),
    ),
    el("main", { id: "main", tabindex: -1 }, sections(page)),
    el(
      "footer",
      {},
      "Made by ",
      el("code", {}, "baton watch --html"),
      ". The same numbers: ",
      el("code", {}, "baton watch --json"),
      ".",
    ),
  ];
  return [
    '<!doctype html>\n<html lang="en"><head>',
    markupOf(head),
    `<style>${style}</style></head>\n<body>`,
    markupOf(body),
    `\n<script type="application/json" id="data">${inScript(page.data)}</script>`,
    `\n<script>${script}</script>\n</body></html>\n`,
  ].join("");
}

function sections(page: WatchPage): Markup[] {
  return [
    verdictSection(page),
    heatSection(page),
    performanceSection(page),
    errorSection(page),
    timeSection(page),
    volumeSection(page),
    latencySection(page),
    notesSection(page),
  ];
}

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** JSON that no HTML parser can take for markup; the page shows what cannot be seen as what it is. */
function inScript(data: unknown): string {
  return JSON.stringify(data, (_, value) => (typeof value === "string" ? seenText(value) : value)).replaceAll(
    "<",
    "\\u003c",
  );
}
