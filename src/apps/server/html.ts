/** HTML that is safe to put into a page as it is. */
export interface Html {
  readonly markup: string;
}

type Part = string | number | Html | undefined | readonly (Html | string)[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Tagged template: everything put in is escaped, unless it is HTML already; lists are joined, undefined is nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = texts.reduce(
    (all, text, index) => all + text + (index < parts.length ? markupOf(parts[index]) : ""),
    "",
  );
  return { markup };
}

function markupOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number")
    return String(part).replace(/[&<>"']/g, (character) => entities[character] ?? character);
  return "markup" in part ? part.markup : part.map(markupOf).join("");
}

/** Markup that is written here and needs no escaping. */
export function rawHtml(markup: string): Html {
  return { markup };
}
