/** Stands for nothing and breaks a word: after it, `@name` and `#12` are no mention and no reference. */
const unseen = "\u200b";

/** What can begin a construct of CommonMark or GitHub's Markdown anywhere in a line. */
const markup = /[\\`*{}[\]<>|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;
/** What can only at the beginning: lists, headings, quick actions of GitLab. */
const opening = /^([-+=#/:]|\d+(?=[.)]))/;
/** What GitHub and GitLab link, and whom they call, when a word follows. */
const reference = /(@|#|!|&amp;|\$|%|\^|:|\\~|www\.)(?=[^\s])/gi;

/**
 * Text from outside as Markdown that shows it and does nothing else: no markup, no HTML, no mention of people, no reference to
 * issues, no link, no quick action; on one line, so that it may stand in a table.
 */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll("&", "&amp;")
    .replace(markup, escaped)
    .replace(opening, (start) => (/^\d/.test(start) ? `${start}${unseen}` : `\\${start}${unseen}`))
    .replace(reference, (start) => `${start}${unseen}`);
}

/** Text from outside as code: names, commands, digests. A backslash before a pipe would end the cell inside of ticks. */
export function markdownCode(text: string): string {
  if (text.includes("\\") && text.includes("|")) return `<code>${markdownText(text)}</code>`;
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
  return character === ">" ? "&gt;" : `\\${character}`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}
