/** An SQL identifier, whatever characters the name has. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL string literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An SQL list literal of strings. */
export function quoteTexts(texts: readonly string[]): string {
  return `[${texts.map(quoteText).join(", ")}]::VARCHAR[]`;
}

/** A path literal for DuckDB's readers that names this one file, never a pattern. */
export function quotePath(path: string): string {
  return quoteText(path.replace(/[[*?]/g, (character) => `[${character}]`));
}
