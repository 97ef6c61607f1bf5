/** Looks of the API page: system fonts, light and dark, wide and narrow, print. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --line: #d8dee4; --tint: #f5f7f9; --accent: #0a58a8; --on-accent: #fff; --good: #17692f; --bad: #b3101d; --notice: #fff3d1; --notice-ink: #5c4400; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b3; --paper: #0f1419; --line: #2d3640; --tint: #171d24; --accent: #74b6f9; --on-accent: #08131f; --good: #56d07a; --bad: #ff8a82; --notice: #38300f; --notice-ink: #f4dc92; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 68rem; padding: 2.75rem 1.5rem 4rem; font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: clamp(1.7rem, 5vw, 2.3rem); line-height: 1.15; margin: 0 0 .75rem; letter-spacing: -.02em; overflow-wrap: anywhere; }
h1 small { font-size: .6em; font-weight: 400; letter-spacing: 0; color: var(--soft); }
h2 { font-size: 1.25rem; margin: 3rem 0 .75rem; }
p { margin: 0 0 .9rem; max-width: 52rem; }
.eyebrow { margin: 0 0 .35rem; color: var(--soft); font-size: .875rem; }
.lead { font-size: 1.1rem; max-width: 44rem; margin: 0 0 1.5rem; }
.facts { display: flex; flex-wrap: wrap; gap: .9rem 2.25rem; margin: 1.5rem 0 0; padding-top: 1.1rem; border-top: 1px solid var(--line); font-size: .9rem; }
.facts dt { color: var(--soft); font-size: .8rem; } .facts dd { margin: 0; overflow-wrap: anywhere; }
.notice { background: var(--notice); color: var(--notice-ink); padding: .75rem 1rem; border-radius: 8px; max-width: 44rem; }
code, pre, textarea { font: .85rem/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.soft { color: var(--soft); } .wrap { overflow-wrap: anywhere; white-space: normal; }
.panes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; }
.panes > div:not([hidden]) { display: flex; flex-direction: column; min-width: 0; }
label, .label { font-size: .875rem; font-weight: 600; margin-bottom: .35rem; }
textarea, pre { margin: 0; padding: .85rem 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--tint); color: var(--ink); width: 100%; overflow: auto; }
textarea { resize: vertical; }
#answer { max-height: 36rem; min-height: 8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
#status { font-weight: 400; color: var(--soft); } #status.good { color: var(--good); } #status.bad { color: var(--bad); }
button { padding: .6rem 1.6rem; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); border-radius: 8px; cursor: pointer; }
button.quiet { padding: .35rem .85rem; font-size: .875rem; font-weight: 500; color: var(--accent); background: transparent; }
button:hover { filter: brightness(1.08); } button.quiet:hover { background: var(--tint); }
.choices:not([hidden]) { display: flex; flex-wrap: wrap; gap: .5rem; }
.panes p { margin: .9rem 0 0; } #status { margin-left: .35rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .6rem .9rem; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
thead th { color: var(--soft); font-weight: 500; font-size: .8rem; background: var(--tint); white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
tbody th { font-weight: 500; white-space: nowrap; }
td { min-width: 6.5rem; } td.bounds { white-space: nowrap; } .scroll + p { margin-top: .9rem; } td.prose { min-width: 16rem; }
.kind { display: block; color: var(--soft); font-weight: 400; } .mark { color: var(--notice-ink); background: var(--notice); padding: .05rem .4rem; border-radius: 4px; }
small { font-size: .85em; }
summary { cursor: pointer; } summary:hover { color: var(--accent); }
section > details { margin-top: 1rem; } section > details > pre { margin-top: .6rem; }
.clauses { list-style: none; padding: 0; margin: 0; } .clauses li { padding: .7rem 0; border-top: 1px solid var(--line); } .clauses li:first-child { border-top: 0; padding-top: 0; } .clauses p { margin: .2rem 0 0; max-width: 46rem; } .clauses code { margin-left: .5rem; }
.links { padding-left: 1.1rem; margin: 0; } .links li { margin: .35rem 0; }
a { color: var(--accent); text-underline-offset: .15em; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
@media (min-width: 54rem) { #answer { min-height: 28.1rem; } }
@media (max-width: 46rem) {
  .facts { display: grid; grid-template-columns: 1fr 1fr; gap: .8rem 1rem; }
  body { padding: 1.5rem 1rem 3rem; }
  textarea { min-height: 15rem; }
  .scroll { border: 0; border-radius: 0; overflow: visible; }
  .stack, .stack tbody, .stack tr, .stack th, .stack td { display: block; min-width: 0; }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack tr { border: 1px solid var(--line); border-radius: 8px; padding: .6rem .9rem; margin-bottom: .75rem; }
  .stack th, .stack td, .stack td.prose { border: 0; padding: .15rem 0; min-width: 0; }
  .stack td:has(> .none) { display: none; } .stack td.bounds { white-space: normal; } .stack td { display: grid; grid-template-columns: 7rem 1fr; } .stack td > * { grid-column: 2; }
  .stack td::before { content: attr(data-label); color: var(--soft); font-size: .8rem; padding-top: .15rem; }
  .stack td.prose { display: block; padding-top: .4rem; } .stack td.prose::before { display: none; }
  .clauses code { display: block; margin: .15rem 0 0; overflow-wrap: anywhere; }
}
@media print { form, script, noscript, details summary { display: none; } .scroll { overflow: visible; } }
`;
