import type { Feature } from "../../contract/index.ts";
import type { Finding } from "../../kernel/index.ts";
import type { Check, CheckFacts } from "./check.ts";
import { finding } from "./checks-findings.ts";
import { type DataColumn, type FeatureFacts, isProblem, type TableFacts } from "./data-probe.ts";
import { bothTeams } from "./findings/places.ts";
import { place, placeOfFeature, readsOf } from "./reading.ts";
import { rangeText } from "./table-findings.ts";

/** Fewer golden rows than this miss where pipelines differ. */
export const fewestGoldenRows = 20;

/** Rows that the contract rejects show that it does; from this share on they crowd out those that can be compared. */
export const rejectedShare = 0.1;

/** Golden rows hold every layer, feature and output that they promise. */
export const goldenCheck: Check = {
  name: "golden.rows",
  title: "Golden rows are complete and keep the contract",
  codes: [
    "golden.missing-file",
    "golden.unreadable",
    "golden.layer-missing",
    "golden.column-missing",
    "golden.column-type",
    "golden.too-few-rows",
    "golden.none-missing",
    "golden.row-rejected",
    "golden.prediction-range",
  ],
  where: bothTeams,
  reads: (facts) => readsOf(facts, ["features", "outputs", "golden"]),
  notApplicable: (facts) => (facts.contract.golden ? undefined : "The contract names no golden rows."),
  run: goldenFindings,
};

function goldenFindings(facts: CheckFacts): Finding[] {
  const golden = facts.contract.golden;
  if (!golden || !facts.golden) return [];
  const at = { ...place(facts, "golden.rows"), clause: "golden" };
  if (isProblem(facts.golden))
    return facts.golden.problem === "missing"
      ? [finding("golden.missing-file", { ...at, message: `There is no file "${golden.rows}".` })]
      : [
          finding("golden.unreadable", {
            ...at,
            message: `"${golden.rows}" cannot be read: ${facts.golden.detail}`,
          }),
        ];
  const table = facts.golden;
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const layers = golden.layers.filter((layer) => hasLayer(table, layer));
  const found = golden.layers
    .filter((layer) => !layers.includes(layer))
    .map((layer) => layerMissing(facts, layer));
  if (layers.includes("raw")) found.push(...rawFindings(facts, columns));
  if (layers.includes("features")) found.push(...featureLayerFindings(facts, table, columns));
  if (layers.includes("prediction")) found.push(...predictionFindings(facts, table, columns));
  if (table.rows < fewestGoldenRows)
    found.push(
      finding("golden.too-few-rows", {
        ...at,
        expected: `at least ${fewestGoldenRows} rows`,
        received: `${table.rows} rows`,
        message: `"${golden.rows}" has ${table.rows} rows.`,
      }),
    );
  return found;
}

function hasLayer(table: TableFacts, layer: string): boolean {
  return table.columns.some((column) => column.name.startsWith(`${layer}.`));
}

function layerColumns(table: TableFacts, layer: string): { received?: string } {
  const names = table.columns.map(({ name }) => name).filter((name) => name.startsWith(`${layer}.`));
  return names.length > 0 ? { received: names.slice(0, 20).join(", ") } : {};
}

function layerMissing(facts: CheckFacts, layer: string): Finding {
  return finding("golden.layer-missing", {
    ...place(facts, "golden.layers"),
    clause: "golden",
    expected: `columns ${layer}.…`,
    message: `"${facts.contract.golden?.rows}" has no column of the layer "${layer}".`,
  });
}

function rawFindings(facts: CheckFacts, columns: ReadonlyMap<string, DataColumn>): Finding[] {
  return facts.contract.features.flatMap((feature) => {
    const absent = sourceColumns(feature).find((column) => !columns.has(`raw.${column}`));
    return absent === undefined ? [] : [columnMissing(facts, feature, "from", `raw.${absent}`)];
  });
}

/** `from: year, manufactured` names two columns; `weather.wind_speed` may leave out the table in the raw layer. */
function sourceColumns(feature: Feature): string[] {
  const written = (feature.from ?? "").split(",").map((column) => column.trim());
  return written.filter((column) => column !== "").map((column) => column.slice(column.lastIndexOf(".") + 1));
}

function columnMissing(facts: CheckFacts, feature: Feature, key: string, column: string): Finding {
  return finding("golden.column-missing", {
    ...placeOfFeature(facts, feature, key),
    expected: column,
    message: `"${facts.contract.golden?.rows}" has no column "${column}".`,
  });
}

function featureLayerFindings(
  facts: CheckFacts,
  table: TableFacts,
  columns: ReadonlyMap<string, DataColumn>,
): Finding[] {
  const found = facts.contract.features.flatMap((feature) => {
    const column = columns.get(`features.${feature.name}`);
    if (!column) return [columnMissing(facts, feature, "name", `features.${feature.name}`)];
    const values = table.features.get(feature.name);
    if (!values || values.unconvertible.count > 0)
      return [
        finding("golden.column-type", {
          ...placeOfFeature(facts, feature, "type"),
          expected: feature.type,
          received: values?.unconvertible.value ?? column.type,
          message: `Column "features.${feature.name}" of the golden rows is ${column.type}, whose values are not all ${feature.type}.`,
        }),
      ];
    return rejected(facts, feature, values, table.rows);
  });
  return [...found, ...noneMissing(facts, table)];
}

function rejected(facts: CheckFacts, feature: Feature, values: FeatureFacts, rows: number): Finding[] {
  const broken = [
    feature.missing === "reject" ? { seen: values.missing, what: "are missing" } : undefined,
    { seen: values.outOfRange, what: `are outside ${rangeText(feature.range)}` },
    feature.unknown === "reject" ? { seen: values.unknownCategory, what: "are not listed" } : undefined,
  ].find((candidate) => candidate !== undefined && candidate.seen.count > rejectedShare * rows);
  if (!broken) return [];
  return [
    finding("golden.row-rejected", {
      ...placeOfFeature(facts, feature),
      received: feature.sensitive ? "[withheld]" : broken.seen.value,
      message: `${broken.seen.count} of ${rows} golden values of "${feature.name}" ${broken.what} (the first is row ${broken.seen.row}).`,
    }),
  ];
}

function noneMissing(facts: CheckFacts, table: TableFacts): Finding[] {
  const allowed = facts.contract.features.filter((feature) => feature.missing === "allowed");
  const seen = allowed.filter((feature) => table.features.has(feature.name));
  if (seen.length === 0 || seen.some((feature) => table.features.get(feature.name)!.missing.count > 0))
    return [];
  return [
    finding("golden.none-missing", {
      ...place(facts, "golden.rows"),
      clause: "golden",
      message: `${allowed.length} features may be missing (${allowed
        .slice(0, 5)
        .map((feature) => feature.name)
        .join(", ")}), and no golden row lacks one.`,
    }),
  ];
}

function predictionFindings(
  facts: CheckFacts,
  table: TableFacts,
  columns: ReadonlyMap<string, DataColumn>,
): Finding[] {
  return facts.contract.outputs.flatMap((output, i) => {
    const name = `prediction.${output.name}`;
    const at = { ...place(facts, `outputs[${i}].name`), clause: `outputs.${output.name}` };
    const column = columns.get(name);
    if (!column)
      return [
        finding("golden.column-missing", {
          ...at,
          expected: name,
          ...layerColumns(table, "prediction"),
          message: `"${facts.contract.golden?.rows}" has no column "${name}".`,
        }),
      ];
    const numeric = output.type !== "string" && output.type !== "boolean" && output.shape.length === 0;
    if (!numeric) return [];
    const seen = table.extremes.get(name);
    if (!seen)
      return [
        finding("golden.column-type", {
          ...at,
          expected: output.type,
          received: column.type,
          message: `Column "${name}" of the golden rows is ${column.type}, which is not a number.`,
        }),
      ];
    const [low, high] = output.range ?? [null, null];
    if (seen.missing === 0 && (low === null || seen.low >= low) && (high === null || seen.high <= high))
      return [];
    return [
      finding("golden.prediction-range", {
        ...at,
        expected: rangeText(output.range),
        received: `${seen.low} to ${seen.high}${seen.missing > 0 ? `, ${seen.missing} missing` : ""}`,
        message: `Golden predictions of "${output.name}" go from ${seen.low} to ${seen.high}${seen.missing > 0 ? ` and ${seen.missing} are missing` : ""}; the contract promises ${rangeText(output.range)}.`,
      }),
    ];
  });
}
