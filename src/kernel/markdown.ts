/** Stands for nothing and breaks a word: after it, `@name` and `#12` are no mention and no reference. */
const unseen = "\u200b";

/** CommonMark punctuation that can begin a construct, pipes of tables, and what GitHub and GitLab link or run. */
const meaningful = /[\\`*_{}[\]()<>#+!|~&@$%^:/-]/g;
const references = new Set(["@", "#", "!", "~", "&", "$", "%", "^", ":", "/"]);

/**
 * Text from outside as Markdown that shows it and does nothing else: no markup, no HTML, no mention of people, no reference to
 * issues, no link, no quick action; on one line, so that it may stand in a table.
 */
export function markdownText(text: string): string {
  return oneLine(text).replace(meaningful, (character) =>
    references.has(character) ? `${escaped(character)}${unseen}` : escaped(character),
  );
}

/** Text from outside as code: names, commands, digests. */
export function markdownCode(text: string): string {
  const line = oneLine(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  if (line === "") return "";
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** A table in GitHub's Markdown; cells are Markdown already. Empty where there are no rows. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell || " ").join(" | ")} |\n`;
  return `${line(head)}${line(head.map(() => "---"))}${rows.map(line).join("")}`;
}

function escaped(character: string): string {
  if (character === "<") return "&lt;";
  if (character === ">") return "&gt;";
  return character === "&" ? "&amp;" : `\\${character}`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}
