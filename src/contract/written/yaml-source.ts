import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
} from "yaml";
import { type Finding, isTooDeep, type Position } from "../../kernel/index.ts";
import { type ContractCode, contractFinding } from "../contract-findings.ts";
import { memberPath, type Positions } from "./positions.ts";

/** Plain data out of YAML text, and where each part stands. `value` is absent when the text cannot be used. */
interface YamlSource {
  readonly value?: unknown;
  readonly positions: Positions;
  readonly findings: readonly Finding[];
}

/** Largest YAML file, in characters. */
const largestYaml = 1_048_576;

const deepest = 24;
const mostFindings = 20;
const options = {
  version: "1.2",
  schema: "core",
  intAsBigInt: true,
  merge: false,
  prettyErrors: false,
  logLevel: "silent",
} as const;

/**
 * Reads YAML 1.2 text as plain data. Refused, because another reader or a person would see something else:
 * anchors, aliases, tags, several documents, keys that are not text, numbers that lose digits or zeros.
 */
export function readYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const reader = new Reader(file, lines);
  if (text.length > largestYaml)
    reader.report("contract.too-large", "", 0, {
      message: `${file} has ${text.length} characters; at most ${largestYaml} are read.`,
    });
  else if (isTooDeep(text))
    reader.report("contract.yaml-syntax", "", 0, { message: `${file} is nested too deeply.` });
  else {
    const documents = parse(text, lines);
    if (documents) reader.read(documents);
    else reader.report("contract.yaml-syntax", "", 0, { message: `${file} is not YAML.` });
  }
  return {
    positions: reader.positions,
    findings: reader.findings,
    ...(reader.usable ? { value: reader.value } : {}),
  };
}

function parse(text: string, lines: LineCounter): Document.Parsed[] | undefined {
  try {
    return [...parseAllDocuments(text, { ...options, lineCounter: lines })] as Document.Parsed[];
  } catch {
    return undefined;
  }
}

function oddDocument([document, second]: readonly Document.Parsed[]) {
  if (second)
    return {
      offset: second.range[0],
      message: "There is more than one YAML document in the file.",
      next: "Keep one document: remove the line `---`.",
    };
  if (document?.directives?.yaml.explicit)
    return {
      offset: 0,
      message: "A %YAML directive changes how the file is read.",
      next: "Remove the directive: the file is YAML 1.2.",
    };
  if (!isMap(document?.contents))
    return {
      offset: 0,
      message: "The file does not hold keys and values.",
      next: "Start it with `baton: 1`; `baton init --sketch` writes one to begin with.",
    };
  return undefined;
}

class Reader {
  readonly positions: Positions = new Map();
  readonly findings: Finding[] = [];
  value: unknown;
  usable = true;
  readonly #file: string;
  readonly #lines: LineCounter;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
    this.positions.set("", { file, line: 1, column: 1 });
  }

  read(documents: readonly Document.Parsed[]): void {
    for (const error of documents.flatMap((d) => d.errors).slice(0, 3))
      this.report(
        error.code === "DUPLICATE_KEY" ? "contract.duplicate-key" : "contract.yaml-syntax",
        "",
        error.pos[0],
        { message: `${error.message.split("\n", 1)[0]}.` },
      );
    if (!this.usable) return;
    const odd = oddDocument(documents);
    if (odd) this.report("contract.yaml-syntax", "", odd.offset, odd);
    else this.value = this.#valueOf(documents[0]?.contents as ParsedNode, "", 0);
  }

  report(
    code: ContractCode,
    path: string,
    offset: number,
    detail: { message: string; next?: string; received?: string },
  ): void {
    const { message, next, received } = detail;
    const place = { path: path || undefined, ...this.#at(offset) };
    const finding = contractFinding(code, { message, next, received, ...place });
    if (finding.severity === "blocking") this.usable = false;
    if (this.findings.length < mostFindings) this.findings.push(finding);
  }

  #at(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  #valueOf(node: ParsedNode | null, path: string, depth: number): unknown {
    if (node === null) return null;
    const at = node.range[0];
    if (path !== "") this.positions.set(path, this.#at(at));
    if (depth > deepest)
      return this.report("contract.yaml-syntax", path, at, { message: "It is nested too deeply." });
    if (isAlias(node) || node.anchor)
      return this.report("contract.yaml-alias", path, at, {
        message: `\`${isAlias(node) ? `*${node.source}` : `&${node.anchor}`}\` is an ${isAlias(node) ? "alias" : "anchor"}.`,
      });
    if (node.tag && !isBuiltIn(node))
      return this.report("contract.yaml-tag", path, at, { message: `\`${node.tag}\` is a tag.` });
    if (isMap(node)) return this.#mapOf(node, path, depth);
    if (isSeq(node))
      return node.items.map((item, i) => this.#valueOf(item as ParsedNode, memberPath(path, i), depth + 1));
    return isScalar(node) ? this.#scalarOf(node as Scalar.Parsed, path) : null;
  }

  #mapOf(node: ParsedNode, path: string, depth: number): Record<string, unknown> {
    const result: Record<string, unknown> = Object.create(null);
    if (!isMap(node)) return result;
    for (const pair of node.items) {
      const key = pair.key as ParsedNode;
      const name = this.#keyOf(key, path);
      if (name === undefined) continue;
      const inside = memberPath(path, name);
      result[name] = this.#valueOf(pair.value as ParsedNode | null, inside, depth + 1);
      // A key is what people look for; its value may be lines below.
      this.positions.set(inside, this.#at(key.range[0]));
    }
    return { ...result };
  }

  #keyOf(key: ParsedNode, path: string): string | undefined {
    const word = isScalar(key) ? (key.source ?? String(key.value)) : "";
    if (!isScalar(key) || typeof key.value !== "string" || (key.type === "PLAIN" && isOtherWord(word))) {
      const shown = isScalar(key) ? `\`${word}\`` : "A list or map";
      this.report("contract.ambiguous-key", path, key.range[0], {
        message: `${shown} as a key is text to some YAML readers and something else to others.`,
        next: isScalar(key) ? `Quote it: "${word}".` : "Use text as a key.",
      });
      return undefined;
    }
    if (!isWellFormed(key.value)) {
      this.report("contract.yaml-syntax", path, key.range[0], { message: "The key holds half a character." });
      return undefined;
    }
    if (key.value === "<<" || key.value === "__proto__" || key.anchor || key.tag) {
      this.report("contract.yaml-alias", path, key.range[0], {
        message: `\`${key.value}\` cannot be used as a key like this.`,
      });
      return undefined;
    }
    return key.value;
  }

  #scalarOf(node: Scalar.Parsed, path: string): unknown {
    const { value, source, range } = node;
    if (typeof value === "string") {
      if (!isWellFormed(value))
        this.report("contract.yaml-syntax", path, range[0], { message: "The text holds half a character." });
      if (node.type === "PLAIN" && isOtherWord(value))
        this.report("contract.ambiguous-word", path, range[0], {
          message: `\`${value}\` is text here, and true or false to other YAML readers.`,
          received: value,
          next: `Quote it: "${value}".`,
        });
      return value;
    }
    if (typeof value === "bigint") return this.#integerOf(value, source, path, range[0]);
    if (typeof value === "number") return this.#numberOf(value, source, path, range[0]);
    return value;
  }

  #integerOf(value: bigint, source: string, path: string, at: number): unknown {
    if (source !== value.toString())
      this.report("contract.ambiguous-number", path, at, {
        message: `\`${source}\` is read as the number ${value}.`,
        received: source,
        next: `Quote it if it is text: "${source}"; write ${value} if it is a number.`,
      });
    if (/\.values\[\d+\]$/.test(path) && !Number.isSafeInteger(Number(value))) return value.toString();
    if (!Number.isSafeInteger(Number(value))) this.#digitsLost(source, path, at);
    return Number(value);
  }

  #numberOf(value: number, source: string, path: string, at: number): unknown {
    if (!Number.isFinite(value))
      this.report("contract.digits-lost", path, at, {
        message: `\`${source}\` is not a finite number.`,
        received: source,
        next: "Write null for an open bound.",
      });
    else if (losesDigits(source)) this.#digitsLost(source, path, at);
    return value;
  }

  #digitsLost(source: string, path: string, at: number): void {
    this.report("contract.digits-lost", path, at, {
      message: `\`${source}\` has more digits than a number keeps.`,
      received: source,
      next: `Write fewer digits, or quote it if it is text: "${source}".`,
    });
  }
}

function isBuiltIn(node: ParsedNode): boolean {
  return isMap(node) || isSeq(node)
    ? node.tag === "tag:yaml.org,2002:map" || node.tag === "tag:yaml.org,2002:seq"
    : false;
}

/** Words that YAML 1.1 (PyYAML, many editors) reads as true, false or null, and YAML 1.2 as text. */
function isOtherWord(word: string): boolean {
  return /^(y|yes|n|no|on|off)$/i.test(word);
}

/** False for text with half of a surrogate pair, which has no UTF-8 and no canonical JSON. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** True where a decimal text has digits that its double does not give back. */
export function losesDigits(source: string): boolean {
  return significant(source) !== significant(String(Number(source)));
}

function significant(source: string): string {
  const [mantissa = "", exponent = "0"] = source.toLowerCase().replace(/^[-+]/, "").split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  const trimmed = digits.replace(/0+$/, "");
  const scale = Number(exponent) - fraction.length + (digits.length - trimmed.length);
  return trimmed === "" ? "0" : `${trimmed}e${scale}`;
}
