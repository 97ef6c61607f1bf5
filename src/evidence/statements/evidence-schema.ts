import { type Static, type TSchema, Type } from "typebox";
import { inTotoType } from "../../kernel/index.ts";
import { evidencePredicate } from "../evidence.ts";

/*
 * The written form of evidence, as strict as reading it must be: no unknown key, every text and list capped.
 */

const object = <Properties extends Record<string, TSchema>>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });
const text = (maxLength: number) => Type.String({ maxLength });
const digest = Type.String({ pattern: "^[0-9a-f]{64}$" });
const optional = Type.Optional;
const time = Type.String({
  pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z$",
});
const outcome = Type.Union(
  (["pass", "fail", "not-run", "not-applicable"] as const).map((word) => Type.Literal(word)),
);
const numbers = Type.Record(Type.String({ maxLength: 200 }), Type.Number());

const FindingSchema = object({
  code: text(100),
  severity: Type.Union((["blocking", "warning", "note"] as const).map((word) => Type.Literal(word))),
  clause: optional(text(300)),
  path: optional(text(1000)),
  expected: optional(text(4000)),
  received: optional(text(4000)),
  message: text(4000),
  next: text(4000),
  file: optional(text(1000)),
  line: optional(Type.Integer({ minimum: 0 })),
  column: optional(Type.Integer({ minimum: 0 })),
});

const SliceSchema = object({
  slice: text(200),
  rows: Type.Integer({ minimum: 0 }),
  outcome,
  reason: optional(text(1000)),
  measured: numbers,
});

const ItemSchema = object({
  clause: text(300),
  test: text(100),
  outcome,
  reason: optional(text(2000)),
  message: text(4000),
  measured: optional(numbers),
  slices: optional(Type.Array(SliceSchema, { maxItems: 1000 })),
  reads: Type.Record(Type.String({ maxLength: 1100 }), text(64)),
  findings: Type.Array(FindingSchema, { maxItems: 1000 }),
});

const RunSchema = object({
  kind: Type.Union((["check", "test", "bench"] as const).map((word) => Type.Literal(word))),
  tool: object({ name: Type.Literal("baton"), version: text(100) }),
  model: text(100),
  version: text(100),
  host: object({
    os: text(200),
    arch: text(100),
    cpu: text(200),
    cpus: Type.Number({ minimum: 0 }),
    memoryMiB: Type.Number({ minimum: 0 }),
    node: text(100),
    runtime: optional(text(200)),
  }),
  startedAt: time,
  finishedAt: time,
  items: Type.Array(ItemSchema, { maxItems: 10_000 }),
});

/** in-toto statement of evidence. */
export const EvidenceStatementSchema = object({
  _type: Type.Literal("https://in-toto.io/Statement/v1"),
  subject: Type.Array(object({ name: text(1100), digest: object({ sha256: digest }) }), {
    minItems: 1,
    maxItems: 1000,
  }),
  predicateType: Type.Literal(evidencePredicate),
  predicate: RunSchema,
});

/** DSSE envelope of evidence. */
export const EvidenceEnvelopeSchema = object({
  payload: Type.String(),
  payloadType: Type.Literal(inTotoType),
  signatures: Type.Array(object({ keyid: digest, sig: text(1000) }), { maxItems: 8 }),
});

/** A run as read from a file. */
export type WrittenRun = Static<typeof RunSchema>;
