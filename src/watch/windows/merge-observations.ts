import { digestOf, type Finding } from "../../kernel/index.ts";
import type { ObservationPlan } from "../observe/observation-plan.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { watchFinding } from "../watch-findings.ts";
import { windowSums } from "./merge-windows.ts";
import type { ObservationEntry, ObservationFile } from "./observation-file.ts";
import { ownFiles } from "./own-files.ts";
import { lifeFindings, livesOf, type ReplicaLife } from "./replica-lives.ts";

/** A file with the place that it was read from. */
export interface FoundObservation {
  readonly folder: string;
  readonly file: ObservationFile;
  /** Of its bytes; of its canonical form where absent. */
  readonly sha256?: string;
}

/** Everything that was observed of one model version, once. */
export interface MergedObservations {
  readonly windows: readonly WindowCounts[];
  readonly replicas: readonly ReplicaLife[];
  /** Files that count, one a segment, in one order. */
  readonly files: readonly ObservationEntry[];
  readonly findings: readonly Finding[];
}

/** What a merge goes on from. */
export interface MergeStart {
  /** Sums of files that are going to be named with `know`. */
  readonly windows?: readonly WindowCounts[];
  /** Segments that two different files claim: their windows are in no sum. */
  readonly without?: ReadonlySet<string>;
}

/** Adds up files one after the other, in any order; holds sums, not files. */
export interface ObservationMerge {
  /** Takes one file. A file that is found twice counts once. */
  add(found: FoundObservation): void;
  /** Takes a file whose windows are in the sums that the merge began with. */
  know(entry: ObservationEntry): void;
  /**
   * Segments that two different files claim. Neither may count, and of those named here one has been added already: begin
   * again `without` them.
   */
  spoilt(): ReadonlySet<string>;
  /** All files that were taken, those included that do not count. */
  entries(): readonly ObservationEntry[];
  merged(): MergedObservations;
}

/** A merge of the files of one content. */
export function openMerge(
  plan: ObservationPlan,
  { windows: before = [], without = new Set() }: MergeStart = {},
): ObservationMerge {
  const isOwn = ownFiles(plan);
  const sums = windowSums(before);
  const segments = new Map<string, Segment>();
  const entries: ObservationEntry[] = [];
  /** True where the windows of a file are to be added. */
  const take = (entry: ObservationEntry): boolean => {
    entries.push(entry);
    if (!entry.own) return false;
    const name = nameOf(entry.file);
    const known = segments.get(name);
    if (!known) {
      segments.set(name, { entry, conflict: without.has(name) });
      return !without.has(name);
    }
    if (known.entry.sha256 !== entry.sha256) known.conflict = true;
    else if (entry.folder < known.entry.folder) known.entry = entry;
    return false;
  };
  return {
    add({ folder, file, sha256 = digestOf(file) }) {
      const { windows, latency_edges: _, ...rest } = file;
      const seen = windows.reduce((sum, { rows }) => sum + rows, 0);
      if (take({ folder, file: rest, sha256, own: isOwn(file), seen })) sums.add(windows);
    },
    know: (entry) => void take(entry),
    spoilt: () => {
      const conflicts = [...segments].filter(([name, { conflict }]) => conflict && !without.has(name));
      return new Set(conflicts.map(([name]) => name));
    },
    entries: () => entries,
    merged() {
      const names = [...segments.keys()].sort();
      const [kept, torn]: [ObservationEntry[], ObservationEntry[]] = [[], []];
      for (const { entry, conflict } of names.map((name) => segments.get(name)!))
        (conflict ? torn : kept).push(entry);
      const replicas = livesOf(kept);
      const foreign = entries.filter(({ own }) => !own).length;
      return {
        windows: sums.windows(),
        replicas,
        files: kept,
        findings: [...foreignFiles(foreign), ...conflicts(torn), ...lifeFindings(replicas, kept)],
      };
    },
  };
}

interface Segment {
  entry: ObservationEntry;
  conflict: boolean;
}

/** Adds up the files of any number of replicas. */
export function mergeObservations(
  found: readonly FoundObservation[],
  plan: ObservationPlan,
): MergedObservations {
  const merge = openMerge(plan);
  for (const one of found) merge.add(one);
  const without = merge.spoilt();
  if (without.size === 0) return merge.merged();
  const again = openMerge(plan, { without });
  for (const one of found) again.add(one);
  return again.merged();
}

const nameOf = ({ replica, boot, sequence }: ObservationEntry["file"]) =>
  `${replica}.${boot}.${String(sequence).padStart(16, "0")}`;

/** Segments that are named one by one; of more only their number is said. */
const mostNamed = 20;

function conflicts(torn: readonly ObservationEntry[]): Finding[] {
  const rest = torn.length - mostNamed;
  const more = () =>
    watchFinding("watch.conflicting-files", {
      message: `Of ${rest} further files there are two that differ; neither counts.`,
    });
  return [...torn.slice(0, mostNamed).map(conflicting), ...(rest > 0 ? [more()] : [])];
}

function conflicting({ file }: ObservationEntry): Finding {
  return watchFinding("watch.conflicting-files", {
    message: `Two different files say that they are number ${file.sequence} of replica ${file.replica}, boot ${file.boot}; neither counts.`,
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
