import type { Check } from "./check.ts";
import { finding } from "./checks-findings.ts";
import { bothTeams } from "./findings/places.ts";

/** The people file, as `relay` judged it. */
export const peopleCheck: Check = {
  name: "people.sane",
  title: "The people file can be relied on",
  codes: ["people.missing"],
  where: bothTeams,
  reads: () => ({}),
  notApplicable: (facts) => (facts.people ? undefined : "No people file was looked for."),
  run(facts) {
    if (!facts.people) return [];
    if (facts.people.present) return facts.people.findings;
    return [finding("people.missing", { message: "There is no .baton/people.yaml above this folder." })];
  },
};
