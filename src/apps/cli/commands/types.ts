import { resolve } from "node:path";
import type { Command } from "commander";
import { writeFileAtomic } from "../../../adapters/folder/index.ts";
import { contractTypes } from "../../../inference/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { withHandoff } from "../handoff.ts";

interface TypesOptions extends CommonOptions {
  readonly out?: string;
}

/** `baton types [TARGET]`: TypeScript types of rows and answers. */
export function addTypes(program: Command, cli: Cli): void {
  declare(program, "types [target]", "TypeScript types of rows and answers, from the contract")
    .option("--out <file>", "write them to a file in place of stdout")
    .action((target: string | undefined, options: TypesOptions) =>
      perform(cli, "types", options, (session) =>
        withHandoff(session, target, async ({ contract }) => {
          const types = contractTypes(contract);
          if (options.out) await writeFileAtomic(resolve(session.cwd, options.out), Buffer.from(types));
          return { passed: true, text: options.out ? `${options.out}\n` : types, data: { types } };
        }),
      ),
    );
}
