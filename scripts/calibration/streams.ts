import type { Column } from "../../src/contract/index.ts";
import { seededIntegers } from "../../src/evidence/index.ts";
import { sha256 } from "../../src/kernel/index.ts";
import {
  cellCount,
  cellOf,
  profileTable,
  type TableProfile,
  type ThresholdTable,
  tableSource,
} from "../../src/profile/index.ts";
import {
  type AlarmPhase,
  calibrate,
  createDetectors,
  rowStrata,
  timeOrder,
  windowMix,
} from "../../src/watch/index.ts";

/** What a stream of Gaussian columns is like. */
export interface StreamPlan {
  readonly columns: number;
  /** φ of an AR(1) process, with standard deviation 1. */
  readonly dependence: number;
  readonly referenceRows: number;
  /** Rows per window. */
  readonly rows: number;
  readonly blockRows: number;
  readonly budget: { readonly alarms: number; readonly windows: number };
  /** Windows are days, and on Saturdays and Sundays values are so many standard deviations higher. */
  readonly weekend?: number;
  /** Days are compared with the same days of the week. */
  readonly strata?: boolean;
}

/** A watched stream. */
export interface Stream {
  readonly threshold: number;
  /** Draws and judges one more window, drifted where a law of drift is given. */
  next(drift?: Drift): AlarmPhase;
}

/** A value in place of the one that was drawn; `day` is the window's place in the week, Monday is 0. */
export type Drift = (gaussian: number, uniform: number, day: number) => number;

interface Reference {
  readonly profile: TableProfile;
  readonly thresholds: ThresholdTable;
}

const references = new Map<string, Promise<Reference>>();

/** A stream whose reference, and thresholds with it, depend on `name`; its windows on `run` too. */
export async function stationaryStream(plan: StreamPlan, name: string, run = ""): Promise<Stream> {
  const known = references.get(name) ?? referenceOf(plan, name);
  references.set(name, known);
  const { profile, thresholds } = await known;
  const { columns } = profile.cells;
  const detectors = createDetectors({ columns, reference: profile.counters.columns, thresholds });
  let state = detectors.start();
  const mixOf = thresholds.strata && windowMix(thresholds.strata, { features: profile });
  let day = -1;
  const source = gaussians(`${name}, windows ${run}`);
  const walks = columns.map(() => walk(source.gaussian, plan.dependence));
  return {
    threshold: thresholds.sizes[0]!.threshold,
    next(drift) {
      day++;
      const window = columns.map((cells, column) => {
        const counts = new Array<number>(cellCount(cells)).fill(0);
        for (let row = 0; row < plan.rows; row++) {
          const value = walks[column]!() + weekendOf(plan, day);
          counts[cellOf(cells, drift ? drift(value, source.uniform(), day % 7) : value)]!++;
        }
        return { counts };
      });
      const features = { cells: "", rows: plan.rows, columns: window };
      const judged = detectors.judge(state, window, mixOf?.({ start: monday + day * dayMs, features }));
      state = judged.state;
      return judged.judgement.alarm;
    },
  };
}

const dayMs = 86_400_000;
const monday = Date.UTC(2024, 0, 1);

function weekendOf({ weekend = 0 }: StreamPlan, day: number): number {
  return day % 7 > 4 ? weekend : 0;
}

async function referenceOf(plan: StreamPlan, name: string): Promise<Reference> {
  const source = gaussians(`${name}, reference`);
  const values = Array.from({ length: plan.columns }, () => {
    const next = walk(source.gaussian, plan.dependence);
    return Float64Array.from(
      { length: plan.referenceRows },
      (_, row) => next() + weekendOf(plan, Math.floor(row / plan.rows)),
    );
  });
  const wanted = values.map((_, at) => ({ name: `x${at}`, column: `x${at}`, type: "float64" as const }));
  const columns = new Map<string, Column>(
    values.map((column, at) => [`x${at}`, { type: "float64", shape: [], values: column }]),
  );
  const table = await tableSource([{ rows: plan.referenceRows, columns }], wanted);
  const profile = await profileTable(table, wanted);
  const { columns: cells } = profile.cells;
  const rows = values.map((column, at) => Uint8Array.from(column, (value) => cellOf(cells[at]!, value)));
  const times = Float64Array.from(rows[0]!, (_, row) => monday + Math.floor(row / plan.rows) * dayMs);
  const order = timeOrder(times, times.length);
  const thresholds = calibrate({
    cells,
    rows,
    ...(plan.strata && { strata: rowStrata({ by: "day-of-week", windowMs: dayMs, order, cells, rows }) }),
    blockRows: plan.blockRows,
    budget: plan.budget,
    seed: sha256(name),
    windows: { sizes: [plan.rows] },
  });
  return { profile, thresholds };
}

/** An AR(1) walk with standard deviation 1. */
function walk(gaussian: () => number, dependence: number): () => number {
  const fresh = Math.sqrt(1 - dependence ** 2);
  let value = gaussian();
  return () => {
    value = dependence * value + fresh * gaussian();
    return value;
  };
}

/** Gaussian and uniform numbers from a name (Box and Muller 1958). */
function gaussians(name: string) {
  const below = seededIntegers(sha256(name));
  const uniform = () => (below(2 ** 32) + 0.5) / 2 ** 32;
  let spare: number | undefined;
  const gaussian = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const [radius, angle] = [Math.sqrt(-2 * Math.log(uniform())), 2 * Math.PI * uniform()];
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { gaussian, uniform };
}
