import { type LockContent, type LockEntry, normalName } from "./lock-entry.ts";

interface Package {
  readonly line: number;
  readonly fields: Map<string, string>;
  readonly hashes: string[];
  /** Files (sdist or wheels) that have no hash. */
  unhashed: number;
}

/**
 * Reads a `uv.lock`: the TOML that uv writes, line by line (uv's documentation, "Structure and files").
 * It is generated, so only the layout that uv writes is understood; anything else is a problem with its line.
 */
export function parseUvLock(text: string): LockContent {
  const problems: { line: number; problem: string }[] = [];
  const packages: Package[] = [];
  let table = "";
  let list: string | undefined;
  for (const [index, raw] of text.split(/\r\n|\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const header = /^\[\[?([A-Za-z0-9_.-]+)\]?\]$/.exec(line);
    if (list === undefined && header) {
      table = header[1]!;
      if (line === "[[package]]")
        packages.push({ line: index + 1, fields: new Map(), hashes: [], unhashed: 0 });
      continue;
    }
    const current = packages.at(-1);
    if (list !== undefined) {
      if (line === "]") list = undefined;
      else if (current && table === "package") readItem(list, line, current);
      continue;
    }
    const pair = /^("?)([A-Za-z0-9_.-]+)\1\s*=\s*(.+)$/.exec(line);
    if (!pair) {
      problems.push({ line: index + 1, problem: "this is not a line that uv writes" });
      break;
    }
    const [, , key, value] = pair as unknown as [string, string, string, string];
    if (value === "[") list = key;
    else if (current && table === "package") readField(key, value, current);
  }
  if (list !== undefined)
    problems.push({ line: text.split("\n").length, problem: `the list "${list}" has no end` });
  return { entries: packages.flatMap(entryOf), includes: [], problems };
}

function readField(key: string, value: string, current: Package): void {
  current.fields.set(key, value);
  if (key === "sdist") readFile(value, current);
  if (key === "wheels" && value !== "[]") for (const item of value.split(/\}\s*,/)) readFile(item, current);
}

function readItem(list: string, line: string, current: Package): void {
  if (list === "wheels") readFile(line, current);
}

function readFile(text: string, current: Package): void {
  const hash = /\bhash\s*=\s*"([^"]+)"/.exec(text)?.[1];
  if (hash) current.hashes.push(hash);
  else current.unhashed++;
}

/** A project itself (`virtual`, `editable = "."`) is what is locked, not a package of it. */
function entryOf(found: Package): LockEntry[] {
  const name = textOf(found.fields.get("name"));
  const version = textOf(found.fields.get("version"));
  const source = found.fields.get("source") ?? "";
  const kind = /\{\s*([a-z]+)\s*=\s*"([^"]*)"/.exec(source);
  if (
    kind &&
    (kind[1] === "virtual" || ((kind[1] === "editable" || kind[1] === "directory") && kind[2] === "."))
  )
    return [];
  const base = { name: normalName(name ?? `line ${found.line}`), line: found.line };
  if (kind?.[1] === "git") return [{ ...base, hashes: [], elsewhere: "version control" }];
  if (kind && ["editable", "directory", "path"].includes(kind[1]!))
    return [{ ...base, hashes: [], elsewhere: kind[1] === "path" ? "a path" : kind[1]! }];
  const hashes = found.unhashed > 0 ? [] : found.hashes;
  const marker = found.fields.get("resolution-markers");
  return [{ ...base, hashes, ...(version ? { version } : {}), ...(marker ? { marker } : {}) }];
}

function textOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : /^"(.*)"$/.exec(value)?.[1];
}
