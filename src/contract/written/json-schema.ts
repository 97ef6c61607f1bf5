import { ContractSchema } from "./schema.ts";

/** Any part of a JSON Schema. */
interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * JSON Schema (draft 2020-12) of `baton.yaml`, for editors and other programs: what
 * `schema/baton-contract-1.schema.json` holds. A new plain object on every call, keys in a fixed order.
 */
export function contractJsonSchema(): JsonSchema {
  const { $id, title, ...rest } = plain(ContractSchema) as Record<string, unknown>;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id,
    title,
    description: "The contract of a model that is handed over: docs/reference/contract.md.",
    ...rest,
  };
}

/** Plain data in draft 2020-12: fixed tuples by `prefixItems`, records closed to the names that their pattern allows. */
function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, plain(value)] as const);
  const result: Record<string, unknown> = Object.fromEntries(entries);
  if (Array.isArray(result.items)) {
    result.prefixItems = result.items;
    result.maxItems = result.items.length;
    result.items = false;
    delete result.additionalItems;
  }
  if (result.patternProperties && result.additionalProperties === undefined)
    result.additionalProperties = false;
  return result;
}
