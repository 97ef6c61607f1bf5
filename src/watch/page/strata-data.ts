import { isCalendarCycle } from "../../contract/index.ts";
import type { Profile, Strata } from "../../profile/index.ts";
import { calendars } from "../strata/calendar.ts";
import { stratumName } from "../strata/window-strata.ts";
import type { StrataData } from "./page-data.ts";

/** What windows that begin at these instants are compared with. */
export function strataData(
  strata: Strata,
  starts: readonly number[],
  profile: Pick<Profile, "features">,
): StrataData {
  const { by, known } = strata;
  const names = known.map(({ at }) => stratumName(strata, at, profile));
  if (!isCalendarCycle(by)) return { by, names };
  const places = known.map(({ at }) => at);
  return { by, names, of: starts.map((ms) => places.indexOf(calendars[by].at(ms))) };
}
