import { canonicalJson, digestOf, type Finding } from "../../kernel/index.ts";
import { type Cells, type Counters, cellCount } from "../../profile/index.ts";
import type { ObservationPlan } from "../observe/observation-plan.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { watchFinding } from "../watch-findings.ts";
import { mergeWindows } from "./merge-windows.ts";
import { type ObservationFile, planFields } from "./observation-file.ts";

/** One life of one replica, out of its files. */
export interface ReplicaLife {
  readonly replica: string;
  readonly boot: string;
  readonly files: number;
  readonly rows: number;
  readonly dropped: number;
  /** Numbers below the newest that are not there. */
  readonly gaps: number;
  /** It wrote its last file and closed. */
  readonly ended: boolean;
  readonly newest: string;
}

/** A file with the place that it was read from. */
export interface FoundObservation {
  readonly folder: string;
  readonly file: ObservationFile;
}

/** Everything that was observed of one model version, once. */
export interface MergedObservations {
  readonly windows: readonly WindowCounts[];
  readonly replicas: readonly ReplicaLife[];
  /** Files that count, one a segment, in one order. */
  readonly files: readonly FoundObservation[];
  readonly findings: readonly Finding[];
}

/** Adds up the files of any number of replicas. A file that is found twice counts once. */
export function mergeObservations(
  found: readonly FoundObservation[],
  plan: ObservationPlan,
): MergedObservations {
  const isOwn = ownFiles(plan);
  const own = found.filter(({ file }) => isOwn(file));
  const { kept, conflicts } = onceEach(own);
  const replicas = livesOf(kept.map(({ file }) => file));
  return {
    windows: mergeWindows(kept.map(({ file }) => file.windows)),
    replicas,
    files: kept,
    findings: [...foreignFiles(found.length - own.length), ...conflicts, ...lifeFindings(replicas, kept)],
  };
}

/** Counted on this content, by the same windows, on cells of the same number. */
function ownFiles(plan: ObservationPlan): (file: ObservationFile) => boolean {
  const { digest, window_ms, latency_edges } = planFields(plan);
  const fits = (cells: Cells) => {
    const sizes = cells.columns.map(cellCount);
    const name = digestOf(cells);
    return (counters: Counters) =>
      counters.cells === name &&
      counters.columns.length === sizes.length &&
      counters.columns.every(({ counts, sums }, index) => {
        const size = sizes[index]!;
        const summed = cells.columns[index]!.kind === "numeric";
        return counts.length === size && (summed ? sums?.length === size : sums === undefined);
      });
  };
  const [features, outputs] = [fits(plan.features), fits(plan.outputs)];
  return (file) =>
    file.digest === digest &&
    file.window_ms === window_ms &&
    canonicalJson(file.latency_edges) === canonicalJson(latency_edges) &&
    file.windows.every((window) => features(window.features) && outputs(window.outputs));
}

const nameOf = ({ replica, boot, sequence }: ObservationFile) =>
  `${replica}.${boot}.${String(sequence).padStart(16, "0")}`;

function onceEach(found: readonly FoundObservation[]): {
  readonly kept: FoundObservation[];
  readonly conflicts: Finding[];
} {
  const bySegment = new Map<string, FoundObservation>();
  const conflicts = new Map<string, Finding>();
  for (const one of found) {
    const name = nameOf(one.file);
    const known = bySegment.get(name);
    if (!known) bySegment.set(name, one);
    else if (canonicalJson(known.file) !== canonicalJson(one.file))
      conflicts.set(
        name,
        watchFinding("watch.conflicting-files", {
          message: `Two different files say that they are number ${one.file.sequence} of replica ${one.file.replica}, boot ${one.file.boot}; neither counts.`,
        }),
      );
  }
  for (const name of conflicts.keys()) bySegment.delete(name);
  const names = [...bySegment.keys()].sort();
  return { kept: names.map((name) => bySegment.get(name)!), conflicts: [...conflicts.values()] };
}

function livesOf(files: readonly ObservationFile[]): ReplicaLife[] {
  const lives = new Map<string, ObservationFile[]>();
  for (const file of files) {
    const life = `${file.replica}.${file.boot}`;
    lives.set(life, [...(lives.get(life) ?? []), file]);
  }
  return [...lives.values()].map((list) => {
    const newest = list.reduce((a, b) => (b.sequence > a.sequence ? b : a));
    const sum = (read: (file: ObservationFile) => number) =>
      list.reduce((total, file) => total + read(file), 0);
    return {
      replica: newest.replica,
      boot: newest.boot,
      files: list.length,
      rows: sum(({ windows }) => windows.reduce((total, { rows }) => total + rows, 0)),
      dropped: sum(({ dropped }) => dropped),
      gaps: newest.sequence + 1 - list.length,
      ended: newest.last,
      newest: newest.rolled_at,
    };
  });
}

function foreignFiles(count: number): Finding[] {
  if (count === 0) return [];
  return [
    watchFinding("watch.other-content", {
      message: `${count} files were counted on other content than this (another version, contract or profile); they are left out.`,
    }),
  ];
}

function lifeFindings(lives: readonly ReplicaLife[], files: readonly FoundObservation[]): Finding[] {
  const total = (read: (life: ReplicaLife) => number) => lives.reduce((sum, life) => sum + read(life), 0);
  const findings: Finding[] = [];
  const gaps = total((life) => life.gaps);
  if (gaps > 0)
    findings.push(
      watchFinding("watch.files-missing", {
        message: `${gaps} files are missing between those that are there (${lives
          .filter((life) => life.gaps > 0)
          .map(({ replica, boot }) => `${replica}.${boot}`)
          .slice(0, 3)
          .join(", ")}).`,
      }),
    );
  const dropped = total((life) => life.dropped);
  if (dropped > 0)
    findings.push(
      watchFinding("watch.rows-dropped", {
        message: `${dropped} rows were answered and not counted, because a buffer was full.`,
      }),
    );
  const open = lives.filter(({ ended }) => !ended);
  if (open.length > 0) {
    const may = files.find(({ file }) => file.replica === open[0]!.replica)?.file.may_lose;
    findings.push(
      watchFinding("watch.not-ended", {
        message: `${open.length} of ${lives.length} lives of replicas run on or ended without warning; of each, at most the last ${may?.seconds ?? 0} seconds are missing.`,
      }),
    );
  }
  return findings;
}
