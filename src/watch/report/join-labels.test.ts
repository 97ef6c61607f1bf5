import { describe, expect, it } from "vitest";
import { indexLabels, joinLabels, type LabelRow, type LoggedPrediction } from "./join-labels.ts";

const day = 86_400_000;
const options = { windowMs: day, delayMs: day };

function predicted(key: string, rest: Partial<LoggedPrediction> = {}): LoggedPrediction {
  return { id: null, key, eventMs: 0, score: 0.5, decision: true, ...rest };
}

const join = (predictions: LoggedPrediction[], labels: LabelRow[]) =>
  joinLabels(predictions, indexLabels(labels), options);

describe("labels", () => {
  it("find their predictions by id or key, in the window of the event", () => {
    const { windows, counts } = join(
      [
        predicted("a"),
        predicted("b", { eventMs: day, score: 0.9 }),
        predicted("x", { id: "c" }),
        predicted("d"),
      ],
      [
        { name: "a", label: 1 },
        { name: "b", label: 0 },
        { name: "c", label: 1 },
      ],
    );
    expect(windows.map(({ start, answered, labels }) => [start, answered, labels])).toEqual([
      [0, 3, [1, 1]],
      [day, 1, [0]],
    ]);
    expect(counts).toMatchObject({ matched: 3, unmatched: 0 });
  });

  it("are each counted as one thing: matched, duplicated, corrected, unmatched or empty", () => {
    const labels: LabelRow[] = [
      { name: "a", label: 1 },
      { name: "a", label: 1 },
      { name: "b", label: 1 },
      { name: "b", label: 0 },
      { name: "nobody", label: 1 },
      { name: "a", label: null },
    ];
    const { windows, counts } = join([predicted("a"), predicted("b")], labels);
    expect(windows[0]!.labels).toEqual([1, 0]);
    expect(counts).toEqual({
      matched: 2,
      duplicated: 1,
      corrected: 1,
      unmatched: 1,
      empty: 1,
      late: 0,
      repeated: 0,
    });
    const { matched, duplicated, corrected, unmatched, empty } = counts;
    expect(matched + duplicated + corrected + unmatched + empty).toBe(labels.length);
  });

  it("that came after the delay are counted as late, and count", () => {
    const { counts, windows } = join(
      [predicted("a"), predicted("b")],
      [
        { name: "a", label: 1, arrivedMs: day },
        { name: "b", label: 0, arrivedMs: day + 1 },
      ],
    );
    expect([counts.late, windows[0]!.labels.length]).toEqual([1, 2]);
  });

  it("serve every prediction that shares a name, which is said", () => {
    const { counts, windows } = join([predicted("a"), predicted("a")], [{ name: "a", label: 1 }]);
    expect([counts.matched, counts.repeated, windows[0]!.labels]).toEqual([1, 1, [1, 1]]);
  });
});
