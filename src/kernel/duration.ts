import { BatonError } from "./errors.ts";

const milliseconds = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const form = /^(\d+(?:\.\d+)?)(ms|s|min|h|d|w)$/;

/** The written form of a duration: a number and one of ms, s, min, h, d, w (`50ms`, `10d`). */
export const durationPattern = "^\\d+(\\.\\d+)?(ms|s|min|h|d|w)$";

/** Milliseconds of a written duration such as `50ms` or `7d`. @throws BatonError `usage` */
export function parseDuration(text: string): number {
  const match = form.exec(text);
  if (!match)
    throw new BatonError("usage", `"${text}" is not a duration.`, {
      next: "Write a number and a unit: 50ms, 30s, 5min, 2h, 7d, 4w.",
    });
  return Number(match[1]) * milliseconds[match[2] as keyof typeof milliseconds];
}

/** Milliseconds as people read them: `0.4 ms`, `12 ms`, `3.2 s`. */
export function formatMilliseconds(ms: number): string {
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(1)} s`;
}
