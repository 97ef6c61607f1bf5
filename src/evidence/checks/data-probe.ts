import type { Feature, Task } from "../../contract/index.ts";

/** A column as its file has it. */
export interface DataColumn {
  readonly name: string;
  /** The engine's own word: `FLOAT`, `VARCHAR`, `TIMESTAMP WITH TIME ZONE`. */
  readonly type: string;
  readonly kind: "float" | "integer" | "text" | "boolean" | "time" | "list" | "other";
}

/** How many values do something, and the first that does. `row` is 0-based in file order. */
export interface Occurrence {
  readonly count: number;
  readonly row?: number;
  /** As text; the check withholds it where the feature is sensitive. */
  readonly value?: string;
}

/**
 * How far one feature alone tells the two labels apart.
 * `pairs` counts (positive, negative) pairs of present values in which the positive is larger, ties as one half.
 */
export interface Separation {
  readonly pairs: number;
  readonly present: { readonly positive: number; readonly negative: number };
  readonly missing: { readonly positive: number; readonly negative: number };
  /** Distinct present values, and how many rows sit at a value that only one of the labels has. */
  readonly distinct: number;
  readonly pureRows: number;
}

/** What the values of one feature do to its clause. */
export interface FeatureFacts {
  readonly missing: Occurrence;
  /** Present values that the feature's type cannot hold: text in a number, a fraction in an integer, an overflow. */
  readonly unconvertible: Occurrence;
  readonly outOfRange: Occurrence;
  readonly outsideExpected: Occurrence;
  readonly unknownCategory: Occurrence;
  /** Binary labels only. */
  readonly separation?: Separation;
  /** Rows where the value equals the label; regression only. */
  readonly equalsLabel?: number;
  /** Pearson correlation with the label; regression only. */
  readonly correlation?: number;
}

/** The truth column. */
export interface LabelFacts {
  readonly missing: number;
  /** Binary: rows that are true or 1; false or 0; anything else. Regression: `positive` is every number. */
  readonly positive: number;
  readonly negative: number;
  readonly other: Occurrence;
}

/** Rows by value of one feature, the largest first; at most 1,000 values. */
export type GroupSizes = readonly { readonly value: string | null; readonly rows: number }[];

/** Everything that checks ask about one data file. */
export interface TableFacts {
  readonly rows: number;
  readonly columns: readonly DataColumn[];
  /** By feature name; features whose column is not there, or of a kind that cannot become the type, are absent. */
  readonly features: ReadonlyMap<string, FeatureFacts>;
  readonly label?: LabelFacts;
  readonly key?: { readonly distinct: number; readonly missing: number };
  /** First and last event time, RFC 3339 UTC; absent for a column that is not a time or holds none. */
  readonly time?: { readonly first: string; readonly last: string };
  readonly groups: ReadonlyMap<string, GroupSizes>;
  /** Smallest and largest of further numeric columns. */
  readonly extremes: ReadonlyMap<
    string,
    { readonly low: number; readonly high: number; readonly missing: number }
  >;
}

/** What is wanted of one file. Columns that it lacks are left out of the answer. */
export interface TableQuestion {
  readonly path: string;
  readonly features: readonly Feature[];
  /** Before each feature's column name: `features.` in golden rows. */
  readonly prefix: string;
  readonly label?: string | undefined;
  readonly task: Task;
  readonly key?: string | undefined;
  readonly time?: string | undefined;
  /** Whether it is wanted how far each feature tells the labels apart. */
  readonly separation: boolean;
  /** Features whose group sizes are wanted. */
  readonly groups: readonly string[];
  /** Further numeric columns whose extremes are wanted, without prefix. */
  readonly extremes: readonly string[];
}

/** What is wanted of two files. */
export interface OverlapQuestion {
  readonly training: string;
  readonly joint: string;
  readonly key?: string;
  /** Features whose columns both files have, and the label where both have it: together the content of a row. */
  readonly features: readonly Feature[];
  readonly label?: string;
}

/** Rows that two files share. */
export interface OverlapFacts {
  /** Joint rows whose key is in training. */
  readonly byKey?: Occurrence;
  /** Joint rows whose whole content is in training. */
  readonly byContent: number;
  /** Training rows that repeat the content of another training row: how far content names a row at all. */
  readonly trainingRepeats: number;
}

/** A file that is not there, or cannot be read as a table. */
export type DataProblem = { readonly problem: "missing" | "unreadable"; readonly detail: string };

/** Port: answers questions about data files in few passes. Adapter: `duckdb`. Paths are relative to the hand-off folder. */
export interface DataProbe {
  table(question: TableQuestion): Promise<TableFacts | DataProblem>;
  overlap(question: OverlapQuestion): Promise<OverlapFacts>;
}

/** True where a file could not answer. */
export function isProblem(facts: TableFacts | DataProblem): facts is DataProblem {
  return "problem" in facts;
}
