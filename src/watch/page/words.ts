const dayMs = 86_400_000;

/** A day, or a minute where windows are shorter than days; always UTC. */
export function instantText(ms: number, windowMs: number): string {
  const text = new Date(ms).toISOString();
  return windowMs % dayMs === 0 && ms % dayMs === 0 ? text.slice(0, 10) : text.slice(0, 16).replace("T", " ");
}

/** `12 %`, `3.4 %`, `0.05 %`: enough digits to tell it from nothing. */
export function shareText(share: number | undefined): string {
  if (share === undefined || !Number.isFinite(share)) return "–";
  const percent = 100 * share;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent < 0.01) return "< 0.01 %";
  return `${percent.toFixed(percent < 1 ? 2 : percent < 10 ? 1 : 0)} %`;
}

/** A distance or metric with the four digits that are packed; a dash where it cannot be told. */
export function figureText(value: number | null | undefined): string {
  if (value === undefined || value === null || !Number.isFinite(value)) return "–";
  return Math.abs(value) < 1000 ? value.toFixed(4) : String(Number(value.toPrecision(6)));
}

/** `193,743`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `temperature`: a clause without the kind that all of its neighbours share. */
export function columnName(clause: string): string {
  return clause.replace(/^(features|outputs)\./, "");
}

/** Control characters and marks that turn text round. */
const unseen = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text in which characters that cannot be seen are shown as what they are, `\u202e`: as on a terminal. */
export function seenText(text: string): string {
  return text.replace(unseen, (one) => `\\u${one.codePointAt(0)!.toString(16).padStart(4, "0")}`);
}
