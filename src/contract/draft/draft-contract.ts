import { writeFeatureTable } from "../written/feature-table.ts";
import { pathProblem } from "../written/safe-path.ts";
import type { WrittenFeature } from "../written/schema.ts";
import { type DraftInput, guessColumns } from "./draft-facts.ts";
import { draftFeatures } from "./draft-features.ts";
import { type DraftedOutput, draftOutputs } from "./draft-outputs.ts";
import { type DraftQuestion, DraftText, quoted } from "./draft-text.ts";

/** What `baton init` writes, and what only people can decide: at most ten questions, each with the line to edit. */
export interface DraftContract {
  /** Text of `baton.yaml`. */
  readonly yaml: string;
  /** Text of `features.csv`. */
  readonly featureTable: string;
  readonly questions: readonly DraftQuestion[];
}

const tableFile = "features.csv";

/**
 * Drafts a contract from what a model and a sample of data show. What is usual becomes `expected`; nothing becomes
 * forbidden: what may be missing, which bounds are hard and what is promised is asked.
 */
export function draftContract(input: DraftInput): DraftContract {
  const inputs = input.onnx?.inputs.map((tensor) => tensor.name) ?? [];
  const guesses = guessColumns(input.data, inputs);
  const { features, lacks } = draftFeatures(input, guesses);
  const drafted = draftOutputs(input, guesses);
  const isSketch = input.sketch === true || input.onnx === undefined;
  const text = new DraftText();
  writeHead(text, input, isSketch, drafted.task);
  writeModel(text, input, isSketch, [...lacks, ...drafted.lacks]);
  writePeople(text);
  writeInterface(text, drafted.outputs);
  writeData(text, input, guesses, isSketch);
  writePromises(text, drafted.task, isSketch);
  return {
    yaml: text.toString(),
    featureTable: writeFeatureTable(features),
    questions: [...text.questions, ...tableQuestions(features)],
  };
}

function writeHead(text: DraftText, input: DraftInput, isSketch: boolean, task: string): void {
  if (input.schema !== undefined) text.add(`# yaml-language-server: $schema=${oneLine(input.schema)}`);
  if (isSketch)
    text.add(
      "# A sketch: both teams agree here on use, owners, features, output, gates and budget before a model exists.",
      "# `baton check` says what is still open; `baton serve` answers made-up values that fit, so that callers can integrate.",
    );
  else text.add("# Drafted from the model and the data. `baton check` says what is still open.");
  text.add(
    "baton: 1",
    `level: ${isSketch ? "sketch" : "handed-over"}`,
    `model: { name: ${modelName(input.name)}, version: ${isSketch ? "0.1.0" : "1.0.0"}, task: ${task} } # task: binary-classification, regression or other`,
  );
}

function writeModel(text: DraftText, input: DraftInput, isSketch: boolean, lacks: readonly string[]): void {
  if (input.modelPath && input.onnx && !pathProblem(input.modelPath)) {
    const opset = input.onnx.opset === undefined ? "" : ` # opset ${input.onnx.opset}`;
    text.add(`run: { onnx: ${quoted(input.modelPath)} }${opset}`);
  } else text.add(`# run: { onnx: model/${modelName(input.name)}.onnx } # when there is a model`);
  for (const lack of lacks) text.add(`# ${oneLine(lack)}`);
  if (lacks.length > 0)
    text.ask(
      "model",
      `The model cannot be served as it is: ${lacks.map(oneLine).join(" ")}`,
      "Export the model again, then run init again.",
    );
  if (isSketch) return;
  if (input.lock && !pathProblem(input.lock)) text.add(`lock: ${quoted(input.lock)}`);
  else {
    text.add("# lock: requirements.lock # the environment of training, pinned with hashes; or uv.lock");
    text.ask("lock", "In which environment was the model made?", "Remove the `#` and name the lock file.");
  }
}

function writePeople(text: DraftText): void {
  text.add('owners: { builds: "?", runs: "?" } # addresses of the teams; also business, risk, on-call');
  text.ask(
    "owners",
    "Who builds the model, and who runs it?",
    "Write the addresses: { builds: team-a@example.org, runs: team-b@example.org }.",
  );
  text.add('use: "?"');
  text.ask("use", "What is the model for, and what is it never for?", "Write one sentence for each.");
}

function writeInterface(text: DraftText, outputs: readonly DraftedOutput[]): void {
  text.add(
    `features: ${tableFile} # one line an input: missing is allowed or reject, expected is soft, range is hard`,
  );
  const [only, ...rest] = outputs;
  if (only && rest.length === 0) {
    const note = only.note === undefined ? "" : `${only.note}; `;
    text.add(`output: { ${outputFields(only)} } # ${note}add range: [0, 1] and unit where they hold`);
    return;
  }
  text.add("output: # the first one decides; add range and unit where they hold");
  for (const output of outputs)
    text.add(`  - { ${outputFields(output)} }${output.note === undefined ? "" : ` # ${output.note}`}`);
}

function outputFields(output: DraftedOutput): string {
  const fields = [`name: ${quoted(output.name)}`];
  if (output.type !== "float32") fields.push(`type: ${output.type}`);
  if (output.shape.length > 0) fields.push(`shape: [${output.shape.join(", ")}]`);
  if (output.tensor !== undefined) fields.push(`tensor: ${quoted(output.tensor)}`);
  if (output.column !== undefined) fields.push(`column: ${output.column}`);
  return fields.join(", ");
}

function writeData(
  text: DraftText,
  input: DraftInput,
  guesses: ReturnType<typeof guessColumns>,
  isSketch: boolean,
): void {
  if (isSketch && !input.data) {
    text.add(
      "# data: { training: data/train.parquet, joint: data/joint.parquet, label: … } # when there is data",
    );
    return;
  }
  const training = input.data && !pathProblem(input.data.path) ? input.data.path : undefined;
  const joint = input.joint && !pathProblem(input.joint) ? input.joint : undefined;
  const hasBoth = training !== undefined || joint !== undefined;
  text.add(hasBoth ? "data:" : "# data:");
  const lead = hasBoth ? "  " : "#   ";
  if (training !== undefined) text.add(`  training: ${quoted(training)}`);
  if (joint !== undefined) text.add(`  joint: ${quoted(joint)}`);
  else
    text.add(
      hasBoth
        ? "  # joint: data/joint.parquet # rows that the model never saw, on which both teams test"
        : `${lead}joint: data/joint.parquet`,
    );
  const label = guesses.label === undefined ? "…" : quoted(guesses.label);
  text.add(hasBoth ? `  # label: ${label} # the column of the truth` : `${lead}label: ${label}`);
  if (!isSketch)
    text.ask(
      "data",
      dataQuestion(joint, guesses.label),
      "Remove the `#`, and put the name of the file or column.",
    );
  if (hasBoth && guesses.key !== undefined) text.add(`  # key: ${quoted(guesses.key)} # does it name a row?`);
  if (guesses.time !== undefined)
    text.add(`# watch: { time: ${quoted(guesses.time)}, window: 1d, false-alarms: 1 per 90d } # event time?`);
}

function dataQuestion(joint: string | undefined, label: string | undefined): string {
  const guess =
    label === undefined ? "Which column is the truth?" : `Is \`${label}\` the column of the truth?`;
  return joint === undefined ? `On which rows do both teams test? ${guess}` : guess;
}

function writePromises(text: DraftText, task: string, isSketch: boolean): void {
  if (!isSketch) {
    text.add(
      "# golden: { rows: golden/rows.parquet } # some rows with the prediction of the original pipeline",
    );
    text.ask(
      "golden",
      "Which rows show that the served model answers as the original does?",
      "Remove the `#` and name the file.",
    );
  }
  if (task !== "other") {
    text.add(`# gates: [ "${task === "regression" ? "mae <= 10" : "roc_auc >= 0.7"}" ]`);
    text.ask(
      "gates",
      "How good must the model be?",
      "Remove the `#` and write the number that the business needs.",
    );
  }
  text.add("budget: { p99: 50ms, at: 20/s, hardware: 1cpu-512Mi } # a start: what do callers need?");
  if (isSketch) return;
  text.add('# on-failure: { answer: none, caller: "what the caller then does" }');
  text.ask(
    "on-failure",
    "What happens when the model cannot answer?",
    "Remove the `#` and say what the caller does.",
  );
  text.add("# labels: { key: request_id, arrive-after: 10d } # how the truth comes back");
}

/** What the table leaves open, one question for all features alike. */
function tableQuestions(features: readonly WrittenFeature[]): DraftQuestion[] {
  const questions: DraftQuestion[] = [];
  const ask = (
    id: string,
    lacks: (feature: WrittenFeature) => boolean,
    words: (names: string) => string,
    edit: string,
  ) => {
    const lacking = features.filter(lacks);
    const [first] = lacking;
    if (first)
      questions.push({
        id,
        text: words(some(lacking.map((f) => f.name))),
        file: tableFile,
        line: lineOf(features, first),
        edit,
      });
  };
  ask(
    "missing",
    (feature) => feature.missing === undefined,
    (names) =>
      `May these be missing in a request: ${names}? None was missing in what init saw, which proves nothing.`,
    "Write allowed or reject in the column `missing` of each line.",
  );
  ask(
    "missing-as",
    (feature) =>
      feature.missing === "allowed" &&
      !feature.type.startsWith("float") &&
      feature["missing-as"] === undefined,
    (names) => `What is the model given where these are missing: ${names}?`,
    'Write the value in a column `missing-as` ("" for the empty text).',
  );
  return questions;
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(oneLine).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** 1-based line of a feature in the written table, where names and categories may hold line breaks. */
function lineOf(features: readonly WrittenFeature[], feature: WrittenFeature): number {
  const above =
    writeFeatureTable(features).split("\n").length -
    writeFeatureTable(features.slice(features.indexOf(feature))).split("\n").length;
  return above + 2;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 300);
}

/** An id out of any name: `Flight Delay v2.onnx` gives `flight-delay-v2`. */
function modelName(name: string): string {
  const words = name
    .replace(/\.(onnx|yaml|parquet|csv)$/i, "")
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase();
  const id = words
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  return id === "" ? "model" : id;
}
