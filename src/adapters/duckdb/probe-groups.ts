import type { DuckDBConnection } from "@duckdb/node-api";
import type { FeatureFacts, GroupSizes, Separation, TableQuestion } from "../../evidence/index.ts";
import type { DataFile } from "./data-file.ts";
import { type ProbeColumn, probeColumns } from "./probe-columns.ts";
import type { Measures } from "./probe-measures.ts";
import { rowsOf, type SqlValue } from "./session.ts";
import { quoteName, quoteText } from "./sql-text.ts";
import { type SourceColumn, typedColumn } from "./typed-column.ts";

const mostGroups = 1000;

/** Rows by value of the features that slice gates. */
export async function groupSizes(
  connection: DuckDBConnection,
  file: DataFile,
  sources: readonly SourceColumn[],
  question: TableQuestion,
): Promise<Map<string, GroupSizes>> {
  const wanted = probeColumns(question, sources, file.format).filter(({ feature }) =>
    question.groups.includes(feature.name),
  );
  const groups = new Map<string, GroupSizes>();
  for (const { feature, value } of wanted) {
    const rows = await rowsOf(
      connection,
      `SELECT CAST(${value} AS VARCHAR) AS value, count(*) AS rows FROM ${file.sql} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${mostGroups}`,
    );
    groups.set(
      feature.name,
      rows.map((row) => ({ value: row.value === null ? null : String(row.value), rows: Number(row.rows) })),
    );
  }
  return groups;
}

/** The features' facts with what each tells of the label, where that is wanted and the label can be used. */
export async function separations(
  connection: DuckDBConnection,
  file: DataFile,
  sources: readonly SourceColumn[],
  question: TableQuestion,
  measures: Measures,
): Promise<ReadonlyMap<string, FeatureFacts>> {
  const { label, features, rows } = measures;
  const source = sources.find(({ name }) => name === question.label);
  const usable = label && label.other.count === 0 && label.missing === 0 && rows > 0;
  if (!question.separation || !source || !usable) return features;
  const columns = probeColumns(question, sources, file.format).filter(
    ({ feature }) => feature.name !== question.label,
  );
  if (columns.length === 0) return features;
  const told =
    question.task === "binary-classification"
      ? await binary(connection, file, columns, typedColumn(source, "boolean")?.value ?? "NULL")
      : await numeric(connection, file, columns, typedColumn(source, "float64")?.value ?? "NULL");
  return new Map([...features].map(([name, facts]) => [name, { ...facts, ...told.get(name) }] as const));
}

type Told = Map<string, Partial<FeatureFacts>>;

/** One grouping a feature; the pairs are counted over the ordered groups (Mann and Whitney's U with ties as one half). */
async function binary(
  connection: DuckDBConnection,
  file: DataFile,
  columns: readonly ProbeColumn[],
  label: string,
): Promise<Told> {
  const one = ({ feature, value }: ProbeColumn) => `
    SELECT ${quoteText(feature.name)} AS name,
      coalesce(sum(p * (before + n / 2.0)) FILTER (v IS NOT NULL), 0)::DOUBLE AS pairs,
      coalesce(sum(p) FILTER (v IS NOT NULL), 0)::DOUBLE AS positive,
      coalesce(sum(n) FILTER (v IS NOT NULL), 0)::DOUBLE AS negative,
      coalesce(sum(p) FILTER (v IS NULL), 0)::DOUBLE AS missing_positive,
      coalesce(sum(n) FILTER (v IS NULL), 0)::DOUBLE AS missing_negative,
      count(v)::DOUBLE AS "distinct",
      coalesce(sum(p + n) FILTER (v IS NOT NULL AND (p = 0 OR n = 0)), 0)::DOUBLE AS pure
    FROM (
      SELECT v, p, n, coalesce(sum(n) OVER (ORDER BY v NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
      FROM (
        SELECT ${value} AS v, count(*) FILTER (${label}) AS p, count(*) FILTER (NOT ${label}) AS n
        FROM ${file.sql} GROUP BY 1
      )
    )`;
  const rows = await rowsOf(connection, columns.map(one).join("\nUNION ALL\n"));
  return new Map(rows.map((row) => [String(row.name), { separation: separationOf(row) }]));
}

function separationOf(row: Record<string, SqlValue>): Separation {
  return {
    pairs: Number(row.pairs),
    present: { positive: Number(row.positive), negative: Number(row.negative) },
    missing: { positive: Number(row.missing_positive), negative: Number(row.missing_negative) },
    distinct: Number(row.distinct),
    pureRows: Number(row.pure),
  };
}

async function numeric(
  connection: DuckDBConnection,
  file: DataFile,
  columns: readonly ProbeColumn[],
  label: string,
): Promise<Told> {
  const numbers = columns.filter(({ feature }) => feature.type !== "string");
  if (numbers.length === 0) return new Map();
  const list = numbers.flatMap(({ value }, i) => [
    `corr(${value}::DOUBLE, ${label}) AS ${quoteName(`c${i}`)}`,
    `count(*) FILTER (${value}::DOUBLE = ${label}) AS ${quoteName(`e${i}`)}`,
  ]);
  const [row] = await rowsOf(connection, `SELECT ${list.join(", ")} FROM ${file.sql}`);
  return new Map(
    numbers.map(({ feature }, i) => {
      const correlation = Number(row?.[`c${i}`] ?? 0);
      return [
        feature.name,
        {
          equalsLabel: Number(row?.[`e${i}`] ?? 0),
          correlation: Number.isFinite(correlation) ? correlation : 0,
        },
      ] as const;
    }),
  );
}
