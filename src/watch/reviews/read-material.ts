import { Type } from "typebox";
import { digestOf, isTooDeep, schemaGuard, sha256 } from "../../kernel/index.ts";
import { asLines } from "./review-material.ts";

const HeadSchema = Type.Object({
  format_version: Type.Literal(1),
  kind: Type.Literal("review"),
  model: Type.String({ maxLength: 64 }),
  version: Type.String({ maxLength: 64 }),
  content: Type.String({ pattern: "^[0-9a-f]{64}$" }),
  collected: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$" }),
  page: Type.String({ pattern: "^[0-9a-f]{64}$" }),
  digest: Type.String({ pattern: "^[0-9a-f]{64}$" }),
});

const isHead = schemaGuard<Type.Static<typeof HeadSchema>>(HeadSchema);

/** What somebody is about to sign, as far as signing needs it. */
export interface MaterialHead {
  readonly model: string;
  readonly version: string;
  readonly content: string;
  /** RFC 3339. */
  readonly collected: string;
  readonly digest: string;
}

/** Reads a material and its page as strangers' files. The problem is one clause of a sentence. */
export function readMaterial(
  json: string,
  page: string | undefined,
): MaterialHead | { readonly problem: string } {
  if (isTooDeep(json)) return { problem: "is no material of a review" };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { problem: "is not JSON" };
  }
  if (!isHead(value)) return { problem: "is no material of a review" };
  const { digest, ...rest } = value;
  if (digestOf(rest) !== digest) return { problem: "was edited after it was collected" };
  if (page === undefined) return { problem: "has no page (.md) beside it" };
  if (sha256(asLines(page)) !== value.page)
    return { problem: "has a page (.md) that was edited after it was collected" };
  const { model, version, content, collected } = value;
  return { model, version, content, collected, digest };
}
