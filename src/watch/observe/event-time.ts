/** Numbers below this are seconds since 1970, others milliseconds: as seconds it is the year 5138, as milliseconds 1973. */
const secondsEnd = 1e11;

/** Instants are of the years 0 to 9999, so that the window around one ends at an instant too. */
const firstInstant = Date.parse("0000-01-01T00:00:00Z");
const lastInstant = Date.parse("9999-12-31T23:59:59.999Z");

const dated = /^\d{4}-\d{2}-\d{2}/;
const zoned = /(Z|[+-]\d{2}:?\d{2})$/i;
const shortZone = /([+-]\d{2})$/;

/**
 * Milliseconds since 1970 of an event time as callers write it: ISO 8601 text (UTC where it names no zone), or seconds
 * or milliseconds since 1970, in the years 0 to 9999. Undefined for anything else.
 */
export function readEventTime(value: unknown): number | undefined {
  if (typeof value === "string") return fromText(value);
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  const number = Number(value);
  const ms = Math.abs(number) < secondsEnd ? number * 1000 : number;
  return isInstant(ms) ? Math.floor(ms) + 0 : undefined;
}

function fromText(text: string): number | undefined {
  if (text.length > 40 || !dated.test(text)) return undefined;
  const iso = text.replace(" ", "T");
  const time = iso.slice(10);
  const whole = shortZone.test(time) && !zoned.test(time) ? `${iso}:00` : iso;
  const ms = Date.parse(time === "" || zoned.test(whole.slice(10)) ? whole : `${whole}Z`);
  return isInstant(ms) ? ms : undefined;
}

const isInstant = (ms: number) => ms >= firstInstant && ms <= lastInstant;

/** Monday, 5 January 1970. */
const firstMonday = 4 * 86_400_000;
const week = 7 * 86_400_000;

/** Start of the window that an instant is in, UTC. Windows of whole weeks begin on Mondays. */
export function windowStart(ms: number, windowMs: number): number {
  const offset = windowMs % week === 0 ? firstMonday : 0;
  return Math.floor((ms - offset) / windowMs) * windowMs + offset;
}
