import type { Contract, Feature, Output, Rule } from "../../contract/index.ts";
import { type Html, html } from "./html.ts";

/** What the model takes: a table of features. */
export function featureTable(features: readonly Feature[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Features"><table class="stack">
<thead><tr><th scope="col">Feature</th><th scope="col">Enforced</th><th scope="col">Expected</th><th scope="col">When missing</th><th scope="col">Meaning</th></tr></thead>
<tbody>${features.map(featureRow)}</tbody></table></div>`;
}

function featureRow(feature: Feature): Html {
  const { name, type, shape, unit, missing, how, why, sensitive } = feature;
  const kind = `${type}${shape.length > 0 ? `[${shape.map((size) => (size === -1 ? "any" : size)).join("×")}]` : ""}`;
  const measured = unit && unit !== "1" ? `, ${unit}` : "";
  const mark = sensitive ? html` <small class="mark">sensitive</small>` : undefined;
  return html`<tr><th scope="row"><code>${name}</code>${mark}<small class="kind">${kind}${measured}</small></th>
${feature.values ? cell("Enforced", values(feature)) : bounds("Enforced", feature.range)}
${bounds("Expected", feature.expected)}
${cell("When missing", missing === "allowed" ? "answered" : "rejected")}
<td class="prose" data-label="Meaning">${how} ${why ? html`<span class="soft">${why}</span>` : undefined}</td></tr>`;
}

const dash = html`<span class="soft none">–</span>`;

function cell(label: string, content: Html | string): Html {
  return html`<td data-label="${label}">${content}</td>`;
}

function bounds(label: string, range: Feature["range"]): Html {
  return html`<td class="bounds" data-label="${label}">${rangeText(range) ?? dash}</td>`;
}

const mostShown = 6;

function values({ values: list = [], unknown }: Feature): Html {
  const others = unknown === "reject" ? "others are rejected" : "others are answered with a warning";
  const all = list.join(", ");
  if (list.length <= mostShown)
    return html`<span class="wrap">${all}</span><small class="kind">${others}</small>`;
  return html`<details><summary>${list.length} values</summary><span class="wrap">${all}</span></details><small class="kind">${others}</small>`;
}

/** What the model gives: a table of outputs. */
export function outputTable(outputs: readonly Output[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Outputs"><table class="stack">
<thead><tr><th scope="col">Output</th><th scope="col">Range</th><th scope="col">Decision</th><th scope="col">Meaning</th></tr></thead>
<tbody>${outputs.map(outputRow)}</tbody></table></div>`;
}

function outputRow({ name, type, range, threshold, meaning, unit }: Output): Html {
  const measured = unit && unit !== "1" ? `, ${unit}` : "";
  return html`<tr><th scope="row"><code>${name}</code><small class="kind">${type}${measured}</small></th>
${bounds("Range", range)}
${cell("Decision", threshold === undefined ? dash : `true from ${threshold}`)}
<td class="prose" data-label="Meaning">${meaning}</td></tr>`;
}

/** The rules between features, where there are any. */
export function ruleList(rules: readonly Rule[]): Html | undefined {
  if (rules.length === 0) return undefined;
  return html`<section aria-labelledby="rules"><h2 id="rules">Rules</h2><ul class="clauses">${rules.map(ruleItem)}</ul></section>`;
}

function ruleItem({ id, assert, otherwise, text }: Rule): Html {
  const reaction =
    otherwise === "reject" ? "Otherwise the row is rejected." : "Otherwise the answer has a warning.";
  return html`<li><strong>${id}</strong> <code>${assert}</code><p>${text} <span class="soft">${reaction}</span></p></li>`;
}

/** What the model cannot do, where the contract says so. */
export function limitationList({ limitations }: Contract): Html | undefined {
  if (limitations.length === 0) return undefined;
  const items = limitations.map(({ id, text, keptBy }) => {
    const keeper = keptBy === "stated" ? "people" : keptBy;
    return html`<li><strong>${id}</strong><p>${text} <span class="soft">Kept by ${keeper}.</span></p></li>`;
  });
  return html`<section aria-labelledby="limits"><h2 id="limits">What it cannot do</h2><ul class="clauses">${items}</ul></section>`;
}

function rangeText(range: Feature["range"]): string | undefined {
  if (!range) return undefined;
  const [low, high] = range;
  if (low === null) return high === null ? undefined : `at most ${high}`;
  return high === null ? `at least ${low}` : `${low} to ${high}`;
}
