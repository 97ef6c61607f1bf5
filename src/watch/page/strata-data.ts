import { isCalendarCycle } from "../../contract/index.ts";
import type { Profile } from "../../profile/index.ts";
import { calendars } from "../strata/calendar.ts";
import { strataNames } from "../strata/window-strata.ts";
import type { StrataData } from "./page-data.ts";

/** What windows that begin at these instants are compared with; undefined where it is the whole reference. */
export function strataData(
  starts: readonly number[],
  profile: Pick<Profile, "thresholds" | "features">,
): StrataData | undefined {
  const strata = strataNames(profile);
  if (!strata || !isCalendarCycle(strata.by)) return strata;
  const calendar = calendars[strata.by];
  return { ...strata, of: starts.map((ms) => strata.names.indexOf(calendar.names[calendar.at(ms)]!)) };
}
