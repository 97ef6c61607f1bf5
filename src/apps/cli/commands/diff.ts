import type { Command } from "commander";
import { type ContractChange, diffContracts } from "../../../contract/index.ts";
import { blocks } from "../../../kernel/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { type ReadyHandoff, withHandoff } from "../handoff.ts";
import { paint, type Session } from "../session.ts";
import { textTable } from "../text-table.ts";
import { shorten } from "./clauses.ts";

/** `baton diff OLD NEW`: what changed, for whom, and the version it needs. */
export function addDiff(program: Command, cli: Cli): void {
  declare(
    program,
    "diff <old> <new>",
    "what changed between two contracts, for whom, and the version it needs",
    "Breaking: callers must change. Acceptance: the owner of the clause agrees anew. Editorial: nothing that is promised changed.\n" +
      "Takes folders and .baton files. Exit code 1 when the new version is too low for what changed.",
  ).action((before: string, after: string, options: CommonOptions) =>
    perform(cli, "diff", options, (session) =>
      withHandoff(session, before, (old) =>
        withHandoff(session, after, async (now) => {
          const { changes, requires, nextVersion, findings } = diffContracts(old.contract, now.contract, {
            old: digests(old),
            new: digests(now),
          });
          const versions = `${old.contract.model.version} → ${now.contract.model.version}`;
          return {
            passed: !blocks(findings),
            text: changes.length
              ? `${old.contract.model.name} ${versions}: needs a ${requires} version, ${nextVersion} or later\n\n${changeTable(session, changes)}`
              : `${old.contract.model.name} ${versions}: the contracts say the same.\n`,
            findings,
            data: {
              from: old.contract.model.version,
              to: now.contract.model.version,
              requires,
              next_version: nextVersion,
              changes,
            },
          };
        }),
      ),
    ),
  );
}

/** Only content is compared: training data stays with the builder and is in no baton. */
function digests({ manifest }: ReadyHandoff): ReadonlyMap<string, string> {
  return new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
}

function changeTable(session: Session, changes: readonly ContractChange[]): string {
  const styles = { breaking: "red", acceptance: "yellow", editorial: "dim" } as const;
  return textTable(
    session,
    ["kind", "where", "what"],
    changes.map(({ kind, path, message, from, to }) => [
      paint(session, styles[kind], kind),
      path,
      `${message}${from !== undefined || to !== undefined ? ` (${shorten(from ?? "—", 40)} → ${shorten(to ?? "—", 40)})` : ""}`,
    ]),
  );
}
