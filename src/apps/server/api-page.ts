import type { Contract } from "../../contract/index.ts";
import { featureTable, limitationList, outputTable, ruleList } from "./api-page-clauses.ts";
import { script } from "./api-page-script.ts";
import { style } from "./api-page-style.ts";
import { brokenExample } from "./broken-example.ts";
import { type Html, html, rawHtml } from "./html.ts";
import type { ExampleRecord } from "./public-examples.ts";
import type { ServerOptions } from "./server-options.ts";

/** A page, and the script in it by whose digest it may run. */
export interface ApiPage {
  readonly script: string;
  /** The page as it is read at an address: `http://host:port`. */
  html(address: string): string;
}

/** What the page says; `examples` are already fit to be shown. */
export type PageContent = Pick<ServerOptions, "contract" | "irregular" | "digest" | "version"> & {
  readonly examples: readonly ExampleRecord[];
};

const addressMark = "http://baton-address.invalid";

/** One self-contained page: what the model takes and gives, by which rules, and a place to try it. */
export function apiPage(content: PageContent): ApiPage {
  const parts = pageMarkup(content).split(addressMark);
  return { script, html: (address) => parts.join(address) };
}

function pageMarkup(content: PageContent): string {
  const { contract, version } = content;
  const { name, version: modelVersion } = contract.model;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name} ${modelVersion} · API</title>
<link rel="icon" href="data:,">
<style>${rawHtml(style)}</style>
</head>
<body>
${header(content)}
<main>
${tryIt(content)}
<section aria-labelledby="features"><h2 id="features">What it takes</h2>${featureTable(contract.features)}</section>
${ruleList(contract.rules)}
<section aria-labelledby="outputs"><h2 id="outputs">What it gives</h2>${outputTable(contract.outputs)}${onFailure(contract)}</section>
${limitationList(contract)}
${links(name)}
</main>
<footer>Made from the contract by baton ${version}.</footer>
<script>${rawHtml(script)}</script>
</body>
</html>
`.markup;
}

function header({ contract, irregular, digest }: PageContent): Html {
  const { model, level, owners, use, run } = contract;
  const people = Object.entries(owners).map(
    ([role, address]) => html`<div><dt>${role}</dt><dd>${address}</dd></div>`,
  );
  return html`<header>
<p class="eyebrow">${model.task.replace("-", " ")}, level ${level}</p>
<h1>${model.name} <small>${model.version}</small></h1>
<p class="lead">${use}</p>
${irregular.length > 0 ? html`<p class="notice" role="note"><strong>Served against the rules:</strong> ${irregular.join(", ")}.</p>` : undefined}
${run === undefined ? html`<p class="notice" role="note"><strong>This is a sketch.</strong> There is no model yet: answers are made up. They keep to the contract and mean nothing.</p>` : undefined}
<dl class="facts">${people}<div><dt>content digest</dt><dd><code title="sha256:${digest}">${digest.slice(0, 16)}</code></dd></div></dl>
</header>`;
}

function tryIt({ contract, examples }: PageContent): Html {
  const { name } = contract.model;
  const path = `/v1/models/${encodeURIComponent(name)}/predict`;
  const good = examples[0] ?? {};
  const broken = brokenExample(contract, good);
  const bodyOf = (record: ExampleRecord) => JSON.stringify({ records: [record] }, null, 2);
  return html`<section aria-labelledby="try">
<h2 id="try">Try it</h2>
<p><code class="wrap">POST ${path}</code> takes named records. Change a value, leave one out, break a rule: the answer names the clause.</p>
<form id="form" data-path="${path}">
<p class="choices" data-needs-script hidden><button type="button" class="quiet" data-example="${bodyOf(good)}">A good row</button>${broken ? html`<button type="button" class="quiet" data-example="${bodyOf(broken)}">A row that breaks a clause</button>` : undefined}</p>
<div class="panes">
<div><label for="request">Request</label><textarea id="request" spellcheck="false" autocomplete="off" rows="20">${bodyOf(good)}</textarea><p data-needs-script hidden><button type="submit">Send</button></p></div>
<div data-needs-script hidden><div class="label"><span id="answer-label">Answer</span> <span id="status" role="status"></span></div><pre id="answer" tabindex="0" role="region" aria-labelledby="answer-label">Press Send.</pre></div>
</div>
</form>
<noscript><p class="soft">Trying it here needs scripts. From a shell it does not:</p></noscript>
<details open><summary>From a shell</summary><pre tabindex="0" role="region" aria-label="Command">${curl(path, good)}</pre></details>
</section>`;
}

function curl(path: string, record: ExampleRecord): string {
  const body = JSON.stringify({ records: [record] }).replaceAll("'", "'\\''");
  return `curl -s ${addressMark}${path} \\\n  -d '${body}'`;
}

function onFailure({ onFailure: policy }: Contract): Html | undefined {
  if (!policy) return undefined;
  const answer = policy.answer === "none" ? "it gives no answer" : `it answers ${policy.answer}`;
  return html`<p>When it cannot answer, ${answer}. What the caller then does: ${policy.caller}</p>`;
}

function links(name: string): Html {
  const base = `/v2/models/${encodeURIComponent(name)}`;
  return html`<section aria-labelledby="more"><h2 id="more">For programs</h2><ul class="links">
<li><a href="/openapi.json">OpenAPI document</a> for client generators</li>
<li><a href="/contract">Contract</a> as it was sealed</li>
<li><a href="/metrics">Metrics</a> for Prometheus</li>
<li><a href="${base}">Open Inference Protocol metadata</a>; JSON tensors go to <code class="wrap">${base}/infer</code></li>
</ul></section>`;
}
