import { expect, it } from "vitest";
import type { Contract } from "../contract/index.ts";
import { alarmBudget } from "./alarm-budget.ts";

const budgetOf = (falseAlarms: string, window: string) =>
  alarmBudget({ watch: { window, falseAlarms, keepRows: 0 } } as Contract);

it("counts the windows in which false alarms are allowed", () => {
  expect(budgetOf("1 per 90d", "1d")).toEqual({ alarms: 1, windows: 90 });
  expect(budgetOf("2 per 4w", "6h")).toEqual({ alarms: 2, windows: 112 });
  expect(budgetOf("0 per 90d", "1d")).toBeUndefined();
  expect(budgetOf("1 per 0d", "1d")).toBeUndefined();
  expect(alarmBudget({} as Contract)).toBeUndefined();
});
