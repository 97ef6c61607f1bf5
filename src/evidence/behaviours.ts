import {
  allocate,
  type Behaviour,
  behaviourScope,
  type Column,
  type CompiledExpression,
  type Contract,
  compileExpression,
  type ElementType,
  expressionType,
  type Table,
  valueAt,
} from "../contract/index.ts";
import type { Prediction, Predictor } from "../inference/index.ts";
import type { Finding } from "../kernel/index.ts";
import { evidenceFinding } from "./evidence-findings.ts";
import { counted, type Judgement, keptFindings, notRun, passIf, shownNumber } from "./evidence-item.ts";
import { predictAll, withheldRows } from "./rows/predict-all.ts";
import { compileRowExpression, evaluated, type RowExpression } from "./rows/row-expression.ts";
import { madeUpAnswers } from "./rows/scored-rows.ts";
import { takeRows } from "./rows/table-rows.ts";

/** What behaviours are tried on. */
export interface BehaviourGround {
  readonly contract: Contract;
  readonly predictor: Predictor;
  /** Feature columns of the joint rows. */
  readonly features: Table;
  /** The joint set with its key column. */
  readonly joint: Table;
  /** The model's answers for them as they are. */
  readonly before: Prediction;
}

/** Judges one behaviour: changes the features of each row that it applies to, and compares the answers. */
export async function judgeBehaviour(behaviour: Behaviour, ground: BehaviourGround): Promise<Judgement> {
  const clause = `behaviours.${behaviour.id}`;
  const compiled = compile(behaviour, ground.contract);
  if ("problem" in compiled) return notRun(clause, "behaviour", compiled.problem);
  if (ground.before.madeUp) return notRun(clause, "behaviour", madeUpAnswers);
  const tally = emptyTally();
  const changed = change(compiled, ground, tally);
  const after = await predictAll(ground.predictor, changed.table);
  const withheld = withheldRows(after);
  for (let at = 0; at < changed.rows.length; at++) {
    const row = changed.rows[at]!;
    if (after.answered[at] !== 1 && withheld[at] !== 1) tally.breaksClause++;
    else if (withheld[at] === 1)
      miss(tally, clause, `the answer after the change breaks an output clause`, row, ground);
    else expectAt(compiled.expect, { ground, after, row, at, clause, behaviour }, tally);
  }
  return summary(behaviour, tally);
}

interface Compiled {
  readonly where?: RowExpression;
  readonly set: readonly {
    readonly name: string;
    readonly type: ElementType;
    readonly value: RowExpression;
  }[];
  readonly expect: CompiledExpression;
}

function compile(behaviour: Behaviour, contract: Contract): Compiled | { readonly problem: string } {
  const set: Compiled["set"][number][] = [];
  for (const [name, source] of Object.entries(behaviour.set)) {
    const feature = contract.features.find((candidate) => candidate.name === name);
    if (!feature || feature.shape.length > 0)
      return { problem: `there is no single-valued feature ${name} to set` };
    const value = compileRowExpression(contract, source, expressionType(feature.type));
    if (!value.ok) return { problem: `the new value of ${name} cannot be used: ${value.problem}` };
    set.push({ name, type: feature.type, value });
  }
  const where =
    behaviour.where === undefined ? undefined : compileRowExpression(contract, behaviour.where, "bool");
  if (where && !where.ok) return { problem: `its \`where\` cannot be used: ${where.problem}` };
  const expect = compileExpression(behaviour.expect, behaviourScope(contract));
  if (!expect.ok) return { problem: `its \`expect\` cannot be used: ${expect.problem}` };
  return { set, expect, ...(where && { where }) };
}

interface Tally {
  holds: number;
  misses: number;
  /** Rows whose changed values a hard clause rejects. */
  breaksClause: number;
  /** Rows that have no value for what the behaviour names. */
  missing: number;
  /** Rows that `where` leaves out, or that get no answer as they are. */
  elsewhere: number;
  notEvaluable: number;
  readonly findings: Finding[];
}

function emptyTally(): Tally {
  return { holds: 0, misses: 0, breaksClause: 0, missing: 0, elsewhere: 0, notEvaluable: 0, findings: [] };
}

/** The rows that the behaviour applies to, with their new values; expressions see the row as it was. */
function change(
  { set, where }: Compiled,
  ground: BehaviourGround,
  tally: Tally,
): { table: Table; rows: Uint32Array } {
  const rows: number[] = [];
  const fresh = set.map(() => [] as unknown[]);
  for (let row = 0; row < ground.features.rows; row++) {
    if (ground.before.answered[row] !== 1) {
      tally.elsewhere++;
      continue;
    }
    const condition = where?.at(ground.features, row);
    const values = set.map(({ value }) => value.at(ground.features, row));
    const unknown = [...(condition ? [condition] : []), ...values].find((value) => !value.known);
    if (condition?.known && condition.value !== true) tally.elsewhere++;
    else if (unknown && !unknown.known) {
      if (unknown.why === "missing") tally.missing++;
      else tally.notEvaluable++;
    } else {
      rows.push(row);
      for (const [at, value] of values.entries()) fresh[at]!.push(value.known ? value.value : undefined);
    }
  }
  const chosen = Uint32Array.from(rows);
  const table = takeRows(ground.features, chosen);
  const columns = new Map(table.columns);
  for (const [at, { name, type }] of set.entries()) columns.set(name, columnOf(type, fresh[at]!));
  return { table: { rows: table.rows, columns }, rows: chosen };
}

/** Values as the feature's type has them; an integer that does not fit becomes a missing value. */
function columnOf(type: ElementType, values: readonly unknown[]): Column {
  const array = allocate(type, values.length);
  const missing = new Uint8Array(values.length);
  for (const [at, value] of values.entries()) {
    if (typeof value === "bigint") {
      const fits = type === "int64" ? BigInt.asIntN(64, value) === value : BigInt.asIntN(32, value) === value;
      if (!fits) missing[at] = 1;
      else array[at] = type === "int64" ? value : Number(value);
    } else array[at] = typeof value === "boolean" ? Number(value) : (value as string | number);
  }
  return { type, shape: [], values: array, ...(missing.includes(1) && { missing }) } as Column;
}

interface Case {
  readonly ground: BehaviourGround;
  readonly after: Prediction;
  /** Row of the joint set, and where its changed copy stands. */
  readonly row: number;
  readonly at: number;
  readonly clause: string;
  readonly behaviour: Behaviour;
}

function expectAt(expect: CompiledExpression, one: Case, tally: Tally): void {
  const values: Record<string, unknown> = {};
  for (const name of expect.names) {
    const isAfter = name.startsWith("after.");
    const outputs = (isAfter ? one.after : one.ground.before).outputs.columns;
    values[name] = outputs.get(name.slice(name.indexOf(".") + 1))?.values[isAfter ? one.at : one.row];
  }
  const result = evaluated(() => expect.evaluate(values));
  if (!result.known) tally.notEvaluable++;
  else if (result.value === true) tally.holds++;
  else {
    const shown = Object.entries(values).map(([name, value]) => `${name} ${shownOutput(value)}`);
    miss(
      tally,
      one.clause,
      `${one.behaviour.expect} does not hold: ${shown.join(", ")}`,
      one.row,
      one.ground,
    );
  }
}

function miss(tally: Tally, clause: string, what: string, row: number, ground: BehaviourGround): void {
  tally.misses++;
  if (tally.findings.length >= keptFindings) return;
  const message = `For ${jointRowName(ground, row)} ${what}.`;
  tally.findings.push(
    evidenceFinding("evidence.behaviour-broken", {
      clause,
      path: `joint[${row}]`,
      message,
      severity: "warning",
    }),
  );
}

function jointRowName({ joint, contract }: BehaviourGround, row: number): string {
  const column = contract.data.key === undefined ? undefined : joint.columns.get(contract.data.key);
  const key = column && column.shape.length === 0 ? valueAt(column, row) : null;
  return key === null ? `joint row ${row + 1}` : `joint row ${row + 1} (${String(key).slice(0, 80)})`;
}

function summary(behaviour: Behaviour, tally: Tally): Judgement {
  const clause = `behaviours.${behaviour.id}`;
  const applicable = tally.holds + tally.misses;
  const { holds, breaksClause, missing, elsewhere, notEvaluable } = tally;
  const measured = {
    applicable,
    holds,
    wanted_share: behaviour.share,
    breaks_a_clause: breaksClause,
    missing,
    elsewhere,
    not_evaluable: notEvaluable,
    ...(applicable > 0 && { share: holds / applicable }),
  };
  const notes = [
    ...(breaksClause > 0 ? [`${breaksClause} would break a hard clause`] : []),
    ...(missing > 0 ? [`${missing} lack a value`] : []),
    ...(notEvaluable > 0 ? [`${notEvaluable} cannot be evaluated`] : []),
  ];
  const rest = notes.length > 0 ? `; not applicable: ${notes.join(", ")}` : "";
  if (applicable === 0)
    return { ...notRun(clause, "behaviour", `it applies to no joint row${rest}`), measured };
  const share = holds / applicable;
  const message = `It holds for ${shownNumber(share * 100)} % of ${counted(applicable, "row")} (${shownNumber(behaviour.share * 100)} % wanted)${rest}.`;
  const outcome = passIf(share >= behaviour.share);
  if (outcome === "pass")
    return { clause, test: "behaviour", outcome, message, measured, findings: tally.findings };
  const broken = evidenceFinding("evidence.behaviour-broken", {
    clause,
    expected: behaviour.expect,
    message,
  });
  return { clause, test: "behaviour", outcome, message, measured, findings: [broken, ...tally.findings] };
}

function shownOutput(value: unknown): string {
  return typeof value === "number" ? shownNumber(value) : String(value);
}
