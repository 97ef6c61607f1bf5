import { type LockContent, type LockEntry, normalName } from "./lock-entry.ts";

interface LogicalLine {
  readonly text: string;
  readonly line: number;
}

const nameForm = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(.*)$/s;
const pinned = /^={2,3}\s*([A-Za-z0-9][A-Za-z0-9.!+_-]*)$/;
const harmless =
  /^(-i|--index-url|--extra-index-url|--no-index|-f|--find-links|--no-binary|--only-binary|--prefer-binary|--require-hashes|--pre|--trusted-host|--use-feature)\b/;

/** Reads a pip requirements file (pip's documentation, "Requirements File Format"; PEP 508). */
export function parseRequirements(text: string): LockContent {
  const content = {
    entries: [] as LockEntry[],
    includes: [] as { path: string; line: number }[],
    problems: [] as { line: number; problem: string }[],
  };
  for (const { text: line, line: number } of logicalLines(text)) readLine(line, number, content);
  return content;
}

/** Joins lines that end in a backslash, and drops comments (`#` at the start or after white space). */
function* logicalLines(text: string): Generator<LogicalLine> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  let pending: { text: string; line: number } | undefined;
  for (const [index, raw] of lines.entries()) {
    const isComment = /^\s*#/.test(raw);
    const body = raw.replace(/(^|\s)#.*$/, "");
    const continues = !isComment && /\\\s*$/.test(body);
    pending ??= { text: "", line: index + 1 };
    pending.text += ` ${continues ? body.replace(/\\\s*$/, "") : body}`;
    if (continues) continue;
    if (pending.text.trim() !== "") yield { text: pending.text.trim(), line: pending.line };
    pending = undefined;
  }
  if (pending && pending.text.trim() !== "") yield { text: pending.text.trim(), line: pending.line };
}

type Content = {
  entries: LockEntry[];
  includes: { path: string; line: number }[];
  problems: { line: number; problem: string }[];
};

function readLine(text: string, line: number, content: Content): void {
  const include = /^(?:-r|-c|--requirement|--constraint)[\s=]*(.+)$/.exec(text);
  if (include) content.includes.push({ path: include[1]!.trim().slice(0, 200), line });
  else if (harmless.test(text)) return;
  else if (/^(-e|--editable)\b/.test(text)) content.entries.push(elsewhere(text, line, "editable"));
  else if (text.startsWith("-"))
    content.problems.push({ line, problem: `the option ${text.split(/[\s=]/, 1)[0]} is not known` });
  else readRequirement(text, line, content);
}

function readRequirement(text: string, line: number, content: Content): void {
  const hashes = [...text.matchAll(/\s--hash[=\s]+([A-Za-z0-9]+:[A-Za-z0-9]+)/g)].map((match) => match[1]!);
  const bare = text.replace(/\s--(?:hash|config-settings?|global-option)[=\s]+\S+/g, "").trim();
  if (/^(git|hg|svn|bzr)\+/.test(bare)) content.entries.push(elsewhere(bare, line, "version control"));
  else if (/^[a-z][a-z0-9+.-]*:\/\//i.test(bare)) content.entries.push(fromUrl(bare, line, hashes));
  else if (/^(\.{0,2}[/\\]|[A-Za-z]:[/\\]|\.$)/.test(bare) || /\.(whl|tar\.gz|zip)$/.test(bare))
    content.entries.push(elsewhere(bare, line, "a path"));
  else readNamed(bare, line, hashes, content);
}

function readNamed(text: string, line: number, hashes: readonly string[], content: Content): void {
  const match = nameForm.exec(text);
  if (!match) {
    content.problems.push({ line, problem: `"${text.slice(0, 60)}" is not a requirement` });
    return;
  }
  const name = normalName(match[1]!);
  const rest = match[3]!.trim();
  const url = /^@\s*(\S+)(?:\s+;\s*(.*))?$/.exec(rest);
  if (url) {
    const direct = fromUrl(url[1]!, line, hashes);
    content.entries.push({ ...direct, name, ...(url[2] ? { marker: url[2] } : {}) });
    return;
  }
  const [specifier = "", ...markers] = rest.split(";");
  const plain = specifier
    .trim()
    .replace(/^\((.*)\)$/, "$1")
    .trim();
  const version = pinned.exec(plain)?.[1];
  if (plain !== "" && !/^(===?|~=|!=|<=?|>=?)/.test(plain)) {
    content.problems.push({ line, problem: `"${text.slice(0, 60)}" is not a requirement` });
    return;
  }
  content.entries.push({
    name,
    line,
    hashes,
    ...(version === undefined ? {} : { version }),
    ...(markers.length > 0 ? { marker: markers.join(";").trim() } : {}),
  });
}

/** A file by URL is as good as an index where a SHA-256 names its bytes. */
function fromUrl(text: string, line: number, hashes: readonly string[]): LockEntry {
  const fragment = /[#&]((?:sha256|sha384|sha512|md5|sha1))=([0-9a-fA-F]+)/.exec(text);
  const all = fragment ? [...hashes, `${fragment[1]}:${fragment[2]!.toLowerCase()}`] : hashes;
  if (/^(git|hg|svn|bzr)\+/.test(text)) return elsewhere(text, line, "version control");
  if (/^file:/i.test(text)) return elsewhere(text, line, "a path");
  if (all.length === 0) return elsewhere(text, line, "a URL without a hash");
  return { name: shown(text), line, version: "by URL", hashes: all };
}

function elsewhere(text: string, line: number, from: string): LockEntry {
  return { name: shown(text), line, hashes: [], elsewhere: from };
}

/** A URL without credentials and query, short. */
function shown(text: string): string {
  return text
    .replace(/\/\/[^/@\s]*@/, "//")
    .replace(/[?#].*$/, "")
    .slice(0, 100);
}
