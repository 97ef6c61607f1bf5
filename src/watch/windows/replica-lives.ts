import type { Finding } from "../../kernel/index.ts";
import { watchFinding } from "../watch-findings.ts";
import type { ObservationEntry } from "./observation-file.ts";

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

/** The lives of replicas out of the files that count. */
export function livesOf(files: readonly ObservationEntry[]): ReplicaLife[] {
  const lives = new Map<string, ObservationEntry[]>();
  for (const entry of files) {
    const life = `${entry.file.replica}.${entry.file.boot}`;
    const known = lives.get(life);
    if (known) known.push(entry);
    else lives.set(life, [entry]);
  }
  return [...lives.values()].map((list) => {
    const newest = list.reduce((a, b) => (b.file.sequence > a.file.sequence ? b : a)).file;
    const sum = (read: (entry: ObservationEntry) => number) =>
      list.reduce((total, entry) => total + read(entry), 0);
    return {
      replica: newest.replica,
      boot: newest.boot,
      files: list.length,
      rows: sum(({ seen }) => seen),
      dropped: sum(({ file }) => file.dropped),
      gaps: newest.sequence + 1 - list.length,
      ended: newest.last,
      newest: newest.rolled_at,
    };
  });
}

/** Says what is missing of lives: files, rows, ends. */
export function lifeFindings(lives: readonly ReplicaLife[], files: readonly ObservationEntry[]): Finding[] {
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
