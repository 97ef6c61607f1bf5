import { expect, it } from "vitest";
import type { Session } from "./session.ts";
import { fittingTable } from "./text-table.ts";

const head = ["clause", "owner", "missing", "new"];
const rows = [["features.\u001b[31mred\u001b[39m", "builds", "83 % (0 %)", "0 %"]];
const drawn = (width: number) =>
  fittingTable({ width, color: false } as Session, head, rows, ["new", "missing"]);

it("shows every column where there is room, and says nothing", () => {
  expect(drawn(37).split("\n")).toEqual([
    "clause        owner   missing     new",
    "features.\u001b[31mred\u001b[39m  builds  83 % (0 %)  0 %",
    "",
  ]);
});

it("leaves out what there is no room for, the dearest last, and names it", () => {
  expect(drawn(36)).toMatch(/^clause +owner +new\n[^\n]+\nNo room here for: missing\. All is in --json\.\n$/);
  expect(drawn(10)).toMatch(/^clause +owner\n[^\n]+\nNo room here for: missing, new\. /);
});
