import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { makePipe } from "../../../test/support/named-pipe.ts";
import { type ColumnCells, cellOf } from "../../profile/index.ts";
import type { LabelledPredictions, LabelledWindow, LabelQuestion } from "../../watch/index.ts";
import { joinInMemory, type LabelRow, type LoggedPrediction } from "../../watch/labels/test-join.ts";
import { joinLabels } from "./index.ts";
import { testFiles } from "./test-files.ts";

const files = testFiles();
afterAll(() => files.remove());

const day = 86_400_000;
const slices: ColumnCells[] = [
  { kind: "categorical", name: "origin", type: "string", values: ["EWR", "JFK", "O'Hare"] },
  { kind: "numeric", name: "wind", type: "float32", starts: [0, 10, 20], unit: 1 },
];

interface Logged extends LoggedPrediction {
  readonly answered: boolean;
  readonly origin: string | null;
  readonly wind: number | null;
}

const word = fc.constantFrom("a", "b", "c", "d'e", "", "7", "ß");
const prediction = fc.record({
  id: fc.option(word, { freq: 2 }),
  key: fc.option(word, { freq: 4 }),
  eventMs: fc.integer({ min: -2 * day, max: 12 * day }),
  score: fc.integer({ min: 0, max: 16 }).map((n) => n / 16),
  decision: fc.boolean(),
  answered: fc.boolean().map((no) => !no),
  origin: fc.constantFrom(null, "EWR", "JFK", "O'Hare", "XXX"),
  wind: fc.constantFrom(null, -1, 0, 9.5, 10, 25, Number.NaN),
});
const label = fc.record({
  name: word,
  label: fc.constantFrom(0, 1, null),
  arrivedMs: fc.option(fc.integer({ min: 0, max: 20 * day }), { nil: undefined }),
});

const text = (value: string | null) => (value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`);
let made = 0;

async function logOf(rows: readonly Logged[]): Promise<string> {
  const values = rows.map(
    ({ id, key, eventMs, score, decision, answered, origin, wind }) =>
      `(${text(id)}, ${text(key)}, ${eventMs}, ${answered}, ${answered ? score : "NULL"}, ${answered ? decision : "NULL"}, ${text(origin)}, ${text(wind === null ? null : String(wind))})`,
  );
  const none = "(NULL, NULL, 0, false, NULL, NULL, NULL, NULL)";
  return files.parquet(
    `${made++}.predictions.parquet`,
    `SELECT id::VARCHAR AS id, key::VARCHAR AS key, ms::BIGINT AS event_time_ms, answered, score::FLOAT AS "output.p",
      decision::BOOLEAN AS decision, origin::VARCHAR AS "slice.origin", wind::VARCHAR AS "slice.wind"
      FROM (VALUES ${[...values, none].join(", ")}) AS t(id, key, ms, answered, score, decision, origin, wind)`,
  );
}

async function labelsOf(rows: readonly LabelRow[]): Promise<string> {
  const values = rows.map(
    ({ name, label, arrivedMs }) => `(${text(name)}, ${label ?? "NULL"}, ${arrivedMs ?? "NULL"})`,
  );
  return files.parquet(
    `${made++}.labels.parquet`,
    `SELECT name, label::INTEGER AS label, epoch_ms(arrived::BIGINT) AS arrived
      FROM (VALUES ${[...values, "('', NULL, NULL)"].join(", ")}) AS t(name, label, arrived)`,
  );
}

function questionOf(logs: readonly string[], path: string, rest: Partial<LabelQuestion> = {}): LabelQuestion {
  return {
    logs: logs.map((log) => ({ path: log })),
    score: "output.p",
    decides: true,
    slices,
    labels: { path, name: "name", label: "label", arrived: "arrived" },
    task: "binary-classification",
    windowMs: day,
    delayMs: day,
    ...rest,
  };
}

async function taken(labelled: Pick<LabelledPredictions, "windows" | "counts">) {
  const windows: LabelledWindow[] = [];
  for await (const window of labelled.windows()) windows.push(window);
  return { windows, counts: labelled.counts() };
}

async function joined(question: LabelQuestion, prints = false) {
  const labelled = await joinLabels(question, { threads: 1, prints });
  try {
    return { ...(await taken(labelled)), unreadable: labelled.unreadable };
  } finally {
    await labelled.close();
  }
}

/** Some windows alone, and the prints of all. */
async function printed(question: LabelQuestion, leaveOut: (start: number) => boolean = () => false) {
  const labelled = await joinLabels(question, { threads: 1, prints: true });
  try {
    const windows: LabelledWindow[] = [];
    for await (const window of labelled.windows(leaveOut)) windows.push(window);
    return { windows, counts: labelled.counts(), prints: labelled.prints! };
  } finally {
    await labelled.close();
  }
}

describe("labels joined in DuckDB", () => {
  it("are what the join in memory says, for any logs and labels", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(prediction, { maxLength: 25 }),
        fc.array(label, { maxLength: 15 }),
        fc.constantFrom(day, 7 * day, 3_600_000),
        fc.nat(25),
        fc.boolean(),
        async (rows, labels, windowMs, cut, prints) => {
          const logs = [await logOf(rows.slice(0, cut)), await logOf(rows.slice(cut))];
          const found = await joined(questionOf(logs, await labelsOf(labels), { windowMs }), prints);
          const asked = rows
            .filter(({ answered }) => answered)
            .map((row) => ({
              ...row,
              slices: [cellOf(slices[0]!, row.origin), cellOf(slices[1]!, row.wind)],
            }));
          const truth = [...labels, { name: "", label: null }];
          const expected = await taken(joinInMemory(asked, truth, { windowMs, delayMs: day }));
          expect(found).toEqual({ ...expected, unreadable: [] });
          const { matched, duplicated, corrected, unmatched, empty } = found.counts;
          expect(matched + duplicated + corrected + unmatched + empty).toBe(truth.length);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("have a print by window: where it is the same, so are the rows; and windows can be left out", async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(prediction, { minLength: 5, maxLength: 25 }),
        fc.array(label, { minLength: 3, maxLength: 15 }),
        fc.array(fc.tuple(fc.nat(14), label), { maxLength: 3 }),
        fc.nat(25),
        async (rows, labels, changes, cut) => {
          const logs = [await logOf(rows.slice(0, cut)), await logOf(rows.slice(cut))];
          const changed = [...labels];
          for (const [at, other] of changes) changed.splice(at, at % 2, other);
          const before = await printed(questionOf(logs, await labelsOf(labels)));
          const same = (start: number, prints: ReadonlyMap<number, string>) =>
            prints.get(start) === before.prints.get(start);
          const question = questionOf(logs, await labelsOf(changed));
          const full = await joined(question, false);
          const after = await printed(question);
          expect(after.windows).toEqual(full.windows);
          expect(after.counts).toEqual(full.counts);
          expect([...after.prints.keys()]).toEqual(full.windows.map(({ start }) => start));
          const left = await printed(question, (start) => same(start, after.prints));
          expect(left.windows).toEqual(full.windows.filter(({ start }) => !same(start, after.prints)));
          expect(left.counts).toEqual(full.counts);
          const still = full.windows.filter(({ start }) => same(start, after.prints));
          expect(still).toEqual(before.windows.filter(({ start }) => same(start, after.prints)));
          kept += still.filter(({ labels: some }) => some.length > 0).length;
        },
      ),
      { numRuns: 12 },
    );
    expect(kept).toBeGreaterThan(5);
  });

  it("have other prints where two labels change places, or two change alike", async () => {
    const log = await logOf([1, 2, 3, 4].map((row) => ({ ...one, key: String(row) })));
    const printOf = async (...labels: number[]) => {
      const rows = labels.map((label, at) => ({ name: String(at + 1), label }));
      return [...(await printed(questionOf([log], await labelsOf(rows)))).prints.values()];
    };
    const prints = [await printOf(0, 0, 1, 1), await printOf(1, 1, 0, 0), await printOf(1, 0, 0, 1)];
    expect(new Set([...prints, await printOf(1, 1, 1, 1), await printOf(0, 0, 0, 0)].flat()).size).toBe(5);
    expect(await printOf(0, 0, 1, 1)).toEqual(prints[0]);
  });

  it("have other prints for other numbers, other arrivals and another log", async () => {
    const [log, other] = [await logOf([one]), await logOf([one])];
    const printOf = async (path: string, row: Omit<LabelRow, "name">) => {
      const labels = await files.parquet(
        `${made++}.labels.parquet`,
        `SELECT '7' AS name, ${row.label}::DOUBLE AS label, epoch_ms(${row.arrivedMs ?? 0}::BIGINT) AS arrived`,
      );
      const question = questionOf([path], labels, { task: "regression", decides: false });
      return [...(await printed(question)).prints.values()].join();
    };
    const prints = [
      await printOf(log, { label: 0.25 }),
      await printOf(log, { label: 0.5 }),
      await printOf(log, { label: 0.5, arrivedMs: 1 }),
      await printOf(other, { label: 0.5 }),
    ];
    expect(new Set(prints).size).toBe(4);
    expect(await printOf(log, { label: 0.5 })).toBe(prints[1]);
  });

  const one: Logged = {
    id: null,
    key: "7",
    eventMs: 0,
    score: 0.5,
    decision: true,
    answered: true,
    origin: "EWR",
    wind: 1,
  };

  it("find text by whole numbers, and take their arrival however it is written", async () => {
    const log = await logOf([one]);
    for (const [arrived, late] of [
      ["'1970-01-02T00:00:00Z'", 0],
      ["'1970-01-02 00:00:01'", 1],
      ["'1970-01-02T02:00:00+02:00'", 0],
      ["'soon'", 0],
      ["86401", 1],
      ["TIMESTAMP '1970-01-02 00:00:01'", 1],
      ["DATE '1970-01-03'", 1],
    ] as const) {
      const path = await files.parquet(
        `${made++}.labels.parquet`,
        `SELECT 7 AS name, true AS label, ${arrived} AS arrived`,
      );
      const { counts } = await joined(questionOf([log], path), false);
      expect([arrived, counts.matched, counts.late]).toEqual([arrived, 1, late]);
    }
  });

  it("in CSV are the same", async () => {
    const path = files.csv("labels.csv", "name,label,arrived\n7,1,1970-01-03\n7,1,\n8,,\n9,0,\n");
    const { counts } = await joined(questionOf([await logOf([one])], path), false);
    expect(counts).toEqual({
      matched: 1,
      duplicated: 1,
      corrected: 0,
      unmatched: 1,
      empty: 1,
      late: 1,
      repeated: 0,
    });
  });

  it("leave out a log that has other rows than its counters say: few bytes can claim very many", async () => {
    const [honest, forged] = [await logOf([one]), await logOf([one, one, one])];
    const question = questionOf([], await labelsOf([]));
    const logs = [
      { path: honest, rows: 2 },
      { path: forged, rows: 2 },
    ];
    const { unreadable } = await joined({ ...question, logs });
    expect(unreadable).toEqual([{ path: forged, reason: "It has 4 rows, and its counters say 2." }]);
  });

  it("leave out a log that cannot be read, say which, and take all others", async () => {
    const torn = files.csv("torn.predictions.parquet", "PAR1 and then nothing");
    const other = await files.parquet("other.predictions.parquet", "SELECT 1 AS x");
    const pipe = join(files.folder, "pipe.predictions.parquet");
    await makePipe(pipe);
    const good = await Promise.all([0, 1, 2].map(() => logOf([one])));
    const { windows, unreadable, counts } = await joined(
      questionOf(
        [good[0]!, torn, pipe, good[1]!, join(files.folder, "gone.predictions.parquet"), good[2]!, other],
        await labelsOf([{ name: "7", label: 1 }]),
      ),
    );
    expect(unreadable.map(({ path }) => path.split("/").at(-1)).sort()).toEqual([
      "gone.predictions.parquet",
      "other.predictions.parquet",
      "pipe.predictions.parquet",
      "torn.predictions.parquet",
    ]);
    expect([windows[0]!.answered, counts.repeated]).toEqual([3, 2]);
  });

  it("that are words are refused by their row, with what a label is", async () => {
    const path = files.csv("words.csv", "name,label\n7,yes\n");
    const question = questionOf([await logOf([one])], path, {
      labels: { path, name: "name", label: "label" },
    });
    const refusal = await joined(question).catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({
      message: expect.stringContaining('"label" is not float64 in row 1'),
      next: "Write labels as 0 and 1, or true and false, and leave those empty that are not known.",
    });
  });

  it("that are neither 0 nor 1 are refused by their row, without their value", async () => {
    const path = files.csv("labels.csv", "name,label\n7,1\n8,4711\n");
    const question = questionOf([await logOf([one])], path, {
      labels: { path, name: "name", label: "label" },
    });
    const refusal = await joined(question).catch((thrown: Error) => thrown.message);
    expect(refusal).toContain("the label in row 2 is neither 0 nor 1");
    expect(refusal).not.toContain("4711");
    expect((await joined({ ...question, task: "regression" })).windows[0]!.labels).toEqual(
      Float64Array.of(1),
    );
  });

  it("leave nothing on the disk", async () => {
    const scratch = join(files.folder, "scratch");
    mkdirSync(scratch);
    vi.stubEnv("TMPDIR", scratch);
    try {
      const torn = files.csv("bad.csv", "name,label\n7,maybe\n");
      await expect(joined(questionOf([], torn))).rejects.toThrow();
      await joined(questionOf([await logOf([one])], await labelsOf([{ name: "7", label: 1 }])), false);
      expect(readdirSync(scratch)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
