/**
 * The contract as the rest of the house sees it: one normal form, whichever way it was written.
 * Written forms are in `schema.ts`; `parse-contract.ts` turns one into the other and says where each part stands in the file.
 */

/** How much must be there: see `completeness.ts`. */
export type Level = "sketch" | "handed-over" | "critical";

/** What kind of answer the model gives; it decides which metrics make sense. */
export type Task = "binary-classification" | "regression" | "other";

/** Element types of features and outputs. */
export type ElementType = "float32" | "float64" | "int32" | "int64" | "string" | "boolean";

/** Who owns a promise. `builds` and `runs` are always there; a team may add its own. */
export type Role = string;

/** What happens to a row that breaks a clause. */
export type Reaction = "reject" | "warn";

/** Inclusive bounds; null is open. */
export type Range = readonly [low: number | null, high: number | null];

/** What executes the model. */
export type Run =
  | { readonly kind: "onnx"; readonly path: string }
  | { readonly kind: "python"; readonly entry: string }
  | { readonly kind: "oip"; readonly url: string; readonly model: string };

/** One input of the model, clause `features.<name>`. */
export interface Feature {
  readonly name: string;
  readonly type: ElementType;
  /** Shape of one row's value; empty for a scalar, -1 for a variable dimension. */
  readonly shape: readonly number[];
  readonly unit?: string;
  /** Hard: outside is rejected. */
  readonly range?: Range;
  /** Soft: outside is served, counted and reported. */
  readonly expected?: Range;
  /** The only values there are (strings, or decimal text of integers). */
  readonly values?: readonly string[];
  /** What happens to a value that is not in `values`. */
  readonly unknown: Reaction;
  readonly missing: "allowed" | "reject";
  /** What the model is given in place of a missing value where its type has no NaN. */
  readonly missingAs?: string | number | boolean;
  readonly sensitive: boolean;
  /** What nobody has said yet; `missing` then reads as reject and `sensitive` as false. */
  readonly undecided?: readonly ("missing" | "sensitive")[];
  /** Source column before preprocessing. */
  readonly from?: string;
  /** SQL over source columns that makes this feature. */
  readonly transform?: string;
  /** When it is known: `request`, or a duration after the event. */
  readonly available?: string;
  readonly how?: string;
  readonly why?: string;
  readonly owner?: Role;
}

/** One output of the model, clause `outputs.<name>`. */
export interface Output {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Name of the model's tensor; the output's own name unless said otherwise. */
  readonly tensor: string;
  /** Column of a `[rows, k]` tensor that this output is. */
  readonly column?: number;
  readonly range?: Range;
  readonly unit?: string;
  readonly meaning?: string;
  /** At or above it the decision is true. */
  readonly threshold?: number;
  readonly owner?: Role;
}

/** Clause `rules.<id>`: a CEL expression over features that must hold for each row. */
export interface Rule {
  readonly id: string;
  readonly assert: string;
  readonly otherwise: Reaction;
  /** What happens where a feature that the expression names is missing. */
  readonly whenMissing: "skip" | Reaction;
  readonly text?: string;
  readonly owner?: Role;
}

/** Clause `limitations.<id>`: what the model cannot do, and which clause keeps it, or only people (`stated`). */
export interface Limitation {
  readonly id: string;
  readonly text: string;
  /** A clause id, or `stated`. */
  readonly keptBy: string;
  readonly owner?: Role;
}

/** Clause `gates.<id>`: a CEL expression over metrics (and `previous.` metrics) on the joint set. */
export interface Gate {
  readonly id: string;
  readonly assert: string;
  /** Feature by whose values the joint set is sliced: the gate holds in each slice. */
  readonly by?: string;
  /** Slices with fewer rows are not judged. */
  readonly minimumRows: number;
  /** CEL over features: only these rows. */
  readonly where?: string;
  /** Confidence of a comparison with `previous`, by paired bootstrap. */
  readonly confidence?: number;
  readonly owner?: Role;
}

/** Clause `behaviours.<id>`: change some features, and the output must answer as expected. */
export interface Behaviour {
  readonly id: string;
  /** Feature → CEL expression over the row. */
  readonly set: Readonly<Record<string, string>>;
  /** CEL over `before.<output>` and `after.<output>`. */
  readonly expect: string;
  readonly where?: string;
  /** Share of applicable joint rows for which it must hold, in [0, 1]. */
  readonly share: number;
  readonly text?: string;
  readonly owner?: Role;
}

/** Clause `golden`: rows in three layers whose prediction by the original pipeline is on record. */
export interface Golden {
  readonly rows: string;
  readonly layers: readonly ("raw" | "features" | "prediction")[];
  /** Largest allowed absolute difference of a prediction. */
  readonly tolerance: number;
}

/** Clause `budget`: how fast, at which load, on which hardware. */
export interface Budget {
  /** Latency bounds in milliseconds by percentile (`p50`, `p95`, `p99`). */
  readonly latencyMs: Readonly<Record<string, number>>;
  /** Requests per second. */
  readonly rate?: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly owner?: Role;
}

/** What people do when the model cannot answer. */
export interface OnFailure {
  /** `none`, or a constant answer for the first output. */
  readonly answer: "none" | number | string;
  readonly caller: string;
}

/** When truth is known and how it finds its prediction. */
export interface Labels {
  readonly key: string;
  readonly arriveAfter: string;
}

/** Clause `watch`: the drift policy. */
export interface WatchPolicy {
  /** Feature or request field that carries event time; arrival time where absent. */
  readonly time?: string;
  readonly window: string;
  /** Alarms allowed without any drift, as written: `1 per 90d`. */
  readonly falseAlarms: string;
  /** What a window is compared within: a cycle of the calendar (`day-of-week`), or a feature with categories. */
  readonly strata?: string;
  readonly keepScores?: string;
  /** Share of full rows kept, in [0, 1]. */
  readonly keepRows: number;
  readonly owner?: Role;
}

/** Clause `retrain.<id>`: when the next version is asked for. */
export interface RetrainTrigger {
  readonly id: string;
  readonly when: string;
  /** `m of k` windows. */
  readonly for: string;
  readonly cooldown: string;
  /** Labelled rows that its windows must have together before it asks: fewer show little and teach little. */
  readonly minLabels: number;
  readonly owner?: Role;
}

/** Puts groups of errors into a class, with an owner and an action, of the teams' own: the first that holds counts. */
export interface ErrorRule {
  readonly id: string;
  /** CEL over what is known of a group: `group.class`, `group.clause`, `group.rate` … */
  readonly when: string;
  /** Name in the taxonomy, or one of the teams' own. */
  readonly class: string;
  readonly owner?: Role;
  readonly severity?: "blocking" | "warning" | "note";
  readonly action?: string;
}

/** Clause `review`: when both teams look again. */
export interface ReviewCadence {
  readonly first: string;
  readonly every: string;
  readonly owner?: Role;
}

/** How it is served, for load tests and manifests. */
export interface Serving {
  readonly replicas: number;
  readonly traffic?: {
    readonly arrivals: "poisson" | "even";
    readonly rate: number;
    readonly rows: readonly number[];
    readonly invalid: number;
  };
}

/** How to go back, and who is called. */
export interface RollBack {
  readonly to: string;
  readonly steps?: string;
}

/** `baton.yaml` with its feature table, parsed and in normal form. Paths are POSIX, relative to the hand-off folder. */
export interface Contract {
  readonly level: Level;
  readonly model: {
    readonly name: string;
    readonly version: string;
    readonly task: Task;
    readonly licence?: string;
  };
  /** Absent only at `sketch`. */
  readonly run?: Run;
  /** Environment lock of the original pipeline, pinned with hashes. */
  readonly lock?: string;
  /** Role → address. */
  readonly owners: Readonly<Record<Role, string>>;
  readonly use: string;
  /** Path of the feature table, where features are not in the contract itself. */
  readonly featureTable?: string;
  readonly features: readonly Feature[];
  readonly outputs: readonly Output[];
  readonly data: {
    readonly training?: string;
    readonly joint?: string;
    readonly label?: string;
    /** Column that names a row; never a feature. */
    readonly key?: string;
    /** How long personal data of requests may be kept. */
    readonly retention?: string;
    readonly licence?: string;
    readonly references: readonly { readonly uri: string; readonly size: number; readonly sha256: string }[];
  };
  readonly rules: readonly Rule[];
  readonly limitations: readonly Limitation[];
  readonly gates: readonly Gate[];
  readonly behaviours: readonly Behaviour[];
  /** Feature names by which quality is always reported. */
  readonly slices: readonly string[];
  readonly golden?: Golden;
  readonly budget?: Budget;
  readonly onFailure?: OnFailure;
  readonly labels?: Labels;
  readonly watch?: WatchPolicy;
  /** Absent where the taxonomy's own owners and actions are meant. */
  readonly errors?: readonly ErrorRule[];
  readonly retrain: readonly RetrainTrigger[];
  readonly review?: ReviewCadence;
  readonly serving?: Serving;
  readonly rollBack?: RollBack;
}
