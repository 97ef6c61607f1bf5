import { BatonError } from "../../kernel/index.ts";

/** What the first line of a CSV file says. */
export interface CsvHeader {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const delimiters = [",", ";", "\t", "|"] as const;

/**
 * Reads the header (RFC 4180, optional byte order mark). Nothing is guessed from the rows: the delimiter is the first
 * of `,` `;` tab `|` that divides the header. @throws BatonError `data-unreadable`
 */
export function parseCsvHeader(start: string, file: string): CsvHeader {
  const text = start.replace(/^\uFEFF/, "");
  const split = delimiters.map((delimiter) => ({ delimiter, names: fieldsOf(text, delimiter) }));
  const header = split.find(({ names }) => names.length > 1) ?? split[0]!;
  const fault = faultOf(header.names);
  if (fault)
    throw new BatonError("data-unreadable", `${file}: the header line ${fault}.`, {
      file,
      line: 1,
      next: "Give the file one header line that names each column once.",
    });
  return header;
}

function faultOf(names: readonly string[]): string | undefined {
  if (names.length === 1 && names[0] === "") return "is empty";
  const blank = names.indexOf("");
  if (blank >= 0) return `has no name for column ${blank + 1}`;
  const seen = new Set<string>();
  for (const name of names) {
    // DuckDB tells column names apart without regard to case.
    if (seen.has(name.toLowerCase())) return `names the column "${name}" twice`;
    seen.add(name.toLowerCase());
  }
  return undefined;
}

function fieldsOf(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') field += text[++at];
      else quoted = false;
    } else if (character === '"' && field === "") quoted = true;
    else if (character === delimiter) {
      fields.push(field);
      field = "";
    } else if (character === "\n" || character === "\r") break;
    else field += character;
  }
  return [...fields, field];
}
