import { seenText } from "../../watch/index.ts";

/** HTML that was made here: all text in it is escaped. */
export interface Markup {
  readonly markup: string;
}

/** Text is escaped; false and undefined are nothing. */
export type Child = Markup | string | number | false | undefined | readonly Child[];

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

const empty: ReadonlySet<string> = new Set(["br", "meta", "rect", "line", "circle", "path", "input"]);

/** An element. Names of elements and attributes are the program's own; values and text may be anybody's. */
export function el(name: string, attributes: Attributes = {}, ...children: readonly Child[]): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([key, value]) => (value === true ? ` ${key}` : ` ${key}="${escaped(String(value))}"`))
    .join("");
  if (empty.has(name)) return { markup: `<${name}${written}/>` };
  return { markup: `<${name}${written}>${markupOf(children)}</${name}>` };
}

/** Children as HTML. */
export function markupOf(child: Child): string {
  if (child === undefined || child === false) return "";
  if (typeof child === "string" || typeof child === "number") return escaped(String(child));
  if ("markup" in child) return child.markup;
  return child.map(markupOf).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return seenText(text).replace(/[&<>"']/g, (one) => entities[one]!);
}
