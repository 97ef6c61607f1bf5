/**
 * What watching costs: judging a window, and adding up the files of many replicas; each against a baseline in the same
 * run. Run: npx tsx bench/watch.ts [judge] [merge]
 */
import { benchJudge } from "./watch/judge-window.ts";
import { benchMerge } from "./watch/merge-files.ts";

const parts: Readonly<Record<string, () => boolean | Promise<boolean>>> = {
  judge: () => benchJudge(),
  merge: () => benchMerge(),
};
const asked = process.argv.slice(2);
for (const [name, measure] of Object.entries(parts))
  if ((asked.length === 0 || asked.includes(name)) && !(await measure())) process.exitCode = 1;
