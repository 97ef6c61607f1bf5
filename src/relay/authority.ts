import type { RelayAction } from "./entry-schema.ts";
import type { Person } from "./people.ts";

/** `any` is every role; `not-builds` every role but the one that offers; otherwise the roles by name. */
const authority: Record<RelayAction, "any" | "not-builds" | readonly string[]> = {
  offer: ["builds"],
  accept: "not-builds",
  return: "not-builds",
  waive: "any",
  deploy: ["runs"],
  rollback: ["on-call", "runs"],
  countersign: ["builds", "runs", "risk"],
  recall: ["builds", "runs", "risk", "on-call"],
  retire: ["builds", "runs"],
  resolve: "any",
  observe: "any",
  request: "any",
  review: ["builds", "runs"],
};

const serviceActions: readonly RelayAction[] = ["observe", "request"];

/** May somebody in this role do this? The clause, the state and the fork have their own say after it. */
export function roleMay(action: RelayAction, role: string): boolean {
  const allowed = authority[action];
  if (allowed === "any") return true;
  return allowed === "not-builds" ? role !== "builds" : allowed.includes(role);
}

/** A service observes and requests; everything else is answered for by a person. */
export function serviceMay(action: RelayAction): boolean {
  return serviceActions.includes(action);
}

/** Roles of a person in which they may do this, in the order of the table, then of the people file. */
export function rolesFor(action: RelayAction, person: Person): string[] {
  if (person.service && !serviceMay(action)) return [];
  const allowed = authority[action];
  const order = typeof allowed === "string" ? ["runs"] : allowed;
  const rank = (role: string) => (order.includes(role) ? order.indexOf(role) : order.length);
  return person.roles.filter((role) => roleMay(action, role)).sort((a, b) => rank(a) - rank(b));
}

/** The roles that may do this, as words. */
export function authorityText(action: RelayAction): string {
  const allowed = authority[action];
  if (allowed === "any") return "any role";
  return allowed === "not-builds" ? "any role but builds" : allowed.join(", ");
}
