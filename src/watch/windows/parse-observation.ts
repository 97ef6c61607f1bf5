import { BatonError, schemaGuard } from "../../kernel/index.ts";
import { type ColumnCounters, isCount } from "../../profile/index.ts";
import type { ObservationPlan } from "../observe/observation-plan.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { type CountingFrame, contradictionIn } from "./counting-laws.ts";
import { countersEnding, type ObservationFile } from "./observation-file.ts";
import { FileSchema } from "./observation-schema.ts";
import { ownFiles } from "./own-files.ts";
import { contradictsPlan } from "./plan-laws.ts";

const validate = schemaGuard<ObservationFile>(FileSchema);

/** Reads the text of one `*.counters.json`; `file` names it. @throws BatonError `data-unreadable` */
export type ObservationParser = (text: string, file: string) => ObservationFile;

/** A parser that trusts nothing in a file; one that was counted on the plan's content is held against the plan too. */
export function observationParser(plan: ObservationPlan): ObservationParser {
  const isOwn = ownFiles(plan);
  const contradiction = contradictsPlan(plan);
  return (text, file) => {
    const value = parsed(text);
    if (value === undefined) throw refusal(file, "it is not JSON");
    if (!validate(value)) {
      const [error] = validate.errors;
      throw refusal(
        file,
        `${error?.instancePath.slice(0, 100) || "the top"} ${error?.message ?? "is not valid"}`,
      );
    }
    const fault =
      firstFault(value.windows, wild) ??
      windowsFault(value.windows, value) ??
      (isOwn(value) ? firstFault(value.windows, contradiction) : undefined);
    if (fault !== undefined) throw refusal(file, fault);
    return value;
  };
}

function refusal(file: string, why: string): BatonError {
  // A message is one line, whatever the file is called.
  const name = file.replace(/\p{Cc}/gu, "?");
  return new BatonError(
    "data-unreadable",
    `${name} is not what baton writes as *${countersEnding}: ${why}.`,
    {
      file,
      next: "Take it out of the folder, or bring the file again from where it was written.",
    },
  );
}

/** What is wrong with windows that have their form, in a file or in a sum of files; undefined where nothing is. */
export function windowsFault(windows: readonly WindowCounts[], frame: CountingFrame): string | undefined {
  if (new Set(windows.map(({ start }) => start)).size < windows.length) return "a window is there twice";
  return firstFault(windows, (window) => countersFault(window) ?? contradictionIn(window, frame));
}

/** The first fault with the window that it lies in. */
function firstFault(
  windows: readonly WindowCounts[],
  faultOf: (window: WindowCounts) => string | undefined,
): string | undefined {
  for (const window of windows) {
    const fault = faultOf(window);
    if (fault !== undefined) return `in the window from ${new Date(window.start).toISOString()} ${fault}`;
  }
  return undefined;
}

/** More than one process can hold in a file: sums of many files stay whole numbers. */
const mostRows = 2 ** 32;

function wild({ rows, failed = {} }: WindowCounts): string | undefined {
  const most = Math.max(rows, ...Object.values(failed));
  return most <= mostRows ? undefined : `${most} rows or calls are more than one file can count`;
}

function countersFault({ rows, features, outputs }: WindowCounts): string | undefined {
  for (const { rows: counted, columns } of [features, outputs])
    if (counted !== rows || !columns.every((column) => addsUp(column, rows))) return "counts do not add up";
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
