import { describe, expect, it } from "vitest";
import { readEventTime, windowStart } from "./event-time.ts";

const noon = Date.UTC(2013, 5, 1, 12);

describe("event times", () => {
  it.each([
    ["2013-06-01T12:00:00Z", noon],
    ["2013-06-01T12:00:00", noon],
    ["2013-06-01 12:00:00", noon],
    ["2013-06-01 12:00:00+00", noon],
    ["2013-06-01T14:00:00+02:00", noon],
    ["2013-06-01 07:00:00-05", noon],
    ["2013-06-01", Date.UTC(2013, 5, 1)],
    [noon, noon],
    [noon / 1000, noon],
    [BigInt(noon), noon],
  ])("are read from %s", (written, ms) => expect(readEventTime(written)).toBe(ms));

  it.each([
    undefined,
    null,
    "",
    "soon",
    "5",
    "2013-13-45",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
    8.64e15,
    -8.64e15,
    "+275760-09-13",
    true,
    {},
    `2013-06-01${" ".repeat(100)}`,
  ])("are not read from %s", (written) => expect(readEventTime(written)).toBeUndefined());
});

describe("windows", () => {
  const day = 86_400_000;
  it("of days begin at midnight UTC, before 1970 too", () => {
    expect(windowStart(noon, day)).toBe(Date.UTC(2013, 5, 1));
    expect(windowStart(-1, day)).toBe(-day);
  });
  it("of weeks begin on Monday", () => {
    const start = new Date(windowStart(noon, 7 * day));
    expect([start.getUTCDay(), start.toISOString()]).toEqual([1, "2013-05-27T00:00:00.000Z"]);
  });
});
