import { markdownCode as code, markdownTable as table, markdownText as text } from "../../kernel/index.ts";
import type { MlTestScore, ScoreLine } from "./score/ml-test-score.ts";

/** The score as Markdown: each point with what it rests on, each missing one with what would show it. */
export function scorePage({ score, sections }: MlTestScore, level: number): string {
  const title = "#".repeat(level);
  const summary = sections.map(({ name, points }) => `${name} ${points}`).join(", ");
  const parts = sections.map(
    ({ name, points, tests }) =>
      `${title}# ${name}: ${points} of ${tests.length}\n\n${table(
        ["test", "points", "rests on", "for more"],
        tests.map(line),
      )}`,
  );
  return `${title} ML Test Score: ${score}\n\nThe smallest of four sections (${summary}). Half a point for what was done and recorded, a whole one for what happens by itself each time.\n\n${parts.join("\n")}`;
}

function line({ title, points, why, shown, wouldShow }: ScoreLine): string[] {
  const rests = shown.map(
    ({ id, shows }) => `${code(/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id)} ${text(shows)}`,
  );
  return [text(title), String(points), [text(why), ...rests].join("; "), wouldShow ? text(wouldShow) : ""];
}
