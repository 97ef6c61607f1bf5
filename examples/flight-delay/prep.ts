/** Preprocessing, written again by the engineers: a raw row in, the row of model inputs out. Missing is `null`. */
export default function prepare(raw: Record<string, unknown>): Record<string, unknown> {
  const year = integer(raw, "year");
  return {
    origin: text(raw, "origin"),
    carrier: text(raw, "carrier"),
    destination: text(raw, "dest"),
    distance: float32(optionalNumber(raw, "distance")),
    hour: Math.floor(integer(raw, "sched_dep_time") / 100),
    weekday: isoWeekday(year, integer(raw, "month"), integer(raw, "day")),
    temperature: float32(optionalNumber(raw, "temp")),
    wind_speed: float32(optionalNumber(raw, "wind_speed")),
    wind_gust: float32(optionalNumber(raw, "wind_gust")),
    precipitation: float32(optionalNumber(raw, "precip")),
    visibility: float32(optionalNumber(raw, "visib")),
    pressure: float32(optionalNumber(raw, "pressure")),
    plane_age: float32(minus(year, optionalNumber(raw, "manufactured"))),
    seats: float32(optionalNumber(raw, "seats")),
  };
}

function text(raw: Record<string, unknown>, name: string): string {
  const value = raw[name];
  if (typeof value !== "string") throw new TypeError(`${name}: expected a string, received ${typeof value}`);
  return value;
}

function integer(raw: Record<string, unknown>, name: string): number {
  const value = optionalNumber(raw, name);
  if (value === null || !Number.isSafeInteger(value))
    throw new TypeError(`${name}: expected an integer, received ${value}`);
  return value;
}

function optionalNumber(raw: Record<string, unknown>, name: string): number | null {
  const value = raw[name];
  if (value === null || value === undefined) return null;
  if (typeof value !== "number" && typeof value !== "bigint")
    throw new TypeError(`${name}: expected a number, received ${typeof value}`);
  return Number.isNaN(value) ? null : Number(value);
}

function minus(from: number, value: number | null): number | null {
  return value === null ? null : from - value;
}

function float32(value: number | null): number | null {
  return value === null ? null : Math.fround(value);
}

/** 1 is Monday, 7 is Sunday; the date is the local one, so no time zone is involved. */
function isoWeekday(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
}
