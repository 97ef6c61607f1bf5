import type { DuckDBConnection } from "@duckdb/node-api";
import { type LabelledWindow, type LabelQuestion, wrongNames } from "../../watch/index.ts";
import type { LoggedPredictions } from "./logged-predictions.ts";

/** Windows are read together until they hold so many answers. */
const rowsAtOnce = 500_000;

/** A window with its answered predictions. */
export type Answered = LoggedPredictions["windows"][number];

/** Windows next to each other, so many that their answers are sorted and held at once. */
export function* grouped(windows: readonly Answered[]): Generator<Answered[]> {
  let group: Answered[] = [];
  let rows = 0;
  for (const window of windows) {
    group.push(window);
    rows += window.answered;
    if (rows < rowsAtOnce) continue;
    yield group;
    [group, rows] = [[], 0];
  }
  if (group.length > 0) yield group;
}

/** Reads the windows of a group out of `joined`, and tells of each label that is used. */
export async function* windowsOf(
  connection: DuckDBConnection,
  {
    group,
    question: { decides, slices, delayMs },
    used,
  }: {
    readonly group: readonly Answered[];
    readonly question: LabelQuestion;
    readonly used: { use(label: number, late: boolean): void };
  },
): AsyncGenerator<LabelledWindow> {
  const result = await connection.stream(
    `SELECT CAST(start AS DOUBLE) AS start, label, score, arrived, decision, r, CAST(ms AS DOUBLE) AS ms, contradicted, name
      ${slices.map((_, at) => `, slice_${at}`).join("")}
      FROM joined WHERE start BETWEEN ${group[0]!.start} AND ${group.at(-1)!.start} ORDER BY joined.start, file, row`,
  );
  let at = 0;
  let open = openWindow(group[0]!, { decides, slices: slices.length });
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    const vectors = Array.from({ length: chunk.columnCount }, (_, index) => chunk.getColumnVector(index));
    for (let row = 0; row < chunk.rowCount; row++) {
      const start = vectors[0]!.getItem(row) as number;
      while (group[at]!.start < start) {
        yield open.window();
        open = openWindow(group[++at]!, { decides, slices: slices.length });
      }
      const due = (vectors[6]!.getItem(row) as number) + delayMs;
      const arrived = (vectors[3]!.getItem(row) as number | null) ?? due;
      open.add(vectors, row, arrived);
      used.use(vectors[5]!.getItem(row) as number, arrived > due);
    }
  }
  yield open.window();
  while (++at < group.length) yield openWindow(group[at]!, { decides, slices: slices.length }).window();
}

interface Vector {
  getItem(row: number): unknown;
}

function openWindow(
  { start, answered }: Answered,
  shape: { readonly decides: boolean; readonly slices: number },
) {
  const [labels, scores, arrived] = [0, 0, 0].map(() => new Float64Array(answered)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const contradicted = new Uint8Array(answered);
  const decisions = shape.decides ? new Uint8Array(answered) : undefined;
  const names = wrongNames();
  const slices = Array.from({ length: shape.slices }, () => new Uint16Array(answered));
  let rows = 0;
  return {
    add(vectors: readonly Vector[], row: number, arrivedMs: number) {
      labels[rows] = vectors[1]!.getItem(row) as number;
      scores[rows] = vectors[2]!.getItem(row) as number;
      arrived[rows] = arrivedMs;
      contradicted[rows] = Number(vectors[7]!.getItem(row));
      if (decisions) {
        decisions[rows] = Number(vectors[4]!.getItem(row));
        const name = vectors[8]!.getItem(row) as string | null;
        if (name !== null) names.add(rows, name, contradicted[rows] === 1);
      }
      for (let slice = 0; slice < slices.length; slice++)
        slices[slice]![rows] = vectors[9 + slice]!.getItem(row) as number;
      rows++;
    },
    window: (): LabelledWindow => ({
      start,
      answered,
      labels: labels.subarray(0, rows),
      scores: scores.subarray(0, rows),
      arrived: arrived.subarray(0, rows),
      contradicted: contradicted.subarray(0, rows),
      ...(decisions && { decisions: decisions.subarray(0, rows) }),
      wrongNames: names.names(),
      slices: slices.map((slice) => slice.subarray(0, rows)),
    }),
  };
}
