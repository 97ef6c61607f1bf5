/** A change of unit: value in `to` = value in `from` · factor + offset. */
export interface UnitConversion {
  readonly from: string;
  readonly to: string;
  readonly factor: number;
  readonly offset: number;
}

/*
 * Exact factors: NIST Special Publication 811, appendix B.8. Pairs that differ by less than a half (mile and nautical
 * mile, mph and knot, hPa and mmHg) are left out: from the values alone they cannot be told from drift.
 */
const pairs: readonly (readonly [from: string, to: string, factor: number, offset?: number])[] = [
  ["degC", "degF", 1.8, 32],
  ["K", "degC", 1, -273.15],
  ["K", "degF", 1.8, -459.67],
  ["ft", "m", 0.3048],
  ["mile", "km", 1.609344],
  ["nmi", "km", 1.852],
  ["mile", "m", 1609.344],
  ["km", "m", 1000],
  ["m", "cm", 100],
  ["m", "mm", 1000],
  ["cm", "mm", 10],
  ["inch", "cm", 2.54],
  ["inch", "mm", 25.4],
  ["ft", "inch", 12],
  ["m/s", "km/h", 3.6],
  ["mph", "km/h", 1.609344],
  ["m/s", "mph", 3600 / 1609.344],
  ["kn", "km/h", 1.852],
  ["m/s", "kn", 3600 / 1852],
  ["ft/s", "m/s", 0.3048],
  ["lb", "kg", 0.45359237],
  ["kg", "g", 1000],
  ["g", "mg", 1000],
  ["t", "kg", 1000],
  ["oz", "g", 28.349523125],
  ["L", "mL", 1000],
  ["gal", "L", 3.785411784],
  ["s", "ms", 1000],
  ["ms", "us", 1000],
  ["min", "s", 60],
  ["hour", "min", 60],
  ["hour", "s", 3600],
  ["day", "hour", 24],
  ["week", "day", 7],
  ["year", "month", 12],
  ["year", "day", 365.25],
  ["inHg", "hPa", 33.86389],
  ["kPa", "hPa", 10],
  ["hPa", "Pa", 100],
  ["psi", "kPa", 6.894757],
  ["kWh", "MJ", 3.6],
  ["kWh", "Wh", 1000],
  ["kW", "W", 1000],
  ["rad", "deg", 180 / Math.PI],
  ["share", "percent", 100],
  ["1", "thousands", 0.001],
  ["unit of currency", "cent", 100],
];

/** Every conversion that is known, in both directions. */
export const unitConversions: readonly UnitConversion[] = pairs.flatMap(([from, to, factor, offset = 0]) => [
  { from, to, factor, offset },
  { from: to, to: from, factor: 1 / factor, offset: -offset / factor },
]);

/** Other spellings of the units above. */
const spellings: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    unitConversions.flatMap(({ from }) => [[from, from] as const, [from.toLowerCase(), from] as const]),
  ),
  ...{ "°c": "degC", celsius: "degC", "deg c": "degC", "°f": "degF", fahrenheit: "degF", "deg f": "degF" },
  ...{ kelvin: "K", feet: "ft", foot: "ft", metre: "m", meter: "m", miles: "mile", mi: "mile" },
  ...{ kilometre: "km", kilometer: "km", in: "inch", inches: "inch", millimetre: "mm", millimeter: "mm" },
  ...{ "m.s-1": "m/s", mps: "m/s", "km/hr": "km/h", kmh: "km/h", kph: "km/h", knot: "kn", knots: "kn" },
  ...{ kt: "kn", pound: "lb", lbs: "lb", kilogram: "kg", gram: "g", litre: "L", liter: "L", l: "L" },
  ...{ second: "s", seconds: "s", sec: "s", millisecond: "ms", milliseconds: "ms", minute: "min" },
  ...{ minutes: "min", hours: "hour", h: "hour", hr: "hour", days: "day", d: "day", years: "year" },
  ...{ yr: "year", months: "month", weeks: "week", millibar: "hPa", mbar: "hPa", mb: "hPa" },
  ...{ "%": "percent", "": "1" },
  ...{ usd: "unit of currency", eur: "unit of currency", gbp: "unit of currency" },
};

/** Shares and counts are written without a unit. */
const without: ReadonlySet<string> = new Set(["1", "share"]);

/** Changes from a unit as a contract writes it; every one where it writes none, or one that is not known. */
export function conversionsFrom(unit: string | undefined): readonly UnitConversion[] {
  const name =
    unit === undefined ? undefined : (spellings[unit.trim()] ?? spellings[unit.trim().toLowerCase()]);
  if (name === undefined) return unitConversions;
  const fits = (from: string) => from === name || (without.has(name) && without.has(from));
  return unitConversions.filter(({ from }) => fits(from));
}

/** A conversion as people write it: `× 1.8 + 32`. */
export function conversionText({ factor, offset }: UnitConversion): string {
  const number = (value: number) => String(Number(value.toPrecision(5)));
  const shift = offset === 0 ? "" : ` ${offset < 0 ? "−" : "+"} ${number(Math.abs(offset))}`;
  return factor === 1 ? shift.trim() : `× ${number(factor)}${shift}`;
}
