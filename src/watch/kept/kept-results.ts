import { digestOf } from "../../kernel/index.ts";
import type { AlarmPhase } from "../detectors/alarm.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import type { JudgedWindows, Judges, KnownResults } from "./judged-windows.ts";
import { packedText, packer } from "./packed-values.ts";

/** What was found of one window: packed values as text. */
export interface KeptWindow {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly columns: string;
  /** Of one value, or of none. */
  readonly estimated: string;
  readonly drift?: { readonly alarm: AlarmPhase; readonly columns: string };
}

/** Results of a watch as a state keeps them, in the order in which windows were judged. */
export interface KeptResults {
  /** Names all that results depend on beside the counters: {@link judgesDigest}. */
  readonly by: string;
  /** Forms of the packed values. */
  readonly shapes: readonly string[];
  readonly windows: readonly KeptWindow[];
  /** Alarms of the checkpoints, each once. */
  readonly alarms: readonly unknown[];
  readonly checkpoints: readonly {
    readonly windows: number;
    readonly detectors: unknown;
    /** Places in `alarms`. */
    readonly alarms: readonly number[];
  }[];
  /** What was measured on labels, as `KeptMeasures`; looked at by `knownMeasures`. */
  readonly measures?: unknown;
}

/** Judges, and the program that they are part of: another one may judge otherwise. */
export interface NamedJudges extends Judges {
  readonly program: string;
}

/** Names contract, profile and program; a result that another one made is not used. */
export function judgesDigest({ contract, profile, windowMs, program }: NamedJudges): string {
  return digestOf({ contract, profile, windowMs, program });
}

/** Known results, and how they are kept. */
export interface KeptKnown extends KnownResults {
  readonly kept: KeptResults;
  readonly keptOf: (window: WindowCounts) => KeptWindow | undefined;
}

/** Results as they are kept; what is not new is taken over as it stands. */
export function keptResults(judged: JudgedWindows, by: string, known?: KeptKnown): KeptResults {
  const isPart = judged.same === judged.windows.length && judged.same < (known?.windows.length ?? 0);
  // What lies beyond the instant of this watch is still true.
  if (known && isPart) return known.kept;
  const pack = packer(known?.kept.shapes);
  const alarms = new Map<string, number>();
  const placeOf = (alarm: unknown) => {
    const text = JSON.stringify(alarm);
    if (!alarms.has(text)) alarms.set(text, alarms.size);
    return alarms.get(text)!;
  };
  const textOf = (values: readonly object[]) => packedText(pack.pack(values));
  const windows = judged.windows.map((window, at): KeptWindow => {
    const before = known?.keptOf(window);
    const now = judged.of(window);
    const drift =
      at < judged.unchanged
        ? before?.drift
        : now.drift && { alarm: now.drift.alarm, columns: textOf(now.drift.columns) };
    return {
      start: window.start,
      columns: before?.columns ?? textOf(now.columns),
      estimated: before?.estimated ?? textOf(now.estimated ? [now.estimated] : []),
      ...(drift && { drift }),
    };
  });
  const checkpoints = judged.checkpoints
    .filter(({ state }) => survivesJson(state))
    .map(({ windows: after, state }) => ({
      windows: after,
      detectors: state.detectors,
      alarms: state.alarms.map(placeOf),
    }));
  return {
    by,
    shapes: pack.shapes,
    windows,
    alarms: [...alarms.keys()].map((text) => JSON.parse(text) as unknown),
    checkpoints,
  };
}

/** True where JSON gives every number back as it is. */
export function survivesJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value !== "object" || value === null || Object.values(value).every(survivesJson);
}
