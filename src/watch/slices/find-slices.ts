import { type AucEstimate, aucInterval } from "../intervals/auc-interval.ts";
import type { SliceChange, SliceReport } from "../report/slice-report.ts";
import { adjusted } from "./adjusted.ts";
import type { LossBlock } from "./loss-blocks.ts";
import { contrast, type Difference, type MeanLoss, meanLoss } from "./mean-loss.ts";
import type { SliceLayout } from "./slice-layout.ts";

/** Support: fewer rows are not looked at, in a slice and in its newest stretch. */
const fewestRows = 200;

/** Share of false ones among the slices that are called worse. */
const falseDiscoveries = 0.05;

/** What is worse by less than a tenth does not matter, however certain it is. */
const leastEffect = 0.1;

/** Windows in the newest stretch, where there are twice as many. */
const newestWindows = 14;

/** What is measured beside the mean loss. */
export interface Measures {
  readonly metric: string;
  /** Area under the ROC curve of the rows at a place. */
  readonly aucAt: (place: number) => AucEstimate | undefined;
}

interface Candidate {
  readonly place: number;
  readonly inside: MeanLoss;
  readonly outside: MeanLoss;
  readonly difference: Difference;
  readonly change?: Changed | undefined;
}

interface Changed {
  readonly now: MeanLoss;
  readonly before: MeanLoss;
  readonly difference: Difference;
}

/** The slices at all places of a layout that have support, worst first. */
export function findSlices(
  layout: SliceLayout,
  blocks: readonly LossBlock[],
  { metric, aucAt }: Measures,
): SliceReport[] {
  const stretch = newestStretch(blocks);
  const candidates = Array.from({ length: layout.size }, (_, place) =>
    candidateAt(place, { all: layout.size, blocks, stretch }),
  ).flatMap((one) => one ?? []);
  const worse = adjusted(candidates.map(({ difference }) => difference.p));
  const changed = candidates.filter(({ change }) => change);
  const worsened = adjusted(changed.map(({ change }) => change!.difference.p));
  const rows = (candidates[0]?.inside.rows ?? 0) + (candidates[0]?.outside.rows ?? 0);
  const reports = candidates.map((candidate, index) => {
    const { place, inside, outside, difference, change } = candidate;
    const { slice, clauses, parents } = layout.at(place);
    const report: SliceReport = {
      slice,
      clauses,
      rows: inside.rows,
      share: inside.rows / rows,
      metric,
      inside: inside.mean,
      outside: outside.mean,
      difference: difference.interval,
      ...rocAucOf(aucAt(place)),
      p: worse[index]!,
      significant: worse[index]! <= falseDiscoveries && difference.value >= leastEffect * outside.mean,
      ...(change && { change: changeOf(change, stretch!, worsened[changed.indexOf(candidate)]!) }),
    };
    return { report, place, parents };
  });
  const told = new Map(reports.map((one) => [one.place, one.report]));
  const kept = reports.filter(
    ({ report, place, parents }) => parents.length === 0 || addsTo(report, { place, parents, told, blocks }),
  );
  return kept.map(({ report }) => report).sort(worstFirst);
}

function rocAucOf(estimate: AucEstimate | undefined): Pick<SliceReport, "rocAuc"> {
  if (!estimate) return {};
  const interval = aucInterval(estimate);
  return { rocAuc: { value: estimate.auc, ...(interval && { interval }) } };
}

interface Search {
  /** Place of all rows. */
  readonly all: number;
  readonly blocks: readonly LossBlock[];
  readonly stretch: Stretch | undefined;
}

function candidateAt(place: number, { all, blocks, stretch }: Search): Candidate | undefined {
  const inside = meanLoss({ blocks, place });
  const outside = meanLoss({ blocks, place: all, without: place });
  if (!inside || !outside || inside.rows < fewestRows || outside.rows < fewestRows) return undefined;
  const difference = contrast([
    [
      { sign: 1, of: inside },
      { sign: -1, of: outside },
    ],
  ]);
  return { place, inside, outside, difference, change: stretch && changeAt(place, all, stretch) };
}

interface Stretch {
  readonly now: readonly LossBlock[];
  readonly before: readonly LossBlock[];
}

/** The newest blocks with so many windows, or the newest half of fewer. */
function newestStretch(blocks: readonly LossBlock[]): Stretch | undefined {
  const windows = blocks.reduce((sum, block) => sum + block.windows, 0);
  const wanted = Math.min(newestWindows, Math.floor(windows / 2));
  let [first, held] = [blocks.length, 0];
  while (first > 0 && held + blocks[first - 1]!.windows <= wanted) held += blocks[--first]!.windows;
  const stretch = { now: blocks.slice(first), before: blocks.slice(0, first) };
  return stretch.now.length === 0 || stretch.before.length === 0 ? undefined : stretch;
}

/** How the slice changed, less how the rest did: what befalls all is no matter of the slice. */
function changeAt(place: number, all: number, { now, before }: Stretch): Changed | undefined {
  const [nowIn, beforeIn] = [now, before].map((blocks) => meanLoss({ blocks, place }));
  const [nowOut, beforeOut] = [now, before].map((blocks) => meanLoss({ blocks, place: all, without: place }));
  if (!nowIn || !beforeIn || !nowOut || !beforeOut) return undefined;
  if (nowIn.rows < fewestRows || beforeIn.rows < fewestRows) return undefined;
  const difference = contrast([
    [
      { sign: 1, of: nowIn },
      { sign: -1, of: nowOut },
    ],
    [
      { sign: -1, of: beforeIn },
      { sign: 1, of: beforeOut },
    ],
  ]);
  return { now: nowIn, before: beforeIn, difference };
}

function changeOf({ now, before, difference }: Changed, stretch: Stretch, p: number): SliceChange {
  return {
    from: new Date(stretch.now[0]!.from).toISOString(),
    until: new Date(stretch.now.at(-1)!.until).toISOString(),
    rows: now.rows,
    now: now.mean,
    before: before.mean,
    difference: difference.interval,
    p,
    significant: p <= falseDiscoveries && difference.value >= leastEffect * before.mean,
  };
}

/** A slice of two columns is told where it stands out, and is worse than the rest of each slice that holds it. */
function addsTo(
  report: SliceReport,
  {
    place,
    parents,
    told,
    blocks,
  }: {
    readonly place: number;
    readonly parents: readonly number[];
    readonly told: ReadonlyMap<number, SliceReport>;
    readonly blocks: readonly LossBlock[];
  },
): boolean {
  if (!report.significant && !report.change?.significant) return false;
  return parents.every((parent) => {
    const holder = told.get(parent);
    if (!holder?.significant && !holder?.change?.significant) return true;
    const inside = meanLoss({ blocks, place });
    const rest = meanLoss({ blocks, place: parent, without: place });
    if (!inside || !rest) return false;
    const { interval } = contrast([
      [
        { sign: 1, of: inside },
        { sign: -1, of: rest },
      ],
    ]);
    return interval[0] > 0 && inside.mean - rest.mean >= leastEffect * rest.mean;
  });
}

function worstFirst(a: SliceReport, b: SliceReport): number {
  const rank = ({ significant, change }: SliceReport) =>
    2 * Number(change?.significant ?? false) + Number(significant);
  return rank(b) - rank(a) || b.difference[0] - a.difference[0];
}
