import type { Duckdb } from "../../adapters/duckdb/index.ts";
import { inspectOnnx, runtimeLimits } from "../../adapters/onnx/index.ts";
import type { Table } from "../../contract/index.ts";
import { batonLockOf, batonLockPath, batonLockText, profilePath } from "../../evidence/index.ts";
import type { Predictor } from "../../inference/index.ts";
import { BatonError, canonicalJson } from "../../kernel/index.ts";
import {
  alarmBudget,
  calibrationTally,
  makeProfile,
  type Profile,
  profileColumns,
  profileOutputs,
  profileTable,
  type ScoreCalibration,
  type TableProfile,
} from "../../profile/index.ts";
import { type ReferenceRows, referenceRows } from "../../watch/index.ts";
import { readsNow } from "./evidence-store.ts";
import { featureRequests, withDuckdb } from "./hand-off-rows.ts";
import type { ReadyHandoff } from "./handoff.ts";
import { openPredictor } from "./model.ts";
import { startProgress } from "./progress.ts";
import { calibrateThresholds, referenceOrder } from "./run-calibration.ts";
import type { Session } from "./session.ts";
import { version } from "./version.ts";

/**
 * Profiles the training data and the model's answers on it, and calibrates drift thresholds where the contract has a
 * drift policy and `calibrates` says so; writes `profile.json` and `baton.lock`.
 */
export async function profileHandoff(
  session: Session,
  handoff: ReadyHandoff,
  calibrates: boolean,
): Promise<Profile> {
  const { contract, folder, files } = handoff;
  const { training } = contract.data;
  if (training === undefined || !files.has(training))
    throw new BatonError(
      "file-missing",
      training === undefined ? "The contract names no training data." : `There is no ${training}.`,
      {
        file: "baton.yaml",
        next: "Write data: { training: data/train.parquet } and put the file there.",
      },
    );
  return withDuckdb(async (duckdb) => {
    const progress = startProgress(session, `profiling ${training}`);
    const path = await folder.absolute(training);
    const columns = profileColumns(contract);
    const source = await duckdb.profileSource(path, [
      ...columns.features,
      ...(columns.label ? [columns.label] : []),
    ]);
    try {
      const features = await profileTable(source, columns.features);
      const label = columns.label ? await profileTable(source, [columns.label]) : undefined;
      const order =
        calibrates && alarmBudget(contract) ? await referenceOrder(handoff, { duckdb, path }) : undefined;
      const rows = order && referenceRows(features.cells, order);
      progress.at("the model's answers");
      const answers = await profileAnswers(handoff, { duckdb, path, rows });
      const reads = await profileReads(handoff, answers.calibration !== undefined);
      progress.done(`${features.counters.rows} rows`);
      const { outputs } = answers;
      const thresholds =
        order &&
        rows &&
        (await calibrateThresholds(session, handoff, { order, rows, features, outputs, reads }));
      const profile = makeProfile({
        features,
        label,
        ...answers,
        thresholds,
        leftOut: columns.leftOut,
        reads,
      });
      await folder.write(profilePath, canonicalJson(profile));
      await folder.write(batonLockPath, await lockText(handoff, duckdb));
      return profile;
    } finally {
      await source.close();
    }
  });
}

/** Cells of the model's answers on the training data, and how often its score comes true on the joint set; collects the rows. */
async function profileAnswers(
  handoff: ReadyHandoff,
  {
    duckdb,
    path,
    rows,
  }: { readonly duckdb: Duckdb; readonly path: string; readonly rows: ReferenceRows | undefined },
): Promise<{ outputs?: TableProfile; calibration?: ScoreCalibration | undefined }> {
  const columns = handoff.contract.run?.kind === "onnx" ? profileColumns(handoff.contract).outputs : [];
  const tables = duckdb.readTables(path, { columns: featureRequests(handoff.contract), batchRows: 8192 });
  if (columns.length === 0) {
    if (rows) for await (const table of tables) rows.add(table);
    return {};
  }
  const predictor = await openPredictor(handoff);
  async function* answers(): AsyncGenerator<Table> {
    for await (const table of tables) {
      const prediction = await predictor.predict(table);
      const outputs = onlyAnswered(prediction.outputs, prediction.answered);
      rows?.add(table, outputs);
      yield outputs;
    }
  }
  try {
    const outputs = await profileOutputs(answers(), columns);
    return { outputs, calibration: await calibrationOf(handoff, { duckdb, predictor, outputs }) };
  } finally {
    await predictor.close();
  }
}

/** Undefined where the model is no classifier, or the joint set or its labels are not there. */
async function calibrationOf(
  { contract, folder, files }: ReadyHandoff,
  {
    duckdb,
    predictor,
    outputs,
  }: { readonly duckdb: Duckdb; readonly predictor: Predictor; readonly outputs: TableProfile },
): Promise<ScoreCalibration | undefined> {
  const { joint, label } = contract.data;
  const [score] = contract.outputs;
  const tally = calibrationTally(outputs.cells.columns.find(({ name }) => name === score?.name));
  if (contract.model.task !== "binary-classification" || !tally || !score) return undefined;
  if (joint === undefined || joint === contract.data.training || !files.has(joint)) return undefined;
  const path = await folder.absolute(joint);
  if (label === undefined || !(await duckdb.schema(path)).some(({ name }) => name === label))
    return undefined;
  const features = featureRequests(contract);
  const truth = { column: label, name: `label ${label}`, type: "boolean" } as const;
  for await (const table of duckdb.readTables(path, { columns: [...features, truth], batchRows: 8192 })) {
    const { outputs: answers, answered } = await predictor.predict(table);
    tally.add(answers.columns.get(score.name)!, table.columns.get(truth.name)!, answered);
  }
  return tally.calibration();
}

/** Rows that got no answer are no answers: they count as missing. */
function onlyAnswered(outputs: Table, answered: Uint8Array): Table {
  if (!answered.includes(0)) return outputs;
  const missing = answered.map((one) => 1 - one);
  return {
    rows: outputs.rows,
    columns: new Map([...outputs.columns].map(([name, column]) => [name, { ...column, missing }])),
  };
}

async function profileReads(handoff: ReadyHandoff, calibrated: boolean): Promise<Record<string, string>> {
  const { contract } = handoff;
  const now = await readsNow(handoff);
  const names = [
    "features",
    "outputs",
    `data:${contract.data.training}`,
    ...(calibrated ? [`content:${contract.data.joint}`] : []),
    ...(contract.run?.kind === "onnx" ? [`content:${contract.run.path}`] : []),
  ];
  return Object.fromEntries(names.flatMap((name) => (now[name] === undefined ? [] : [[name, now[name]]])));
}

async function lockText({ contract, folder, files }: ReadyHandoff, duckdb: Duckdb): Promise<string> {
  const rows = new Map<string, number>();
  for (const path of [contract.data.training, contract.data.joint, contract.golden?.rows])
    if (path !== undefined && files.has(path))
      rows.set(path, await duckdb.rowCount(await folder.absolute(path)));
  const model =
    contract.run?.kind === "onnx" && files.has(contract.run.path)
      ? inspectOnnx(await folder.read(contract.run.path))
      : undefined;
  return batonLockText(
    batonLockOf({
      contract,
      files,
      rows,
      tool: `baton ${version}`,
      runtime: runtimeLimits.runtime,
      ...(model ? { model } : {}),
    }),
  );
}
