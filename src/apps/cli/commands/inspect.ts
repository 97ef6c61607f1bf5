import type { Command } from "commander";
import { BatonError, shortDigest } from "../../../kernel/index.ts";
import { inspectBaton } from "../../../seal/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { withHandoff } from "../handoff.ts";
import { textTable } from "../text-table.ts";

/** `baton inspect FILE`: what a baton holds. */
export function addInspect(program: Command, cli: Cli): void {
  declare(program, "inspect <file>", "what a baton holds: contract, files, evidence, relay").action(
    (file: string, options: CommonOptions) =>
      perform(cli, "inspect", options, (session) =>
        withHandoff(session, file, async ({ sealed, contract, clauses, digest }) => {
          if (!sealed)
            throw new BatonError("usage", `${file} is a folder.`, {
              next: "Name a .baton file, or use baton check.",
            });
          const summary = inspectBaton(sealed.baton);
          const head = [
            `${contract.model.name} ${contract.model.version} — ${contract.model.task}, level ${contract.level}`,
            contract.use,
            `content ${digest}`,
            `${contract.features.length} features, ${contract.outputs.length} outputs, ${clauses.length} clauses`,
            `sealed ${summary.sealedAt ?? "without a signature"}${summary.sealKeyId ? ` by key ${shortDigest(summary.sealKeyId)} (claimed: baton verify checks)` : ""}`,
          ];
          const files = summary.files.map(({ path, size, sha256 }) => [
            path,
            String(size),
            shortDigest(sha256),
          ]);
          const tail = [
            ...summary.evidence.map((name) => `evidence/${name}`),
            ...summary.relay.map((name) => `relay/${name}`),
          ];
          return {
            passed: true,
            text: `${head.join("\n")}\n\n${textTable(session, ["content", "bytes", "sha256"], files)}\n${tail.map((path) => `${path}\n`).join("") || "no evidence, no relay\n"}`,
            data: { model: contract.model, level: contract.level, ...summary },
          };
        }),
      ),
  );
}
