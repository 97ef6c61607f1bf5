import type { RelayEntry } from "../entry-schema.ts";
import { dayOrInstantOf, instantOf } from "../instant.ts";

/** What a well-formed review contradicts in itself, as one clause of a sentence; undefined where it is no review. */
export function reviewProblem({ review, at }: RelayEntry): string | undefined {
  if (!review) return undefined;
  const { material, decision, actions = [], closes } = review;
  if ((material === undefined) !== (decision === undefined))
    return "decides without naming what was looked at, or the other way round";
  if (!material && !closes) return "is a review that neither decides nor closes anything";
  if (!material && actions.length > 0) return "asks for actions without naming what was looked at";
  const collected = material && instantOf(material.collected);
  if (material && collected === undefined) return "names a time of collection that does not exist";
  if (collected !== undefined && collected > Date.parse(at))
    return "was signed before what it looked at was collected";
  if (actions.some(({ due }) => dayOrInstantOf(due, "end") === undefined))
    return "has an action that is due on a day that does not exist";
  if (new Set(actions.map(({ id }) => id)).size < actions.length) return "gives two actions one id";
  return undefined;
}
