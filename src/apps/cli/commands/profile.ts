import type { Command } from "commander";
import { BatonError } from "../../../kernel/index.ts";
import { describeProfile, type TableProfile } from "../../../profile/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { withHandoff } from "../handoff.ts";
import { profileHandoff } from "../run-profile.ts";
import type { Session } from "../session.ts";
import { textTable } from "../text-table.ts";

interface ProfileOptions extends CommonOptions {
  readonly calibrate: boolean;
}

/** `baton profile [FOLDER]`: what the training data looks like, as counters on fixed cells. */
export function addProfile(program: Command, cli: Cli): void {
  declare(
    program,
    "profile [folder]",
    "what the training data looks like: exact quantile cells and integer counters",
    "Writes profile.json (the same bytes for the same data) and baton.lock (digests, opsets, versions). Both are handed over;\n" +
      "the training data is not. Where the contract has watch.false-alarms, drift thresholds are calibrated to it: streams are\n" +
      "played that are resampled from the training data, in the order of watch.time, until alarms without drift are as rare.",
  )
    .option(
      "--no-calibrate",
      "leave out drift thresholds: then baton watch shows drift and does not judge it",
    )
    .action((folder: string | undefined, options: ProfileOptions) =>
      perform(cli, "profile", options, (session) =>
        withHandoff(session, folder, async (handoff) => {
          if (handoff.sealed)
            throw new BatonError("usage", `${handoff.shown} is sealed.`, { next: "Name a hand-off folder." });
          const profile = await profileHandoff(session, handoff, options.calibrate);
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
