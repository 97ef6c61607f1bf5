import type { LabelCounts } from "../../labels/labelled-predictions.ts";
import { allRows, type Facts } from "../facts.ts";
import type { Suspicion } from "../suspicion.ts";

/** A smaller share of the labels is no fault of their feed. */
const leastShare = 0.01;
/** A mature window has so many of the labels that such windows usually have, or its labels are late. */
const usualCoverage = 0.5;

/** What is wrong with the feed of labels: one group, by the worst of it. */
export function labelFaults(facts: Facts): Suspicion[] {
  const { labels } = facts;
  if (!labels) return [];
  const told = kinds(labels).filter(({ share }) => share >= leastShare);
  const uncovered = uncoveredWindows(facts);
  if (uncovered.length > 0 && !told.some((kind) => kind.class === "label.late"))
    told.push({
      class: "label.late",
      share: 0,
      text: `${uncovered.length} windows whose labels must have come have few`,
    });
  const [first] = told.sort((a, b) => order.indexOf(a.class) - order.indexOf(b.class));
  if (!first) return [];
  const labelled = facts.windows.flatMap(({ performance }, window) =>
    performance?.labelled ? [window] : [],
  );
  const windows = first.share === 0 ? uncovered : labelled;
  return [
    {
      class: first.class,
      clause: "labels",
      clauses: ["labels"],
      rows: rowsWith(facts, windows, first.share),
      tell: () => `${told.map(({ text }) => text).join("; ")}.`,
      samples: [],
    },
  ];
}

const order = ["label.unmatched", "label.conflict", "label.late", "label.duplicated"] as const;

interface Kind {
  readonly class: (typeof order)[number];
  readonly share: number;
  readonly text: string;
}

function kinds({ matched, duplicated, corrected, unmatched, late }: LabelCounts): Kind[] {
  const kind = (name: Kind["class"], count: number, of: number, text: string): Kind => ({
    class: name,
    share: of === 0 ? 0 : count / of,
    text: `${count} of ${of} labels ${text}`,
  });
  return [
    kind("label.unmatched", unmatched, matched + unmatched, "have no prediction"),
    kind("label.conflict", corrected, matched + unmatched, "were contradicted by a later row"),
    kind("label.late", late, matched, "came later than labels.arrive-after"),
    kind("label.duplicated", duplicated, matched + unmatched, "came twice"),
  ];
}

/** Labels carry no window of their own: their share stands for each. */
function rowsWith(facts: Facts, windows: readonly number[], share: number): ReadonlyMap<number, number> {
  if (share === 0) return allRows(facts, windows);
  return new Map(
    windows.map((window) => [window, Math.round(share * facts.windows[window]!.performance!.labelled)]),
  );
}

/** Mature windows with far fewer labels than mature windows usually have. */
function uncoveredWindows({ windows }: Facts): number[] {
  const mature = windows.flatMap(({ performance }, window) =>
    performance?.mature && performance.answered > 0
      ? [{ window, coverage: performance.labelled / performance.answered }]
      : [],
  );
  const sorted = mature.map(({ coverage }) => coverage).sort((a, b) => a - b);
  const usual = sorted[sorted.length >> 1] ?? 0;
  return mature.filter(({ coverage }) => coverage < usual * usualCoverage).map(({ window }) => window);
}
