import { type Static, Type } from "typebox";
import { durationPattern } from "../../kernel/index.ts";

/*
 * The written form of `baton.yaml`, once: JSON Schema for editors and TypeScript types both come from here.
 * Descriptions are what an editor shows while somebody types.
 */

const closed = { additionalProperties: false } as const;
const optional = Type.Optional;
const text = (description: string) => Type.String({ description, minLength: 1 });
const duration = (description: string) => Type.String({ description, pattern: durationPattern });
const identifier = (description: string) =>
  Type.String({ description, pattern: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", maxLength: 64 });
const relativePath = (description: string) => Type.String({ description, minLength: 1, maxLength: 512 });
const owner = optional(text("Role that owns this clause; `builds` or `runs` unless said otherwise."));
const expression = (description: string) =>
  Type.String({ description: `${description} (CEL)`, minLength: 1, maxLength: 2000 });
const bound = Type.Union([Type.Number(), Type.Null()]);
const range = (description: string) => Type.Tuple([bound, bound], { description });
const reaction = (description: string) =>
  Type.Union([Type.Literal("reject"), Type.Literal("warn")], { description });
const share = (description: string) => Type.Number({ description, minimum: 0, maximum: 1 });

const ElementTypeSchema = Type.Union(
  [
    Type.Literal("float32"),
    Type.Literal("float64"),
    Type.Literal("int32"),
    Type.Literal("int64"),
    Type.Literal("string"),
    Type.Literal("boolean"),
  ],
  { description: "Element type, as the model takes it." },
);

const FeatureSchema = Type.Object(
  {
    name: text("Name of the model's input."),
    type: ElementTypeSchema,
    shape: optional(
      Type.Array(Type.Integer({ minimum: -1 }), {
        description: "Shape of one row's value without the batch dimension; absent for a scalar.",
      }),
    ),
    unit: optional(text("Unit of a number, `1` for none: mph, degF, year.")),
    range: optional(range("Hard bounds, null for open: outside is rejected.")),
    expected: optional(range("Soft bounds: outside is served, counted and reported.")),
    values: optional(
      Type.Array(Type.Union([Type.String(), Type.Integer()]), {
        description: "All categories. Quote those that look like numbers.",
        minItems: 1,
      }),
    ),
    unknown: optional(reaction("What happens to a value that is not in `values`.")),
    missing: optional(
      Type.Union([Type.Literal("allowed"), Type.Literal("reject")], {
        description: "May the value be absent?",
      }),
    ),
    "missing-as": optional(
      Type.Union([Type.String(), Type.Number(), Type.Boolean()], {
        description: "What the model is given for a missing value where its type has no NaN.",
      }),
    ),
    sensitive: optional(Type.Boolean({ description: "Never in logs, errors or samples." })),
    from: optional(text("Source column before preprocessing.")),
    transform: optional(text("SQL from source columns to this feature; executed on the golden rows.")),
    available: optional(text("When it is known: `request`, or a duration after the event.")),
    how: optional(text("How it is measured.")),
    why: optional(text("Why it should matter.")),
    owner,
  },
  closed,
);

const OutputSchema = Type.Object(
  {
    name: text("Name of the output."),
    type: optional(ElementTypeSchema),
    shape: optional(Type.Array(Type.Integer({ minimum: -1 }))),
    tensor: optional(text("Name of the model's output tensor, where it differs.")),
    column: optional(Type.Integer({ description: "Column of a [rows, k] tensor.", minimum: 0 })),
    range: optional(range("Hard bounds: an answer outside is withheld.")),
    unit: optional(text("Unit of a number.")),
    meaning: optional(text("What the number says, in the words of its user.")),
    threshold: optional(Type.Number({ description: "At or above it the decision is true." })),
    owner,
  },
  closed,
);

const RuleSchema = Type.Object(
  {
    id: identifier("Id of the rule."),
    assert: expression("What must hold for a row"),
    otherwise: optional(reaction("What happens to a row that breaks it.")),
    "when-missing": optional(
      Type.Union([Type.Literal("skip"), Type.Literal("reject"), Type.Literal("warn")], {
        description: "What happens where a named feature is missing.",
      }),
    ),
    text: optional(text("The rule in words.")),
    owner,
  },
  closed,
);

const LimitationSchema = Type.Object(
  {
    id: identifier("Id of the limitation."),
    text: text("What the model cannot do."),
    "kept-by": text("The clause that keeps it, or `stated`: the acceptor then acknowledges it by id."),
    owner,
  },
  closed,
);

const GateObject = Type.Object(
  {
    id: identifier("Id of the gate."),
    assert: expression("What must hold for the metrics on the joint set"),
    by: optional(text("Feature whose values slice the joint set; the gate holds in each slice.")),
    "minimum-rows": optional(
      Type.Integer({ description: "Slices with fewer rows are not judged.", minimum: 1 }),
    ),
    where: optional(expression("Only rows for which this holds")),
    confidence: optional(
      Type.Number({
        description: "Confidence of a comparison with `previous.`",
        exclusiveMinimum: 0.5,
        exclusiveMaximum: 1,
      }),
    ),
    owner,
  },
  closed,
);
const GateSchema = Type.Union([expression("What must hold for the metrics on the joint set"), GateObject]);

const BehaviourSchema = Type.Object(
  {
    id: identifier("Id of the behaviour."),
    set: Type.Record(Type.String(), expression("New value of the feature"), {
      description: "Features to change, and to what.",
      minProperties: 1,
    }),
    expect: expression("What must hold between `before.` and `after.` outputs"),
    where: optional(expression("Only rows for which this holds")),
    share: optional(share("Share of rows for which it must hold.")),
    text: optional(text("The behaviour in words.")),
    owner,
  },
  closed,
);

const DataReferenceSchema = Type.Object(
  {
    uri: text("Where the data is."),
    size: Type.Integer({ minimum: 0 }),
    sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
  },
  closed,
);

export const ContractSchema = Type.Object(
  {
    baton: Type.Literal(1, { description: "Version of this format." }),
    level: Type.Union([Type.Literal("sketch"), Type.Literal("handed-over"), Type.Literal("critical")], {
      description: "How much must be there: sketch (no model yet), handed-over, critical.",
    }),
    model: Type.Object(
      {
        name: identifier("Name of the model."),
        version: Type.String({ description: "Semantic version, by what callers feel." }),
        task: Type.Union([
          Type.Literal("binary-classification"),
          Type.Literal("regression"),
          Type.Literal("other"),
        ]),
        licence: optional(text("SPDX id or words.")),
      },
      closed,
    ),
    run: optional(
      Type.Union([
        Type.Object({ onnx: relativePath("The ONNX file.") }, closed),
        Type.Object(
          { python: text("module.py:function"), lock: optional(relativePath("Lock file.")) },
          closed,
        ),
        Type.Object(
          {
            oip: text("URL of a server that speaks the Open Inference Protocol."),
            model: text("Its model name."),
          },
          closed,
        ),
      ]),
    ),
    lock: optional(relativePath("Environment lock of the original pipeline, pinned with hashes.")),
    owners: Type.Record(Type.String({ pattern: "^[a-z][a-z-]*$" }), text("Team address."), {
      description: "Role to address: builds, runs; also business, risk, on-call.",
      minProperties: 1,
    }),
    use: text("What it is for, and what it is never for."),
    features: Type.Union([
      relativePath("Path of the feature table (CSV)."),
      Type.Array(FeatureSchema, { minItems: 1 }),
    ]),
    output: optional(Type.Union([OutputSchema, Type.Array(OutputSchema, { minItems: 1 })])),
    data: optional(
      Type.Object(
        {
          training: optional(relativePath("Training data, for the profile; stays with the builder.")),
          joint: optional(relativePath("Validation data that both teams test on.")),
          label: optional(text("Column of the truth.")),
          key: optional(text("Column that names a row.")),
          retention: optional(duration("How long requests may be kept.")),
          licence: optional(text("Where the data comes from, and under which terms.")),
          references: optional(Type.Array(DataReferenceSchema)),
        },
        closed,
      ),
    ),
    rules: optional(Type.Array(RuleSchema)),
    limitations: optional(Type.Array(LimitationSchema)),
    gates: optional(Type.Array(GateSchema)),
    behaviours: optional(Type.Array(BehaviourSchema)),
    slices: optional(Type.Array(text("Feature by whose values quality is always reported."))),
    golden: optional(
      Type.Object(
        {
          rows: relativePath("Golden rows."),
          layers: optional(
            Type.Array(
              Type.Union([Type.Literal("raw"), Type.Literal("features"), Type.Literal("prediction")]),
              { minItems: 1 },
            ),
          ),
          tolerance: optional(
            Type.Number({ description: "Largest allowed absolute difference of a prediction.", minimum: 0 }),
          ),
        },
        closed,
      ),
    ),
    budget: optional(
      Type.Object(
        {
          p50: optional(duration("Median latency.")),
          p95: optional(duration("95th percentile of latency.")),
          p99: optional(duration("99th percentile of latency.")),
          at: optional(Type.String({ description: "Load: 20/s.", pattern: "^\\d+(\\.\\d+)?/(s|min)$" })),
          hardware: Type.String({
            description: "CPUs and memory: 1cpu-512Mi.",
            pattern: "^\\d+(\\.\\d+)?cpu-\\d+(Mi|Gi)$",
          }),
          owner,
        },
        closed,
      ),
    ),
    "on-failure": optional(
      Type.Object(
        {
          answer: Type.Union([Type.Literal("none"), Type.Number(), Type.String()], {
            description: "What is answered when the model cannot: none, or a constant.",
          }),
          caller: text("What the caller then does."),
        },
        closed,
      ),
    ),
    labels: optional(
      Type.Object(
        {
          key: text("Field that joins a label to its prediction."),
          "arrive-after": duration("How long the truth takes."),
        },
        closed,
      ),
    ),
    watch: optional(
      Type.Object(
        {
          time: optional(text("Feature or request field of event time.")),
          window: duration("Length of a window."),
          "false-alarms": Type.String({
            description: "Allowed without any drift: 1 per 90d.",
            pattern: "^\\d+ per \\d+(\\.\\d+)?(h|d|w)$",
          }),
          strata: optional(
            text(
              "What a window is compared within: hour-of-day, day-of-week, hour-of-week, month-of-year (UTC), or a feature with categories.",
            ),
          ),
          keep: optional(
            Type.Object(
              {
                scores: optional(duration("How long scores are kept.")),
                rows: optional(share("Share of full rows kept.")),
              },
              closed,
            ),
          ),
          owner,
        },
        closed,
      ),
    ),
    errors: optional(
      Type.Array(
        Type.Object(
          {
            id: identifier("Id of the rule."),
            when: expression(
              "Which groups of errors are meant, by `group.class`, `group.clause`, `group.rate` …",
            ),
            class: Type.String({
              description: "Class that they are given: one of the taxonomy, or your own.",
              pattern: "^[a-z][a-z0-9]*(-[a-z0-9]+)*\\.[a-z][a-z0-9]*(-[a-z0-9]+)*$",
              maxLength: 64,
            }),
            owner: optional(text("Role that is to act; as in the taxonomy unless said otherwise.")),
            severity: optional(
              Type.Union([Type.Literal("blocking"), Type.Literal("warning"), Type.Literal("note")], {
                description: "`blocking` makes baton watch fail.",
              }),
            ),
            action: optional(text("What to do.")),
          },
          closed,
        ),
      ),
    ),
    retrain: optional(
      Type.Array(
        Type.Object(
          {
            id: identifier("Id of the trigger."),
            when: expression("When the next version is asked for"),
            for: optional(
              Type.String({
                description: "m of k windows; 1 of 1 unless said otherwise.",
                pattern: "^\\d+ of \\d+$",
              }),
            ),
            cooldown: optional(duration("Time before it may fire again; 1d unless said otherwise.")),
            "min-labels": optional(
              Type.Integer({
                description:
                  "Labelled rows that its windows must have together; 500 unless said otherwise, 0 asks without.",
                minimum: 0,
                maximum: 1_000_000_000,
              }),
            ),
            owner,
          },
          closed,
        ),
      ),
    ),
    review: optional(
      Type.Object(
        { first: duration("First review after deployment."), every: duration("Cadence after it."), owner },
        closed,
      ),
    ),
    serving: optional(
      Type.Object(
        {
          replicas: optional(Type.Integer({ minimum: 1 })),
          traffic: optional(
            Type.Object(
              {
                arrivals: optional(Type.Union([Type.Literal("poisson"), Type.Literal("even")])),
                rate: Type.String({ pattern: "^\\d+(\\.\\d+)?/(s|min)$" }),
                rows: optional(Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1 })),
                invalid: optional(share("Share of invalid requests.")),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
    "roll-back": optional(
      Type.Object(
        {
          to: text("`previous`, or a version, or what answers in its place."),
          steps: optional(text("What to do.")),
        },
        closed,
      ),
    ),
  },
  { ...closed, title: "Baton contract", $id: "urn:modelbaton:contract:1" },
);

/** `baton.yaml` as it is written. */
export type WrittenContract = Static<typeof ContractSchema>;
/** One feature as it is written, in the contract or as a line of the feature table. */
export type WrittenFeature = Static<typeof FeatureSchema>;
