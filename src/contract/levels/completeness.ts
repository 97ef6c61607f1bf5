import { type Finding, worstFirst } from "../../kernel/index.ts";
import { gather, type Note } from "../consistency/check-list.ts";
import type { Contract, Feature, Level } from "../contract.ts";
import type { ContractCode } from "../contract-findings.ts";

const order: readonly Level[] = ["sketch", "handed-over", "critical"];

/** One thing that a level asks for. */
interface Requirement {
  readonly code: ContractCode;
  /** First level that asks for it; below it nothing is said. */
  readonly from: Level;
  /** First level at which its absence blocks; never where absent. */
  readonly blocksFrom?: Level;
  readonly path: string;
  /** What is missing, as a sentence; nothing where it is there. */
  readonly lack: (contract: Contract) => string | undefined;
}

/** What each level asks for that a contract can lack by itself. Who signs is judged by the relay, what was shown by evidence. */
export function completeness(contract: Contract, positionOf: Parameters<typeof gather>[0]): Finding[] {
  const asks = (level: Level) => order.indexOf(contract.level) >= order.indexOf(level);
  return worstFirst(
    gather(positionOf, (note) => {
      for (const { code, from, blocksFrom, path, lack } of requirements) {
        const message = asks(from) ? lack(contract) : undefined;
        if (message === undefined) continue;
        const blocking = blocksFrom !== undefined && asks(blocksFrom);
        note(code, path, { message, severity: blocking ? "blocking" : "warning" });
      }
      for (const group of featureRequirements) checkGroup(group, contract, asks, note);
    }),
  );
}

const requirements: readonly Requirement[] = [
  required("needs-owner", "sketch", "owners", (c) => {
    const absent = ["builds", "runs"].filter((role) => !/[\p{L}\p{N}]/u.test(c.owners[role] ?? ""));
    return absent.length > 0 ? `Nobody is named who ${absent.join(" and who ")} it.` : undefined;
  }),
  required("needs-output", "sketch", "output", (c) =>
    c.outputs.length === 0 ? "No output is named." : undefined,
  ),
  required("needs-gates", "sketch", "gates", (c) =>
    c.gates.length === 0 && isJudged(c) ? "No gate says how good the model must be." : undefined,
  ),
  required("needs-budget", "sketch", "budget", (c) =>
    c.budget ? undefined : "No budget says how fast it must be.",
  ),
  required("needs-use", "sketch", "use", (c) =>
    c.use.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length < 3
      ? "`use` does not say what the model is for."
      : undefined,
  ),
  required("needs-model", "handed-over", "run", (c) =>
    c.run ? undefined : "Nothing says what executes the model.",
  ),
  required("needs-joint-set", "handed-over", "data.joint", (c) =>
    c.data.joint ? undefined : "No data is named that both teams test on.",
  ),
  required("needs-label", "handed-over", "data.label", (c) =>
    c.data.label || !isJudged(c) ? undefined : "No column of the truth is named.",
  ),
  required("needs-lock", "handed-over", "lock", (c) =>
    c.lock ? undefined : "No lock names the environment in which the model was made.",
  ),
  required("needs-golden", "handed-over", "golden", (c) =>
    c.golden ? undefined : "There are no golden rows.",
  ),
  required("needs-on-failure", "handed-over", "on-failure", (c) =>
    c.onFailure ? undefined : "Nothing says what happens when the model cannot answer.",
  ),
  {
    ...required("needs-labels", "critical", "labels", (c) =>
      c.labels || !isJudged(c) ? undefined : "Nothing says how and when the truth comes back.",
    ),
    from: "handed-over",
  },
  advised("needs-training", "handed-over", "data.training", (c) =>
    c.data.training ? undefined : "The training data is not named.",
  ),
  advised("needs-licence", "handed-over", "model.licence", (c) => {
    const absent = [
      ...(c.model.licence ? [] : ["the model"]),
      ...(c.data.licence || !c.data.training ? [] : ["its data"]),
    ];
    return absent.length > 0 ? `No licence is named for ${absent.join(" and ")}.` : undefined;
  }),
  required("needs-rules", "critical", "rules", (c) =>
    c.rules.length === 0 ? "There is no rule." : undefined,
  ),
  required("needs-limitations", "critical", "limitations", (c) =>
    c.limitations.length === 0 ? "No limitation is named." : undefined,
  ),
  required("needs-slices", "critical", "slices", (c) =>
    c.slices.length === 0 && !c.gates.some((gate) => gate.by) && isJudged(c)
      ? "Nothing looks at parts of the data."
      : undefined,
  ),
  required("needs-behaviours", "critical", "behaviours", (c) =>
    c.behaviours.length === 0 ? "No behaviour is declared." : undefined,
  ),
  required("needs-retention", "critical", "data.retention", (c) =>
    c.data.retention ? undefined : "Nothing says how long requests may be kept.",
  ),
  required("needs-drift-policy", "critical", "watch", (c) =>
    c.watch ? undefined : "There is no drift policy.",
  ),
  required("needs-review", "critical", "review", (c) => (c.review ? undefined : "No review is planned.")),
  required("needs-roll-back", "critical", "roll-back", (c) =>
    c.rollBack ? undefined : "Nothing says how to go back.",
  ),
  required("needs-on-call", "critical", "owners.on-call", (c) =>
    /[\p{L}\p{N}]/u.test(c.owners["on-call"] ?? "") ? undefined : "Nobody is on call.",
  ),
  advised("needs-trigger", "critical", "retrain", (c) =>
    c.retrain.length === 0 ? "No trigger asks for the next version." : undefined,
  ),
];

type ShortOf<Code> = Code extends `contract.${infer Short}` ? Short : never;
type Short = ShortOf<ContractCode>;

function required(code: Short, from: Level, path: string, lack: Requirement["lack"]): Requirement {
  return { code: `contract.${code}`, from, blocksFrom: from, path, lack };
}

function advised(code: Short, from: Level, path: string, lack: Requirement["lack"]): Requirement {
  return { code: `contract.${code}`, from, path, lack };
}

/** Tasks whose answers are compared with a truth. */
function isJudged(contract: Contract): boolean {
  return contract.model.task !== "other";
}

/** What a level asks of each feature (or output): one finding for all that lack it. */
interface FeatureRequirement extends Pick<Requirement, "code" | "from" | "blocksFrom"> {
  readonly key: string;
  readonly lacks: (feature: Feature) => boolean;
  readonly lacksOutput?: (output: Contract["outputs"][number]) => boolean;
  readonly words: string;
}

const isNumeric = ({ type }: { readonly type: string }) => type !== "string" && type !== "boolean";

const featureRequirements: readonly FeatureRequirement[] = [
  {
    code: "contract.missing-undecided",
    from: "sketch",
    blocksFrom: "handed-over",
    key: "missing",
    lacks: (feature) => feature.undecided?.includes("missing") ?? false,
    words: "Nobody has said whether these may be missing",
  },
  {
    code: "contract.needs-unit",
    from: "handed-over",
    blocksFrom: "critical",
    key: "unit",
    lacks: (feature) => isNumeric(feature) && !feature.values && !feature.unit,
    lacksOutput: (output) => isNumeric(output) && !output.unit,
    words: "These have no unit",
  },
  {
    code: "contract.needs-meaning",
    from: "handed-over",
    blocksFrom: "critical",
    key: "how",
    lacks: (feature) => !feature.how || !feature.why,
    lacksOutput: (output) => !output.meaning,
    words: "Nothing says what these mean (`how` and `why`, or `meaning`)",
  },
  {
    code: "contract.sensitive-undecided",
    from: "critical",
    blocksFrom: "critical",
    key: "sensitive",
    lacks: (feature) => feature.undecided?.includes("sensitive") ?? false,
    words: "Nobody has said whether these are sensitive",
  },
  {
    code: "contract.needs-available",
    from: "critical",
    key: "available",
    lacks: (feature) => !feature.available,
    words: "Nothing says when these are known",
  },
];

function checkGroup(
  group: FeatureRequirement,
  contract: Contract,
  asks: (level: Level) => boolean,
  note: Note,
): void {
  if (!asks(group.from)) return;
  const lacking = [
    ...contract.features.flatMap((feature, index) =>
      group.lacks(feature) ? [{ name: feature.name, kind: "features", index }] : [],
    ),
    ...contract.outputs.flatMap((output, index) =>
      group.lacksOutput?.(output) ? [{ name: output.name, kind: "outputs", index }] : [],
    ),
  ];
  const [first] = lacking;
  if (!first) return;
  const shown = lacking.slice(0, 6).map(({ name }) => name);
  const rest = lacking.length > shown.length ? ` and ${lacking.length - shown.length} more` : "";
  const blocking = group.blocksFrom !== undefined && asks(group.blocksFrom);
  note(group.code, `${first.kind}[${first.index}].${group.key}`, {
    ...(lacking.length === 1 ? { clause: `${first.kind}.${first.name}` } : {}),
    message: `${group.words}: ${shown.join(", ")}${rest}.`,
    severity: blocking ? "blocking" : "warning",
  });
}
