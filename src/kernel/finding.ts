import type { Position } from "./errors.ts";

/** `blocking` stops an offer and fails a gate; `warning` is shown and counted; `note` informs. */
export type Severity = "blocking" | "warning" | "note";

/** Every judgement in the system is a list of these. */
export interface Finding extends Position {
  /** Dotted code, one page each in docs/reference/findings.md. */
  readonly code: string;
  readonly severity: Severity;
  /** Id of the clause it judges, such as `features.wind_speed`. */
  readonly clause?: string;
  /** Where in the contract, request or data: `features[3].range`, `records[0].carrier`. */
  readonly path?: string;
  readonly expected?: string;
  readonly received?: string;
  /** One sentence: what is wrong, with the names and numbers. */
  readonly message: string;
  /** One imperative sentence: what to do about it. */
  readonly next: string;
}

/** Where a check can run: training data, say, is with the builder and not in the baton. */
export type Place = "builder" | "acceptor" | "server";

/** The page of one finding code: the same text feeds `docs/reference/` and `baton explain CODE`. */
export interface FindingKind {
  readonly title: string;
  readonly what: string;
  readonly why: string;
  readonly mend: string;
  readonly severity: Severity;
  readonly where: readonly Place[];
}

/** Finding codes of one stage, by code. */
export type FindingCatalogue = Readonly<Record<string, FindingKind>>;

/** What a caller says about one occurrence; code and severity come from the catalogue. */
export type FindingDetail = Omit<Finding, "code" | "severity" | "next"> & {
  readonly severity?: Severity;
  readonly next?: string;
};

/**
 * Binds a catalogue to a maker of findings, so that a code without a page does not compile.
 * The page's `mend` is the next step where the caller gives none.
 */
export function findingMaker<Catalogue extends FindingCatalogue>(catalogue: Catalogue) {
  return (code: keyof Catalogue & string, detail: FindingDetail): Finding => {
    const kind = catalogue[code] as FindingKind;
    return { code, severity: kind.severity, next: kind.mend, ...dropUndefined(detail) };
  };
}

function dropUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}

/** True when any finding is blocking. */
export function blocks(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "blocking");
}

const weight: Record<Severity, number> = { blocking: 0, warning: 1, note: 2 };

/** Worst first; then by file, line and code, so that the order never depends on the order of checking. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      weight[a.severity] - weight[b.severity] ||
      (a.file ?? "").localeCompare(b.file ?? "") ||
      (a.line ?? 0) - (b.line ?? 0) ||
      a.code.localeCompare(b.code) ||
      (a.path ?? "").localeCompare(b.path ?? ""),
  );
}
