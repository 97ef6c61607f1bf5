import type { Check } from "./check.ts";
import { bothTeams } from "./findings/places.ts";

/** The people file, as `relay` judged it: its codes are `people.…`. */
export const peopleCheck: Check = {
  name: "people.sane",
  title: "The people file can be relied on",
  codes: [],
  where: bothTeams,
  reads: () => ({}),
  notPossible: (facts) =>
    facts.people?.present
      ? undefined
      : "There is no .baton/people.yaml here or above: nobody's signature counts yet.",
  run: (facts) => facts.people?.findings ?? [],
};
