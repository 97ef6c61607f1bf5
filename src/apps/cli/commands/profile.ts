import type { Command } from "commander";
import { BatonError } from "../../../kernel/index.ts";
import { describeProfile, type TableProfile } from "../../../profile/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { withHandoff } from "../handoff.ts";
import { profileHandoff } from "../run-profile.ts";
import type { Session } from "../session.ts";
import { textTable } from "../text-table.ts";

/** `baton profile [FOLDER]`: what the training data looks like, as counters on fixed cells. */
export function addProfile(program: Command, cli: Cli): void {
  declare(
    program,
    "profile [folder]",
    "what the training data looks like: exact quantile cells and integer counters",
    "Writes profile.json (the same bytes for the same data) and baton.lock (digests, opsets, versions). Both are handed over;\n" +
      "the training data is not.",
  ).action((folder: string | undefined, options: CommonOptions) =>
    perform(cli, "profile", options, (session) =>
      withHandoff(session, folder, async (handoff) => {
        if (handoff.sealed)
          throw new BatonError("usage", `${handoff.shown} is sealed.`, { next: "Name a hand-off folder." });
        const profile = await profileHandoff(session, handoff);
        const sensitive = new Set(
          handoff.contract.features.filter((feature) => feature.sensitive).map(({ name }) => name),
        );
        const tables = [profile.features, profile.label, profile.outputs].filter(
          (part) => part !== undefined,
        );
        return {
          passed: true,
          text: `${descriptions(session, tables, sensitive)}\nprofile.json, baton.lock\n`,
          data: {
            rows: profile.features.counters.rows,
            columns: tables.flatMap((table) => describeProfile(table, sensitive)),
          },
          hint: "Next: baton test.",
        };
      }),
    ),
  );
}

function descriptions(
  session: Session,
  tables: readonly TableProfile[],
  sensitive: ReadonlySet<string>,
): string {
  const rows = tables
    .flatMap((table) => describeProfile(table, sensitive))
    .map((c) => [c.name, c.type, c.missing, c.min, c.median, c.max, c.histogram, c.top]);
  return textTable(session, ["column", "type", "missing", "min", "median", "max", "", "most frequent"], rows);
}
