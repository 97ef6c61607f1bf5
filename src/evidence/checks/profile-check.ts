import type { Feature } from "../../contract/index.ts";
import type { Finding } from "../../kernel/index.ts";
import type { ColumnCells, Profile, ThresholdTable } from "../../profile/index.ts";
import type { Check, CheckFacts } from "./check.ts";
import { finding } from "./checks-findings.ts";
import { everywhere } from "./findings/places.ts";
import { placeOfFeature, readsOf } from "./reading.ts";
import { thresholdFindings } from "./threshold-findings.ts";

/** Path of the profile in the hand-off folder. */
export const profilePath = "profile.json";

/** The profile is of this data and these features. */
export const profileCheck: Check = {
  name: "profile.current",
  title: "The profile is of this data and these features",
  codes: [
    "profile.missing",
    "profile.unreadable",
    "profile.stale",
    "profile.features",
    "profile.not-calibrated",
    "profile.thresholds-stale",
    "profile.strata-unknown",
  ],
  where: everywhere,
  reads: (facts) => readsOf(facts, ["features", "outputs", "training", "watch"], [profilePath]),
  notApplicable: (facts) =>
    facts.contract.level === "sketch" || facts.contract.data.training === undefined
      ? "There is no training data to profile."
      : undefined,
  run(facts) {
    if (facts.profile === undefined)
      return [finding("profile.missing", { message: `There is no ${profilePath}.` })];
    const profile = readProfile(facts.profile);
    if (!profile)
      return [
        finding("profile.unreadable", {
          file: profilePath,
          message: `${profilePath} is not what baton profile writes.`,
        }),
      ];
    const columns = columnFindings(facts, profile);
    return [
      ...staleFindings(facts, profile),
      ...columns,
      ...(columns.length > 0 ? [] : thresholdFindings(facts, profile)),
    ];
  },
};

type Readable = Pick<Profile, "reads" | "left_out" | "thresholds"> & {
  readonly features: { readonly cells: { readonly columns: readonly ColumnCells[] } };
  readonly outputs?: unknown;
};

function readProfile(text: string): Readable | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isProfile(value) ? value : undefined;
}

function isProfile(value: unknown): value is Readable {
  const profile = value as { format_version?: unknown; reads?: unknown } & Partial<Readable>;
  if (typeof value !== "object" || value === null || profile.format_version !== 1) return false;
  const columns: unknown = profile.features?.cells?.columns;
  const named = (column: unknown) =>
    typeof column === "object" && column !== null && typeof (column as ColumnCells).name === "string";
  return (
    Array.isArray(columns) &&
    columns.every(named) &&
    Array.isArray(profile.left_out) &&
    (profile.thresholds === undefined || areThresholds(profile.thresholds)) &&
    typeof profile.reads === "object" &&
    profile.reads !== null
  );
}

function areThresholds(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { budget, columns } = value as Partial<ThresholdTable>;
  const numbers = [budget?.alarms, budget?.windows];
  return numbers.every((number) => typeof number === "number") && Array.isArray(columns);
}

/** Files that are not here cannot contradict; features are compared one by one, not by digest. */
function staleFindings(facts: CheckFacts, profile: Readable): Finding[] {
  const changed = Object.entries(profile.reads)
    .filter(([name, digest]) => {
      const now = facts.current[name];
      return /^(data|content):/.test(name) && now !== undefined && now !== digest;
    })
    .map(([name]) => name.slice(name.indexOf(":") + 1));
  if (changed.length === 0) return [];
  return [
    finding("profile.stale", {
      file: profilePath,
      received: changed.join(", "),
      message: `${profilePath} was made of another ${changed.join(", ")}.`,
    }),
  ];
}

function columnFindings(facts: CheckFacts, profile: Readable): Finding[] {
  const cells = new Map(profile.features.cells.columns.map((column) => [column.name, column]));
  const known = new Set(facts.contract.features.map((feature) => feature.name));
  const wrong = facts.contract.features
    .filter((feature) => !profile.left_out.includes(feature.name))
    .map((feature) => ({ feature, why: differs(feature, cells.get(feature.name)) }))
    .filter(({ why }) => why !== undefined);
  const [first] = wrong;
  const extra = [...cells.keys()].filter((name) => !known.has(name));
  if (!first && extra.length === 0) return [];
  const words = [
    ...wrong.slice(0, 5).map(({ feature, why }) => `"${feature.name}" ${why}`),
    ...(wrong.length > 5 ? [`${wrong.length - 5} more differ`] : []),
    ...(extra.length > 0 ? [`${extra.slice(0, 5).join(", ")} is no feature`] : []),
  ];
  return [
    finding("profile.features", {
      ...(first ? placeOfFeature(facts, first.feature) : { file: profilePath }),
      message: `${profilePath} and the contract differ: ${words.join("; ")}.`,
    }),
  ];
}

function differs(feature: Feature, cells: ColumnCells | undefined): string | undefined {
  if (!cells) return "has no cells";
  if (cells.type !== feature.type) return `is ${cells.type} in it`;
  if (!feature.values) return undefined;
  if (cells.kind !== "categorical") return "has no cells for its values";
  const listed = new Set(feature.values);
  const same = listed.size === cells.values.length && cells.values.every((value) => listed.has(value));
  return same ? undefined : "has other values in it";
}
