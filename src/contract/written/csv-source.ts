import type { Position } from "../../kernel/index.ts";

/** One cell and where it starts. */
export interface CsvCell {
  readonly text: string;
  readonly position: Position;
}

/** Rows of cells, or why the text is not CSV and where. */
type CsvSource =
  | { readonly ok: true; readonly rows: readonly (readonly CsvCell[])[] }
  | { readonly ok: false; readonly problem: string; readonly position: Position };

/** Reads CSV as RFC 4180 has it: commas, `"` around cells and doubled inside; CRLF or LF; a byte order mark is skipped. Empty lines are left out. */
export function readCsv(text: string, file: string): CsvSource {
  const cursor = new Cursor(text.startsWith("\uFEFF") ? text.slice(1) : text, file);
  const rows: CsvCell[][] = [];
  while (!cursor.atEnd) {
    const row = readRow(cursor);
    if (typeof row === "string") return { ok: false, problem: row, position: cursor.position };
    if (row.length > 1 || row[0]?.text !== "") rows.push(row);
  }
  return { ok: true, rows };
}

/** A cell as RFC 4180 writes it. */
export function csvCell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function readRow(cursor: Cursor): CsvCell[] | string {
  const row: CsvCell[] = [];
  for (;;) {
    const position = cursor.position;
    const text = cursor.peek === '"' ? readQuoted(cursor) : cursor.until(/[,\r\n]/g);
    if (text === undefined) return "a quoted cell is not closed";
    row.push({ text, position });
    const next = cursor.peek;
    if (next === ",") {
      cursor.skip(1);
      continue;
    }
    if (next !== undefined && next !== "\r" && next !== "\n")
      return "text follows a closing quote; a quote inside a cell is doubled";
    cursor.newLine();
    return row;
  }
}

function readQuoted(cursor: Cursor): string | undefined {
  let text = "";
  for (;;) {
    cursor.skip(1);
    text += cursor.until(/"/g);
    if (cursor.atEnd) return undefined;
    cursor.skip(1);
    if (cursor.peek !== '"') return text;
    text += '"';
  }
}

class Cursor {
  #at = 0;
  #line = 1;
  #lineStart = 0;
  readonly #text: string;
  readonly #file: string;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  get peek(): string | undefined {
    return this.#text[this.#at];
  }

  get position(): Position {
    return { file: this.#file, line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  /** Text up to the next match or the end, counting its lines. */
  until(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const end = pattern.exec(this.#text)?.index ?? this.#text.length;
    const text = this.#text.slice(this.#at, end);
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) {
      this.#line++;
      this.#lineStart = this.#at + i + 1;
    }
    this.#at = end;
    return text;
  }

  skip(count: number): void {
    this.#at += count;
  }

  newLine(): void {
    if (this.peek === "\r") this.#at++;
    if (this.peek === "\n") this.#at++;
    this.#line++;
    this.#lineStart = this.#at;
  }
}
