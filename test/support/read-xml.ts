/** An element with what stands in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/**
 * Reads a document of elements, attributes and text. @throws Error where it is not well-formed, or holds a character that
 * XML 1.0 (section 2.2) does not allow
 */
export function readXml(document: string): XmlElement {
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(document))
    throw new Error("a character that XML does not allow");
  const source = document.replace(/^<\?xml [^?]*\?>\s*/, "");
  const found = readElement(source, 0);
  if (source.slice(found.end).trim() !== "") throw new Error("more than one element");
  return found.element;
}

function readElement(source: string, at: number): { element: XmlElement; end: number } {
  const open = /<([A-Za-z][\w.-]*)((?:\s+[A-Za-z][\w.-]*="[^"<]*")*)\s*(\/?)>/y;
  open.lastIndex = at;
  const found = open.exec(source);
  if (!found) throw new Error(`no element at ${source.slice(at, at + 60)}`);
  const [, name = "", written = "", empty] = found;
  const pairs = [...written.matchAll(/([\w.-]+)="([^"]*)"/g)].map(
    ([, key = "", value = ""]) => [key, unescapeXml(value)] as const,
  );
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error("an attribute stands twice");
  const attributes = Object.fromEntries(pairs);
  if (empty) return { element: { name, attributes, children: [], text: "" }, end: open.lastIndex };
  const children: XmlElement[] = [];
  let text = "";
  let here = open.lastIndex;
  for (;;) {
    const next = source.indexOf("<", here);
    if (next < 0) throw new Error(`${name} is not closed`);
    text += unescapeXml(source.slice(here, next));
    const close = `</${name}>`;
    if (source.startsWith(close, next))
      return { element: { name, attributes, children, text: text.trim() }, end: next + close.length };
    const child = readElement(source, next);
    children.push(child.element);
    here = child.end;
  }
}

function unescapeXml(text: string): string {
  if (/&(?!(lt|gt|amp|quot|apos);)/.test(text)) throw new Error(`an & that stands for nothing: ${text}`);
  return text.replaceAll(/&(\w+);/g, (_whole, name: string) => entities[name]!);
}
