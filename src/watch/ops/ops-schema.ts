import { type Static, Type } from "typebox";
import { schemaGuard } from "../../kernel/index.ts";

const closed = { additionalProperties: false } as const;
const optional = Type.Optional;
const word = (description: string) =>
  Type.String({ description, pattern: "^[^\\u0000-\\u001f\\u007f]*$", minLength: 1, maxLength: 500 });

const SecretSchema = Type.Object(
  {
    env: Type.String({
      description: "Environment variable that holds it.",
      pattern: "^[A-Z_][A-Z0-9_]*$",
      maxLength: 100,
    }),
  },
  { ...closed, description: "Named, never written: a secret in a file is no secret." },
);

const AddressSchema = Type.Union([
  Type.String({ description: "https, or http to this machine.", minLength: 1, maxLength: 2000 }),
  SecretSchema,
]);

const retries = optional(
  Type.Integer({
    description: "Attempts after the first where the other side is down; 5 unless said otherwise.",
    minimum: 0,
    maximum: 10,
  }),
);

const AlertSchema = Type.Union([
  Type.Object(
    { webhook: Type.Object({ url: AddressSchema, secret: SecretSchema, retries }, closed) },
    { ...closed, description: "A signed CloudEvent is posted there." },
  ),
  Type.Object(
    {
      github: Type.Object(
        {
          repository: Type.String({
            description: "owner/name",
            pattern: "^[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}$",
          }),
          event: Type.String({
            description: "event_type of the dispatch.",
            pattern: "^[A-Za-z0-9_.-]{1,100}$",
          }),
          token: SecretSchema,
          api: optional(AddressSchema),
          retries,
        },
        closed,
      ),
    },
    { ...closed, description: "A repository_dispatch, which starts a workflow." },
  ),
  Type.Object(
    {
      command: Type.Array(word("Program, then its arguments; no shell."), { minItems: 1, maxItems: 50 }),
    },
    { ...closed, description: "It reads the CloudEvent from stdin." },
  ),
]);

/** `ops/ENV.yaml`: engineering's own settings of one environment, outside the content. */
export const OpsSchema = Type.Object(
  {
    environment: Type.String({
      description: "The name that deployments use; the file is called by it.",
      pattern: "^[a-z][a-z0-9-]{0,63}$",
    }),
    "on-call": optional(word("Who is called, and how.")),
    alerts: optional(
      Type.Array(AlertSchema, {
        description: "What is told when a trigger asks for the next version.",
        maxItems: 20,
      }),
    ),
  },
  { ...closed, title: "Baton operations", $id: "urn:modelbaton:ops:1" },
);

/** The file as it is written. */
export type WrittenOps = Static<typeof OpsSchema>;
/** One place to tell. */
export type Alert = Static<typeof AlertSchema>;
/** Where an address or secret is found. */
export type SecretReference = Static<typeof SecretSchema>;

/** Compiled when first needed: reports all faults of a file. */
export const validateOps = schemaGuard<WrittenOps>(OpsSchema, { everyError: true });
