import type { ErrorObject } from "ajv/dist/2020.js";
import { nearest } from "../nearest.ts";

/**
 * One error for one mistake, of all that a schema guard (`everyError`) has against written data: of alternatives only the one
 * that was meant speaks, and a key that is missing because it is misspelt beside it is not missing too.
 */
export function meantErrors(errors: readonly ErrorObject[]): ErrorObject[] {
  return settleMisspellings(settleAlternatives(errors));
}

/** Replaces the errors of all branches of each union by those of one branch, or by one error on the union. */
function settleAlternatives(errors: readonly ErrorObject[]): ErrorObject[] {
  let rest = [...errors];
  // Inner unions come before outer ones in ajv's list.
  for (const union of errors.filter((error) => error.keyword === "anyOf")) {
    const inside = (error: ErrorObject) => error.schemaPath.startsWith(`${union.schemaPath}/`);
    const mine = (error: ErrorObject) =>
      inside(error) &&
      (error.instancePath === union.instancePath || error.instancePath.startsWith(`${union.instancePath}/`));
    const branches = new Map<string, ErrorObject[]>();
    for (const error of rest.filter(mine)) {
      const branch = branchOf(error, union);
      branches.set(branch, [...(branches.get(branch) ?? []), error]);
    }
    const total = (union.schema as unknown[]).length;
    const meant = total === branches.size ? meantBranch([...branches.values()], union) : undefined;
    rest = rest.filter((error) => error !== union && !mine(error)).concat(meant ?? [union]);
  }
  return rest;
}

/** A key that is missing because it is misspelt next to it is one mistake. */
function settleMisspellings(errors: readonly ErrorObject[]): ErrorObject[] {
  const strangers = errors.filter((error) => error.keyword === "additionalProperties");
  return errors.filter(
    (error) =>
      error.keyword !== "required" ||
      !strangers.some(
        (stranger) =>
          stranger.instancePath === error.instancePath &&
          nearest(String(stranger.params.additionalProperty), [String(error.params.missingProperty)]).length >
            0,
      ),
  );
}

function branchOf(error: ErrorObject, union: ErrorObject): string {
  return error.schemaPath.slice(union.schemaPath.length + 1).split("/", 1)[0] as string;
}

/** The branch whose own type fits; of several, the one that recognises most keys; none where all types differ. */
function meantBranch(branches: readonly ErrorObject[][], union: ErrorObject): ErrorObject[] | undefined {
  const fitting = branches.filter(
    (errors) =>
      !errors.some(
        (error) =>
          error.instancePath === union.instancePath &&
          (error.keyword === "type" || error.keyword === "const" || error.keyword === "anyOf"),
      ),
  );
  const strangers = (errors: ErrorObject[]) =>
    errors.filter((error) => error.keyword === "additionalProperties" || error.keyword === "required").length;
  return fitting.sort((a, b) => strangers(a) - strangers(b) || a.length - b.length)[0];
}
