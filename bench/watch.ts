/**
 * What watching costs: judging a window, adding up the files of many replicas, a new day on many, and all of `baton watch` on ten million
 * predictions with labels; each against a baseline in the same run. Run: npm run bench:watch [-- judge merge day all]
 */
import { benchJudge } from "./watch/judge-window.ts";
import { benchMerge } from "./watch/merge-files.ts";
import { benchNewDay } from "./watch/new-day.ts";
import { benchWatch } from "./watch/ten-million.ts";

const parts: Readonly<Record<string, () => boolean | Promise<boolean>>> = {
  judge: () => benchJudge(),
  merge: () => benchMerge(),
  day: () => benchNewDay(),
  all: () => benchWatch(),
};
const asked = process.argv.slice(2);
for (const [name, measure] of Object.entries(parts))
  if ((asked.length === 0 || asked.includes(name)) && !(await measure())) process.exitCode = 1;
