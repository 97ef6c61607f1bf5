import type { ExpressionType } from "./expression.ts";

/** One name that rules on errors may use. */
export interface ErrorDefinition {
  readonly name: string;
  readonly type: ExpressionType;
  readonly meaning: string;
}

/** What is known of a group of errors when the contract's rules look at it. */
export const errorDefinitions: readonly ErrorDefinition[] = [
  { name: "group.class", type: "string", meaning: "Class that it was given: `contract.category`." },
  { name: "group.clause", type: "string", meaning: "Clause that it is told of: `features.carrier`." },
  {
    name: "group.code",
    type: "string",
    meaning: "Code of what was rejected, such as `input.category`; empty where nothing was.",
  },
  { name: "group.owner", type: "string", meaning: "Role that is to act." },
  { name: "group.severity", type: "string", meaning: "`blocking`, `warning` or `note`." },
  { name: "group.rate", type: "double", meaning: "Share of the rows of its windows, 0 to 1." },
  { name: "group.rows", type: "int", meaning: "Rows with it." },
  { name: "group.windows", type: "int", meaning: "Windows with it." },
];
