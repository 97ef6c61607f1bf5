import { type Static, Type } from "typebox";
import { inTotoType, schemaGuard } from "../kernel/index.ts";
import { instantPattern } from "./instant.ts";

const closed = { additionalProperties: false } as const;
const optional = Type.Optional;
const digest = (description: string) => Type.String({ description, pattern: "^[0-9a-f]{64}$" });
const digests = (description: string) =>
  Type.Array(digest(description), { description, maxItems: 256, uniqueItems: true });
const instant = (description: string) => Type.String({ description, pattern: instantPattern });
const clause = Type.String({
  description: "Id of a clause.",
  pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]*$",
  maxLength: 200,
});
const clauses = (description: string) =>
  Type.Array(clause, { description, minItems: 1, maxItems: 1000, uniqueItems: true });

/** No control characters and no bidirectional overrides: what is signed is what a terminal shows. */
const visible =
  "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*$";
const prose = (description: string) =>
  Type.String({ description, pattern: visible, minLength: 1, maxLength: 4000 });

/** Everything that can happen in a relay. */
export const relayActions = [
  "offer",
  "accept",
  "return",
  "waive",
  "deploy",
  "rollback",
  "countersign",
  "recall",
  "retire",
  "resolve",
  "observe",
  "request",
  "review",
] as const;

/** What a review can decide about what runs. */
export const reviewDecisions = ["keep", "watch", "recalibrate", "retrain", "recall", "retire"] as const;

/** What a review decided. */
export type ReviewDecision = (typeof reviewDecisions)[number];

/** What can happen. */
export type RelayAction = (typeof relayActions)[number];

const ReasonSchema = Type.Object(
  {
    clause: optional(clause),
    code: Type.String({ description: "Why: see returnReasons.", pattern: "^[a-z][a-z-]*$", maxLength: 64 }),
    note: prose("The reason in words."),
    rows: optional(
      Type.Array(Type.String({ pattern: visible, maxLength: 200 }), {
        description: "Keys of rows that show it.",
        maxItems: 200,
      }),
    ),
  },
  closed,
);

const ResolutionSchema = Type.Object(
  {
    stands: digest("Entry whose decision stands."),
    over: Type.Array(digest("Entry whose decision does not."), {
      minItems: 1,
      maxItems: 256,
      uniqueItems: true,
    }),
  },
  closed,
);

const actionId = Type.String({ description: "Id of an action.", pattern: "^[a-z0-9][a-z0-9-]{0,31}$" });

const ReviewActionSchema = Type.Object(
  {
    id: actionId,
    what: Type.String({ description: "What is to be done.", pattern: visible, minLength: 1, maxLength: 500 }),
    owner: Type.String({ description: "Role that does it.", pattern: "^[a-z][a-z0-9-]*$", maxLength: 64 }),
    due: Type.String({ description: "Last day for it, in UTC.", pattern: "^\\d{4}-\\d{2}-\\d{2}$" }),
  },
  closed,
);

const ReviewSchema = Type.Object(
  {
    material: optional(
      Type.Object(
        {
          file: Type.String({
            description: "Name in reviews/, without its ending.",
            pattern: "^\\d{4}-\\d{4}-\\d{2}-\\d{2}$",
          }),
          digest: digest("Canonical JSON of what was looked at."),
          collected: instant("When it was collected."),
        },
        closed,
      ),
    ),
    decision: optional(Type.Unsafe<ReviewDecision>({ type: "string", enum: [...reviewDecisions] })),
    actions: optional(
      Type.Array(ReviewActionSchema, { description: "What is to be done.", minItems: 1, maxItems: 50 }),
    ),
    closes: optional(
      Type.Array(actionId, {
        description: "Actions that are done.",
        minItems: 1,
        maxItems: 200,
        uniqueItems: true,
      }),
    ),
  },
  closed,
);

const RequestSchema = Type.Object(
  {
    clause,
    window: instant("Start of the window with which the trigger fired."),
    reason: prose("In how many windows it held, and with what."),
    values: Type.Array(
      Type.Object(
        {
          name: Type.String({
            description: "Name in the condition.",
            pattern: "^[a-z][a-z0-9_.]*$",
            maxLength: 100,
          }),
          value: Type.Union([Type.Number(), Type.Boolean()]),
        },
        closed,
      ),
      { description: "What the condition's names were in that window.", maxItems: 100 },
    ),
    rows: optional(
      Type.Object(
        {
          file: Type.String({
            description: "Name in requests/.",
            pattern: "^[a-z0-9][a-z0-9.-]{0,180}\\.parquet$",
          }),
          sha256: digest("Of the file's bytes."),
          count: Type.Integer({ description: "Labelled rows in it.", minimum: 1, maximum: 1_000_000_000 }),
        },
        { ...closed, description: "Rows to learn from." },
      ),
    ),
  },
  closed,
);

/** How a watched clause stands in a record of a watch. */
export const observedOutcomes = ["pass", "fail", "insufficient", "not-run"] as const;

/** `insufficient`: too little to tell, which is never a pass. */
export type ObservedOutcome = (typeof observedOutcomes)[number];

const ObservedSchema = Type.Object(
  {
    from: instant("Start of the first window that was looked at."),
    newest: instant("Start of the newest window that was over and had rows."),
    windows: Type.Integer({ description: "Windows that were looked at.", minimum: 1, maximum: 10_000_000 }),
    counters: digest("Canonical JSON of the merged counters."),
    labels: optional(digest("Of the bytes of the file of labels.")),
    baton: Type.String({
      description: "Version of baton that judged.",
      pattern: "^[0-9][0-9A-Za-z.+-]*$",
      maxLength: 64,
    }),
    verdicts: Type.Array(
      Type.Object(
        {
          clause,
          outcome: Type.Unsafe<ObservedOutcome>({ type: "string", enum: [...observedOutcomes] }),
          why: optional(
            Type.String({ description: "In words.", pattern: visible, minLength: 1, maxLength: 300 }),
          ),
        },
        closed,
      ),
      { description: "One for each watched clause.", minItems: 1, maxItems: 2000 },
    ),
  },
  closed,
);

/** Predicate of a relay entry. */
export const RelayEntrySchema = Type.Object(
  {
    model: Type.String({ description: "Name of the model.", pattern: "^[a-z][a-z0-9-]*$", maxLength: 64 }),
    version: Type.String({
      description: "Semantic version.",
      pattern: "^[0-9][0-9A-Za-z.+-]*$",
      maxLength: 64,
    }),
    contentDigest: digest("What is handed over (docs/decisions/0001)."),
    action: Type.Unsafe<RelayAction>({
      type: "string",
      enum: [...relayActions],
      description: "What happens.",
    }),
    parents: Type.Array(digest("Entry on which this one stands."), { maxItems: 64, uniqueItems: true }),
    sequence: Type.Integer({
      description: "1 more than the largest of its parents.",
      minimum: 1,
      maximum: 999_999,
    }),
    person: Type.String({ description: "Who signs.", pattern: "^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$" }),
    role: Type.String({ description: "As what.", pattern: "^[a-z][a-z0-9-]*$", maxLength: 64 }),
    at: instant("When, by the signer's clock; never before its parents."),
    reasons: optional(Type.Array(ReasonSchema, { minItems: 1, maxItems: 100 })),
    note: optional(prose("In words.")),
    acknowledged: optional(clauses("Clauses that the signer has read and answers for.")),
    clauses: optional(clauses("Clauses that are waived.")),
    until: optional(instant("End of a waiver.")),
    evidence: optional(digests("Evidence that the signer saw.")),
    environment: optional(
      Type.String({ description: "Where it is deployed.", pattern: "^[a-z][a-z0-9-]*$", maxLength: 64 }),
    ),
    previousDigest: optional(digest("Content that stood there before.")),
    countersigns: optional(digest("Roll-back that is countersigned.")),
    resolves: optional(ResolutionSchema),
    review: optional(ReviewSchema),
    request: optional(RequestSchema),
    closes: optional(digests("Requests that the accepted version answers.")),
    observed: optional(ObservedSchema),
  },
  { ...closed, title: "Baton relay entry", $id: "urn:modelbaton:relay-entry:1" },
);

const StatementSchema = Type.Object(
  {
    _type: Type.Literal("https://in-toto.io/Statement/v1"),
    subject: Type.Array(
      Type.Object(
        { name: Type.String(), digest: Type.Object({ sha256: digest("Content.") }, closed) },
        closed,
      ),
      { minItems: 1, maxItems: 1 },
    ),
    predicateType: Type.Literal("urn:modelbaton:relay-entry:1"),
    predicate: RelayEntrySchema,
  },
  closed,
);

const EnvelopeSchema = Type.Object(
  {
    payload: Type.String(),
    payloadType: Type.Literal(inTotoType),
    signatures: Type.Array(
      Type.Object({ keyid: digest("Key."), sig: Type.String({ minLength: 1, maxLength: 200 }) }, closed),
      { minItems: 1, maxItems: 1 },
    ),
  },
  closed,
);

/** Why something is returned, or in which words it is waived or recalled. */
export type Reason = Readonly<Static<typeof ReasonSchema>>;
/** What a review looked at and decided, or which actions of earlier ones are done. */
export type ReviewSaid = Readonly<Static<typeof ReviewSchema>>;
/** Which trigger asks for the next version, on what, with which rows to learn from. */
export type RequestSaid = Readonly<Static<typeof RequestSchema>>;
/** How each watched clause stands, on which windows and counters. */
export type ObservedSaid = Readonly<Static<typeof ObservedSchema>>;
/** What one signed entry says. */
export type RelayEntry = Readonly<Static<typeof RelayEntrySchema>>;
/** The statement around an entry. */
export type RelayStatement = Static<typeof StatementSchema>;
/** The envelope around a statement: exactly one signature. */
export type RelayEnvelope = Static<typeof EnvelopeSchema>;

/** Compiled when first needed. */
export const validateStatement = schemaGuard<RelayStatement>(StatementSchema);
/** Compiled when first needed. */
export const validateEnvelope = schemaGuard<RelayEnvelope>(EnvelopeSchema);
