import { basename, relative, resolve, sep } from "node:path";
import type { Command } from "commander";
import { type ColumnDataFacts, openDuckdb } from "../../../adapters/duckdb/index.ts";
import { openFolder, readBytes } from "../../../adapters/folder/index.ts";
import { inspectOnnx } from "../../../adapters/onnx/index.ts";
import {
  contractFile,
  type DraftInput,
  type DraftQuestion,
  draftContract,
  nearest,
} from "../../../contract/index.ts";
import { BatonError } from "../../../kernel/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { paint, type Session } from "../session.ts";

interface InitOptions extends CommonOptions {
  readonly onnx?: string;
  readonly data?: string;
  readonly joint?: string;
  readonly lock?: string;
  readonly name?: string;
  readonly sketch?: boolean;
  readonly force?: boolean;
}

/** `baton init`: a contract from what the model and the data show, with questions where a person must decide. */
export function addInit(program: Command, cli: Cli): void {
  declare(
    program,
    "init [folder]",
    "write a contract from what model and data show, with questions where a person must decide",
    "Names, types and shapes come from the model; missing values, expected ranges and categories from the data. Nothing becomes\n" +
      "forbidden by itself: hard ranges and promises are yours to write.\n\n" +
      "  baton init --onnx model.onnx --data train.parquet\n" +
      "  baton init --sketch          two teams agree before a model exists",
  )
    .option("--onnx <file>", "the model, inside the folder")
    .option("--data <file>", "training data, Parquet or CSV, inside the folder")
    .option("--joint <file>", "validation data that both teams test on")
    .option("--lock <file>", "environment lock of the original pipeline")
    .option("--name <name>", "name of the model (default: the folder's)")
    .option("--sketch", "level sketch: no model yet")
    .option("--force", "overwrite baton.yaml and features.csv")
    .action((folder: string | undefined, options: InitOptions) =>
      perform(cli, "init", options, async (session) => {
        if (!options.sketch && !options.onnx)
          throw new BatonError("usage", "There is no model to start from.", {
            next: "Give --onnx MODEL.onnx (and --data TRAIN.parquet), or --sketch for two teams before a model exists.",
          });
        return init(session, resolve(session.cwd, folder ?? "."), options);
      }),
    );
}

async function init(session: Session, root: string, options: InitOptions) {
  const folder = await openFolder(root);
  const taken = options.force ? undefined : await firstThere(folder, [contractFile, "features.csv"]);
  if (taken)
    throw new BatonError("usage", `There is a ${taken} already.`, {
      file: taken,
      next: "Edit it, or add --force to write it anew.",
    });
  const inside = (option: string | undefined) => insideFolder(session, folder.root, option);
  for (const path of [inside(options.joint), inside(options.lock)])
    if (path !== undefined && !(await folder.exists(path)))
      throw new BatonError("file-missing", `There is no file ${path}.`, {
        file: path,
        next: "Check the path, or leave the option out and name the file in baton.yaml later.",
      });
  const input: DraftInput = {
    name: options.name ?? basename(folder.root),
    ...(options.onnx
      ? {
          modelPath: inside(options.onnx)!,
          onnx: inspectOnnx(await readBytes(resolve(session.cwd, options.onnx))),
        }
      : {}),
    ...(options.data
      ? { data: await dataFacts(resolve(session.cwd, options.data), inside(options.data)!) }
      : {}),
    ...optional("joint", inside(options.joint)),
    ...optional("lock", inside(options.lock)),
    ...(options.sketch ? { sketch: true } : {}),
  };
  const { yaml, featureTable, questions } = draftContract(input);
  await folder.write(contractFile, yaml);
  await folder.write("features.csv", featureTable);
  return {
    passed: true,
    text: `${contractFile}, features.csv\n${columnsText(input)}${questionsText(session, questions)}`,
    data: { files: [contractFile, "features.csv"], questions },
    hint: "Answer the questions in the files, then run baton check.",
  };
}

async function firstThere(
  folder: { exists(path: string): Promise<boolean> },
  paths: readonly string[],
): Promise<string | undefined> {
  for (const path of paths) if (await folder.exists(path)) return path;
  return undefined;
}

/** A path as the contract writes it. @throws BatonError for files outside of the folder: they could not be handed over */
function insideFolder(session: Session, root: string, option: string | undefined): string | undefined {
  if (option === undefined) return undefined;
  const path = relative(root, resolve(session.cwd, option)).split(sep).join("/");
  if (path === "" || path.startsWith("../") || resolve(path) === path)
    throw new BatonError("usage", `${option} is outside of the hand-off folder.`, {
      file: option,
      next: "Put the file into the folder, or run baton init where it is.",
    });
  return path;
}

async function dataFacts(file: string, path: string): Promise<NonNullable<DraftInput["data"]>> {
  const duckdb = await openDuckdb();
  try {
    const columns = await duckdb.columnFacts(file);
    return { path, rows: columns[0]?.rows ?? 0, columns: columns.map(draftColumn) };
  } finally {
    duckdb.close();
  }
}

const sqlTypes = {
  float32: "FLOAT",
  float64: "DOUBLE",
  int32: "INTEGER",
  int64: "BIGINT",
  string: "VARCHAR",
  boolean: "BOOLEAN",
} as const;

function draftColumn({ name, type, sourceType, rows, missing, distinct, min, max, top }: ColumnDataFacts) {
  const isTime = /^(DATE|TIME)/.test(sourceType);
  return {
    name,
    type: type && !isTime ? sqlTypes[type] : sourceType,
    rows,
    missing,
    distinct,
    ...optional("min", min),
    ...optional("max", max),
    values: top,
  };
}

/** Inputs of the model that the data has no column for: nothing could be inferred of them, and `check` will block. */
function columnsText({ onnx, data }: DraftInput): string {
  if (!onnx || !data) return "";
  const inputs = onnx.inputs.map(({ name }) => name);
  const columns = data.columns.map(({ name }) => name);
  const absent = inputs.filter((name) => !columns.includes(name));
  if (absent.length === 0) return "";
  const spare = columns.filter((name) => !inputs.includes(name));
  const pairs = absent.map((name) => ({ name, meant: nearest(name, spare)[0] }));
  const shown = pairs
    .slice(0, 5)
    .map(({ name, meant }) => (meant === undefined ? name : `${name} (did you mean "${meant}"?)`));
  const more = absent.length > 5 ? ` and ${absent.length - 5} more` : "";
  return (
    `\n! ${data.path} has no column for ${absent.length} of ${inputs.length} inputs of the model, so nothing was inferred for ` +
    `them: ${shown.join(", ")}${more}.\n    → Name the columns as the inputs are called, and run init again with --force.\n`
  );
}

function questionsText(session: Session, questions: readonly DraftQuestion[]): string {
  if (questions.length === 0) return "No question is open.\n";
  const lines = questions.map(
    ({ text, file, line, edit }, index) =>
      `${String(index + 1).padStart(2)}. ${text}\n    ${paint(session, "dim", `${file}:${line}`)}  ${edit}\n`,
  );
  return `\n${questions.length} questions that only people can answer:\n\n${lines.join("")}`;
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
