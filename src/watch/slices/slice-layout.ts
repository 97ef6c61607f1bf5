import { type ColumnCells, cellCount, cellNames } from "../../profile/index.ts";

/** A slice: rows whose values lie in one cell of one column, or of two. */
export interface SliceCell {
  readonly slice: string;
  readonly clauses: readonly string[];
  /** Places of the slices of one column that hold it; none where it is one itself. */
  readonly parents: readonly number[];
}

/** Every slice of one and of two columns, each at its own place. */
export interface SliceLayout {
  readonly size: number;
  /** Places below it are slices of one column. */
  readonly singles: number;
  /** Visits the places of the slices that a row lies in, by its cell in each column. */
  places(cellOf: (column: number) => number, visit: (place: number) => void): void;
  at(place: number): SliceCell;
}

/** Most slices that are looked at: pairs of columns beyond it are left out. */
const mostPlaces = 20_000;

/** Lays out the slices of some columns; pairs in the order of the columns, as long as there is room. */
export function sliceLayout(columns: readonly ColumnCells[], most = mostPlaces): SliceLayout {
  const sizes = columns.map(cellCount);
  const offsets: number[] = [];
  let size = 0;
  for (const own of sizes) {
    offsets.push(size);
    size += own;
  }
  const singles = size;
  const pairs: { readonly a: number; readonly b: number; readonly offset: number }[] = [];
  for (let b = 1; b < columns.length; b++)
    for (let a = 0; a < b; a++) {
      const product = sizes[a]! * sizes[b]!;
      if (size + product > most) continue;
      pairs.push({ a, b, offset: size });
      size += product;
    }
  const names = columns.map((cells) => cellNames(cells).map((name) => sliceName(cells, name)));
  const single = (column: number, cell: number): SliceCell => ({
    slice: names[column]![cell]!,
    clauses: [`features.${columns[column]!.name}`],
    parents: [],
  });
  return {
    size,
    singles,
    places(cellOf, visit) {
      for (let column = 0; column < sizes.length; column++) visit(offsets[column]! + cellOf(column));
      for (const { a, b, offset } of pairs) visit(offset + cellOf(a) * sizes[b]! + cellOf(b));
    },
    at(place) {
      const pair = pairs.findLast(({ offset }) => offset <= place);
      if (!pair) {
        const column = offsets.findLastIndex((offset) => offset <= place);
        return single(column, place - offsets[column]!);
      }
      const { a, b, offset } = pair;
      const [cellA, cellB] = [Math.floor((place - offset) / sizes[b]!), (place - offset) % sizes[b]!];
      const [first, second] = [single(a, cellA), single(b, cellB)];
      return {
        slice: `${first.slice} and ${second.slice}`,
        clauses: [...first.clauses, ...second.clauses],
        parents: [offsets[a]! + cellA, offsets[b]! + cellB],
      };
    },
  };
}

/** The place of a slice by its name; undefined where the layout has no room for it. */
export function placeOf({ size, at }: SliceLayout, slice: string): number | undefined {
  for (let place = 0; place < size; place++) if (at(place).slice === slice) return place;
  return undefined;
}

function sliceName({ name, kind }: ColumnCells, cell: string): string {
  if (cell === "(missing)") return `${name} is missing`;
  if (cell === "(other)") return `${name} is another value`;
  if (cell.startsWith("(")) return `${name} is ${cell.slice(1, -1)}`;
  if (kind === "categorical") return `${name} = ${JSON.stringify(cell.slice(0, 64))}`;
  return cell.startsWith("=") ? `${name} ${cell}` : `${name} from ${cell}`;
}
