import type { Command } from "commander";
import { contractJsonSchema } from "../../../contract/index.ts";
import { PeopleSchema } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";

/** `baton schema [contract|people]`: JSON Schema for editors. */
export function addSchema(program: Command, cli: Cli): void {
  declare(
    program,
    "schema [what]",
    "JSON Schema of baton.yaml (or of people.yaml: baton schema people)",
    "Editors complete and check baton.yaml when its first line is\n  # yaml-language-server: $schema=baton-contract-1.schema.json",
  ).action((what: string | undefined, options: CommonOptions) =>
    perform(cli, "schema", options, async () => {
      const schema = what === "people" ? PeopleSchema : contractJsonSchema();
      return { passed: true, text: `${JSON.stringify(schema, null, 2)}\n`, data: { schema } };
    }),
  );
}
