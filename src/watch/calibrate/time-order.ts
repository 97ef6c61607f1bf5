/** Where each row of a file stands in the order of time; rows that are left out stand nowhere. */
export interface TimeOrder {
  /** Rows that have a place. */
  readonly rows: number;
  /** Place of each row of the file, from 0; −1 where it is left out. */
  readonly place: Int32Array;
  /** Times by place, ascending; absent where they are not known. */
  readonly times?: Float64Array;
}

/** Orders rows by time, rows of one time as in the file; keeps the newest `most`. Rows whose time is NaN are left out. */
export function timeOrder(times: Float64Array, most: number): TimeOrder {
  let known = Uint32Array.from(times.keys()).filter((row) => !Number.isNaN(times[row]!));
  const ascends = known.every((row, at) => at === 0 || times[known[at - 1]!]! <= times[row]!);
  if (!ascends) known.sort((a, b) => times[a]! - times[b]! || a - b);
  known = known.subarray(Math.max(0, known.length - most));
  const place = new Int32Array(times.length).fill(-1);
  known.forEach((row, at) => {
    place[row] = at;
  });
  return { rows: known.length, place, times: Float64Array.from(known, (row) => times[row]!) };
}

/** The order of the file, of its last `most` rows. */
export function fileOrder(rows: number, most: number): TimeOrder {
  const first = Math.max(0, rows - most);
  return {
    rows: rows - first,
    place: Int32Array.from({ length: rows }, (_, row) => (row < first ? -1 : row - first)),
  };
}
