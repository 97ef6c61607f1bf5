import type { Task } from "../../contract/index.ts";
import type { ColumnCells } from "../../profile/index.ts";
import type { LabelledWindow } from "../labels/labelled-predictions.ts";
import type { SliceReport } from "../report/slice-report.ts";
import { findSlices } from "./find-slices.ts";
import { type CollectedLosses, lossBlocks } from "./loss-blocks.ts";
import { type CollectedBins, scoreBin, scoreBins } from "./score-bins.ts";
import { sliceLayout } from "./slice-layout.ts";

/** Collects mature windows, and finds where the model does worst. */
export interface SliceFinder {
  add(window: Pick<LabelledWindow, "start" | "labels" | "scores" | "slices">): void;
  /** Every slice of one column, and the slices of two that are worse than what they are part of; worst first. */
  reports(): SliceReport[];
  /** What was collected so far. */
  collected(): CollectedSlices;
}

/** What a finder collected, to go on from. */
export interface CollectedSlices {
  readonly losses: CollectedLosses;
  readonly ranks: CollectedBins;
  /** All scores so far are from 0 to 1. */
  readonly probabilities: boolean;
}

/** What a finder looks at, and what it goes on from. */
export interface SliceFinderOptions {
  readonly columns: readonly ColumnCells[];
  readonly windowMs: number;
  readonly before?: CollectedSlices | undefined;
}

/** A finder for columns of slices; none where the task has no error that adds up. */
export function sliceFinder(
  task: Task,
  { columns, windowMs, before }: SliceFinderOptions,
): SliceFinder | undefined {
  if (task === "other" || columns.length === 0) return undefined;
  const layout = sliceLayout(columns);
  const losses = lossBlocks(layout.size, windowMs, before?.losses);
  const ranks = scoreBins(task === "binary-classification" ? layout.singles : 0, before?.ranks);
  let probabilities = before?.probabilities ?? true;
  return {
    add({ start, labels, scores, slices }) {
      const take = losses.open(start);
      for (let row = 0; row < labels.length; row++) {
        const score = scores[row]!;
        const error = score - labels[row]!;
        if (!(score >= 0 && score <= 1)) probabilities = false;
        const bin = task === "binary-classification" ? scoreBin(score) : 0;
        const loss = task === "regression" ? Math.abs(error) : error * error;
        layout.places(
          (column) => slices[column]![row]!,
          (place) => {
            take(place, loss);
            if (place < layout.singles && task === "binary-classification" && probabilities)
              ranks.add(place, bin, labels[row]!);
          },
        );
        take(layout.size, loss);
      }
    },
    reports: () =>
      task === "regression" || probabilities
        ? findSlices(layout, losses.blocks(), {
            metric: task === "regression" ? "mae" : "brier",
            aucAt: (place) => (place < layout.singles ? ranks.auc(place) : undefined),
          })
        : [],
    collected: () => ({ losses: losses.collected(), ranks: ranks.collected(), probabilities }),
  };
}
