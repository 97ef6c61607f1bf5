import { BatonError, schemaGuard } from "../../kernel/index.ts";
import { type ColumnCounters, isCount } from "../../profile/index.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { countersEnding, type ObservationFile } from "./observation-file.ts";
import { FileSchema } from "./observation-schema.ts";

const validate = schemaGuard<ObservationFile>(FileSchema);

/** Reads one `*.counters.json` and trusts nothing in it. @throws BatonError `data-unreadable` */
export function parseObservation(text: string, file: string): ObservationFile {
  const refuse = (why: string) =>
    new BatonError("data-unreadable", `${file} is not what baton writes as *${countersEnding}: ${why}.`, {
      file,
      next: "Take it out of the folder, or bring the file again from where it was written.",
    });
  const value = parsed(text);
  if (value === undefined) throw refuse("it is not JSON");
  if (!validate(value)) {
    const [error] = validate.errors;
    throw refuse(`${error?.instancePath || "the top"} ${error?.message ?? "is not valid"}`);
  }
  const fault = windowsFault(value.windows);
  if (fault) throw refuse(fault);
  return value;
}

/** What is wrong with windows that have their form; undefined where nothing is. */
export function windowsFault(windows: readonly WindowCounts[]): string | undefined {
  if (new Set(windows.map(({ start }) => start)).size < windows.length) return "a window is there twice";
  for (const { rows, features, outputs } of windows)
    for (const { rows: counted, columns } of [features, outputs])
      if (counted !== rows || !columns.every((column) => addsUp(column, rows)))
        return "its counts do not add up";
  return undefined;
}

/** Each row stands in one cell of every column. */
function addsUp({ counts, sums }: ColumnCounters, rows: number): boolean {
  let total = 0;
  for (const count of counts) {
    if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0) return false;
    total += count;
  }
  return total === rows && (sums === undefined || sums.every(isCount));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
