import { parseDocument } from "yaml";
import { BatonError, type ContentReference, isTooDeep } from "../kernel/index.ts";

const contractLimitBytes = 1024 ** 2;

/**
 * Data that the contract names instead of carrying (`data.references`), read from the bytes of `baton.yaml`. Sealed and
 * unsealed content both go through here, so that one digest names both (docs/decisions/0001).
 * @throws BatonError `configuration-invalid`
 */
export function referencesOf(batonYaml: Uint8Array): readonly ContentReference[] {
  if (batonYaml.length > contractLimitBytes) throw invalid(`it is larger than ${contractLimitBytes} bytes`);
  const listed = field(field(parseYaml(batonYaml), "data"), "references");
  if (listed === undefined || listed === null) return [];
  if (!Array.isArray(listed)) throw invalid("data.references is not a list");
  const references = listed.map(reference);
  if (new Set(references.map(({ uri }) => uri)).size !== references.length)
    throw invalid("data.references names one uri twice");
  return references;
}

function parseYaml(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  if (isTooDeep(text)) throw invalid("it is nested too deeply");
  try {
    const document = parseDocument(text, { prettyErrors: false, logLevel: "silent" });
    if (document.errors.length === 0) return document.toJS({ mapAsMap: true, maxAliasCount: 100 });
  } catch {
    // An alias that multiplies itself: no more a contract than a text with errors.
  }
  throw invalid("it is not YAML");
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalid("it is not UTF-8");
  }
}

function reference(entry: unknown, index: number): ContentReference {
  const [uri, size, sha256] = [field(entry, "uri"), field(entry, "size"), field(entry, "sha256")];
  const named = typeof uri === "string" && uri !== "" && !/\p{Cs}/u.test(uri);
  const sized = typeof size === "number" && Number.isSafeInteger(size) && size >= 0;
  if (!named || !sized || typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256))
    throw invalid(`data.references[${index}] is not {uri, size, sha256}`);
  return { uri, size, sha256 };
}

function field(value: unknown, key: string): unknown {
  return value instanceof Map ? value.get(key) : undefined;
}

function invalid(problem: string): BatonError {
  return new BatonError("configuration-invalid", `baton.yaml cannot be sealed: ${problem}.`, {
    file: "baton.yaml",
    next: "Run baton check and mend what it finds.",
  });
}
