import type { Finding } from "../../kernel/index.ts";

/** A finding about a clause, and the findings about the same clause that follow from it. */
const consequences: Readonly<Record<string, readonly string[]>> = {
  "model.input-renamed": ["data.column-missing", "golden.column-missing", "profile.features"],
  "model.input-absent": ["data.column-missing", "golden.column-missing", "profile.features"],
  "model.input-type": ["data.column-type", "data.value-type", "golden.column-type", "profile.features"],
  "model.input-shape": ["data.column-type", "golden.column-type"],
  "model.output-absent": ["golden.column-missing"],
  "data.column-missing": ["golden.column-missing"],
  "data.column-type": ["golden.column-type", "data.value-type", "profile.features"],
  "data.value-type": ["golden.column-type", "profile.features"],
  "data.missing-values": ["golden.row-rejected"],
  "data.out-of-range": ["golden.row-rejected", "data.outside-expected"],
  "data.unknown-category": ["golden.row-rejected", "profile.features"],
  "contract.label-is-feature": ["joint.label-copied", "joint.leak"],
  "contract.range-empty": ["data.out-of-range", "data.outside-expected", "golden.row-rejected"],
  "contract.expected-outside-range": ["data.outside-expected"],
  "joint.label-copied": ["joint.leak"],
};

/** Findings that follow from another one whatever the clause. */
const general: Readonly<Record<string, readonly string[]>> = {
  "digests.stale": ["profile.stale"],
  "model.other": ["data.column-missing", "golden.column-missing", "profile.features"],
  "model.input-undeclared": ["profile.features"],
  "model.missing": ["profile.stale"],
  "model.input-shape": ["profile.thresholds-stale"],
  "contract.label-is-feature": ["data.label-values", "data.label-one-class"],
  "contract.key-is-feature": ["data.key-not-unique", "joint.shared-rows"],
};

/**
 * One finding for each cause: of findings with the same code and clause (or place) the first stays and names the other
 * files; findings that only follow from another one go.
 */
export function oneForEachCause(findings: readonly Finding[]): Finding[] {
  const first = new Map<string, Finding>();
  for (const one of findings) {
    const key = JSON.stringify([one.code, one.clause ?? one.path ?? one.file ?? ""]);
    const before = first.get(key);
    first.set(key, before ? joined(before, one) : one);
  }
  const kept = [...first.values()];
  const gone = new Set<Finding>();
  for (const cause of kept) {
    const byClause = consequences[cause.code] ?? [];
    const anyClause = general[cause.code] ?? [];
    for (const other of kept) {
      if (anyClause.includes(other.code)) gone.add(other);
      if (cause.clause !== undefined && other.clause === cause.clause && byClause.includes(other.code))
        gone.add(other);
    }
  }
  return kept.filter((finding) => !gone.has(finding));
}

const longestMessage = 1000;

function joined(first: Finding, other: Finding): Finding {
  if (first.message.includes(other.message)) return first;
  return { ...first, message: `${first.message} ${other.message}`.slice(0, longestMessage) };
}
