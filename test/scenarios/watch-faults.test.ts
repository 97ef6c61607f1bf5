import { afterAll, beforeAll, expect, test } from "vitest";
import { type FaultBench, faultBench } from "../support/fault-bench.ts";
import { replaced, stationaryDays, withFault } from "../support/feed-faults.ts";

/* One of each: what test/long/faults.test.ts and held-out-faults.test.ts look at in full. */

let bench: FaultBench;

beforeAll(async () => {
  bench = await faultBench("examples/flight-delay");
});
afterAll(() => bench.remove());

test("three weeks with a change of unit and a distance that cannot be are told as two faults, each once and to its owner", async () => {
  const days = stationaryDays("examples/flight-delay/data/training.parquet", { rows: 9000, days: 21 });
  const select = replaced({
    wind_speed: "(wind_speed * 1.609344)::FLOAT",
    distance: "CASE WHEN hash(flight_id, 3) % 25 = 0 THEN 20000 ELSE distance END",
  });
  const folder = await bench.observe("faults", withFault({ select }, days, "2014-01-15"));
  const groups = await bench.groupsOf(folder);
  expect(
    groups.map(({ class: name, clause, owner, first }) => [name, clause, owner, first.slice(0, 10)]),
  ).toEqual([
    ["upstream.unit-change", "features.wind_speed", "builds", "2014-01-15"],
    ["contract.range", "features.distance", "builds", "2014-01-15"],
  ]);
  expect(groups[0]!.message).toContain("in km/h and not in mph");
  expect(groups[0]!.consequences).toContain("contract.rule rules.gust-above-wind");
  expect(groups[1]!.samples).toEqual(["20000"]);
});
