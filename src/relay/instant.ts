const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;
const dayForm = /^\d{4}-\d{2}-\d{2}$/;

/** Pattern of an instant exactly as `Date.prototype.toISOString` writes it. */
export const instantPattern = "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$";

/** Milliseconds in a day. */
export const dayMs = 86_400_000;

/** Milliseconds since 1970 of an RFC 3339 instant in UTC; undefined for anything else, 30 February included. */
export function instantOf(text: string): number | undefined {
  if (!instantForm.test(text)) return undefined;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text.slice(0, 19)) ? ms : undefined;
}

/** Like {@link instantOf}, and a bare day (`2026-01-31`) is its first, or its last, millisecond in UTC. */
export function dayOrInstantOf(text: string, edge: "start" | "end"): number | undefined {
  if (!dayForm.test(text)) return instantOf(text);
  const start = instantOf(`${text}T00:00:00.000Z`);
  return start === undefined || edge === "start" ? start : start + dayMs - 1;
}

/** An instant in the one form that entries use. */
export function instantText(ms: number): string {
  return new Date(ms).toISOString();
}
