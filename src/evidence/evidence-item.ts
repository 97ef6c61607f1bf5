import { type Finding, messageOf, type Outcome } from "../kernel/index.ts";
import type { EvidenceItem, Reads } from "./evidence.ts";

/** What a test says about one clause, before it is known what it read. */
export type Judgement = Omit<EvidenceItem, "reads" | "findings"> & { readonly findings?: readonly Finding[] };

/** Findings that one item keeps; the numbers count all. */
export const keptFindings = 5;

const longestText = 2000;

/** Binds a judgement to what was read; numbers that JSON cannot say are left out, long texts cut. */
export function itemOf(judgement: Judgement, reads: Reads): EvidenceItem {
  const { measured, reason, slices } = judgement;
  return {
    ...judgement,
    message: cut(judgement.message),
    ...(reason !== undefined && { reason: cut(reason) }),
    ...(measured && { measured: finite(measured) }),
    ...(slices && { slices: slices.map((slice) => ({ ...slice, measured: finite(slice.measured) })) }),
    findings: (judgement.findings ?? []).slice(0, keptFindings),
    reads,
  };
}

/** A test that could not be judged, and why. */
export function notRun(clause: string, test: string, reason: string): Judgement {
  return { clause, test, outcome: "not-run", reason, message: `${clause} was not judged.` };
}

/** A test that does not concern this hand-off, for a reason that the program computed. */
export function notApplicable(clause: string, test: string, reason: string): Judgement {
  return { clause, test, outcome: "not-applicable", reason, message: `${clause} does not apply here.` };
}

/** Runs a test; whatever it throws makes it not-run, with the message as the reason. */
export async function guarded(
  clause: string,
  test: string,
  judge: () => Judgement | Promise<Judgement>,
): Promise<Judgement> {
  try {
    return await judge();
  } catch (thrown) {
    return notRun(clause, test, `it could not be run: ${messageOf(thrown)}`);
  }
}

/** `pass` or `fail`. */
export function passIf(holds: boolean): Outcome {
  return holds ? "pass" : "fail";
}

/** A number with six significant digits, without trailing zeros. */
export function shownNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** `1 row`, `28,128 rows`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

function finite(numbers: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}
