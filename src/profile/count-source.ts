import { digestOf } from "../kernel/index.ts";
import type { Cells, ColumnCells } from "./cells.ts";
import { categoricalTally, numericTally } from "./column-tally.ts";
import type { ColumnCounters, Counters } from "./counters.ts";
import type { ProfileColumn, ProfileSource } from "./profile-source.ts";

/** Counts a whole source on fixed cells: equal to counting its rows as tables, and quicker. `columnOf` names the data's column. */
export async function countSource(
  cells: Cells,
  source: ProfileSource,
  columnOf: (name: string) => string = (name) => name,
): Promise<Counters> {
  const rows = await source.rows();
  const columns: ColumnCounters[] = [];
  for (const column of cells.columns) columns.push(await countColumn(column, source, columnOf(column.name)));
  return { cells: digestOf(cells), rows, columns };
}

async function countColumn(
  cells: ColumnCells,
  source: ProfileSource,
  column: string,
): Promise<ColumnCounters> {
  const { name, type } = cells;
  if (cells.kind === "categorical") {
    const found = await source.categories({ name, column, type, values: cells.values }, 0);
    const tally = categoricalTally(cells);
    let named = 0;
    for (const { value, count } of found.values) {
      tally.addValue(value, count);
      named += count;
    }
    tally.addOther(found.rows - found.missing - named);
    tally.addMissing(found.missing);
    return tally.counters();
  }
  const found = await source.numbers({ name, column, type } satisfies ProfileColumn);
  const tally = numericTally(cells);
  for await (const { values, counts } of found.ascending())
    for (let index = 0; index < values.length; index++) tally.addValue(values[index]! + 0, counts[index]!);
  tally.addMissing(found.missing + found.notANumber);
  return tally.counters();
}
