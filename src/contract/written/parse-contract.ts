import { type Finding, worstFirst } from "../../kernel/index.ts";
import type { Contract } from "../contract.ts";
import { contractFinding } from "../contract-findings.ts";
import { clausePaths } from "./clause-paths.ts";
import { readFeatureTable } from "./feature-table.ts";
import { type PositionOf, type Positions, positionFinder } from "./positions.ts";
import { pathProblem } from "./safe-path.ts";
import type { WrittenContract, WrittenFeature } from "./schema.ts";
import { schemaFindings } from "./schema-findings.ts";
import { toContract } from "./to-contract.ts";
import { readYaml } from "./yaml-source.ts";

/** Text of `baton.yaml`, and how to read the feature table that it names. */
export interface ContractSource {
  readonly text: string;
  /** Name of the file in findings. */
  readonly file: string;
  /** Text of a file of the hand-off folder by its relative path; undefined where there is none. */
  readonly readTable?: (path: string) => string | undefined;
}

/** A contract in normal form, what is wrong with its text, and where each part of it stands. */
export interface ParsedContract {
  /** Absent where it cannot be used. */
  readonly contract?: Contract;
  readonly findings: readonly Finding[];
  /** Takes paths of written and normal form (`gates[1].assert`, `outputs[0].range`) and clause ids. */
  readonly positionOf: PositionOf;
}

/** Reads a contract: YAML, feature table, schema, normal form. Never throws, whatever the text is. */
export function parseContract(source: ContractSource): ParsedContract {
  const yaml = readYaml(source.text, source.file);
  const positions: Positions = new Map(yaml.positions);
  const positionOf = positionFinder(positions, source.file);
  if (yaml.value === undefined) return { findings: yaml.findings, positionOf };
  const written = yaml.value as Partial<WrittenContract>;
  const findings: Finding[] = [...yaml.findings];
  const table = tableOf(written, source, positions, positionOf);
  findings.push(...table.findings);
  const merged = table.features === undefined ? written : { ...written, features: table.features };
  findings.push(...schemaFindings(merged, positionOf));
  if (!findings.some(isBlocking)) findings.push(...pathFindings(written as WrittenContract, positionOf));
  if (findings.some(isBlocking)) return { findings: worstFirst(findings), positionOf };
  const features = merged.features as readonly WrittenFeature[];
  findings.push(...idleFindings(features, positionOf));
  const contract = toContract(written as WrittenContract, features);
  return {
    contract,
    findings: worstFirst(findings),
    positionOf: positionFinder(positions, source.file, clausePaths(contract)),
  };
}

function isBlocking(finding: Finding): boolean {
  return finding.severity === "blocking";
}

interface TableResult {
  readonly features?: readonly Partial<WrittenFeature>[];
  readonly findings: readonly Finding[];
}

/** The features of the table that `features` names; nothing where they stand in the contract itself. */
function tableOf(
  written: Partial<WrittenContract>,
  source: ContractSource,
  positions: Positions,
  positionOf: PositionOf,
): TableResult {
  const path = written.features;
  if (typeof path !== "string" || path === "" || pathProblem(path)) return { findings: [] };
  const text = source.readTable?.(path);
  if (text === undefined)
    return {
      findings: [
        contractFinding("contract.table-missing", {
          path: "features",
          message: `The feature table ${JSON.stringify(path.slice(0, 200))} is not there.`,
          ...positionOf("features"),
        }),
      ],
    };
  const table = readFeatureTable(text, path);
  for (const [at, position] of table.positions) positions.set(at, position);
  return { findings: table.findings, ...(table.features ? { features: table.features } : {}) };
}

function pathFindings(written: WrittenContract, positionOf: PositionOf): Finding[] {
  const run = written.run ?? {};
  const paths: readonly [at: string, path: unknown][] = [
    ["features", written.features],
    ["run.onnx", "onnx" in run ? run.onnx : undefined],
    ["run.lock", "lock" in run ? run.lock : undefined],
    ["lock", written.lock],
    ["data.training", written.data?.training],
    ["data.joint", written.data?.joint],
    ["golden.rows", written.golden?.rows],
  ];
  return paths.flatMap(([at, path]) => {
    const problem = typeof path === "string" ? pathProblem(path) : undefined;
    if (!problem) return [];
    const message = `\`${at}\` is ${JSON.stringify(path)}: ${problem}.`;
    return [contractFinding("contract.unsafe-path", { path: at, message, ...positionOf(at) })];
  });
}

/** What is written on a feature and can have no effect. */
function idleFindings(features: readonly WrittenFeature[], positionOf: PositionOf): Finding[] {
  return features.flatMap((feature, index) => {
    const clause = `features.${feature.name}`;
    const at = (key: string) => ({
      clause,
      path: `features[${index}].${key}`,
      ...positionOf(`features[${index}].${key}`),
    });
    const findings: Finding[] = [];
    if (feature.unknown !== undefined && feature.values === undefined)
      findings.push(
        contractFinding("contract.unknown-without-values", {
          ...at("unknown"),
          message: `${feature.name} says what happens to unknown values, and lists none.`,
        }),
      );
    if (feature["missing-as"] !== undefined && feature.missing === "reject")
      findings.push(
        contractFinding("contract.missing-as-unused", {
          ...at("missing-as"),
          message: `${feature.name} has a stand-in for missing values, and rejects them.`,
        }),
      );
    return findings;
  });
}
