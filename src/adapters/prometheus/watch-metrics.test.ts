import { describe, expect, it } from "vitest";
import { largeWatch } from "../../../test/support/large-watch.ts";
import { watchMetrics } from "./watch-metrics.ts";

const label = String.raw`[a-z_]+="(?:[^"\\\n]|\\[\\n"])*"`;
const line = new RegExp(
  String.raw`^(?:# HELP baton_watch_\w+ .+|# TYPE baton_watch_\w+ gauge|baton_watch_\w+(?:\{${label}(?:,${label})*\})? -?[0-9.e+-]+)$`,
);

async function exposed(word?: (place: string) => string): Promise<string[]> {
  const { contract, report, findings, atMs } = largeWatch({
    features: 6,
    windows: 12,
    ...(word && { word }),
  });
  const { name, version } = contract.model;
  const text = await watchMetrics({
    model: name,
    version,
    digest: "0".repeat(64),
    report,
    findings,
    passed: false,
    atMs,
  });
  expect(text.endsWith("\n")).toBe(true);
  return text.split("\n").filter((one) => one !== "");
}

describe("metrics", () => {
  it("are lines of the text format, whatever names hold", async () => {
    for (const one of await exposed((place) => `${place} "x"\\\n} evil 1\n# TYPE a counter`))
      expect(one).toMatch(line);
  });

  it("declare each name once, before its samples", async () => {
    const lines = await exposed();
    const declared = lines.filter((one) => one.startsWith("# TYPE")).map((one) => one.split(" ")[2]!);
    expect(new Set(declared).size).toBe(declared.length);
    let current = "";
    for (const one of lines)
      if (one.startsWith("#")) current = one.split(" ")[2]!;
      else expect(one.split(/[{ ]/)[0]).toBe(current);
  });

  it("name columns, never windows or rows: their number is bounded by the contract", async () => {
    const lines = (await exposed()).filter((one) => !one.startsWith("#"));
    expect(lines.filter((one) => one.startsWith("baton_watch_column_distance{"))).toHaveLength(7);
    expect(lines.length).toBeLessThan(3 * 7 + 50);
  });

  it("say the newest mature performance, and nothing of what is unknown", async () => {
    const lines = await exposed();
    expect(lines.filter((one) => one.startsWith('baton_watch_performance{metric="roc_auc"'))).toHaveLength(1);
    expect(lines.some((one) => one.includes("NaN"))).toBe(false);
    expect(lines).toContain('baton_watch_passed{model="model",version="1.0.0"} 0');
  });
});
