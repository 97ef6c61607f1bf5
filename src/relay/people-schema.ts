import { type Static, Type } from "typebox";
import { schemaGuard } from "../kernel/index.ts";

const closed = { additionalProperties: false } as const;
const text = (description: string, maxLength: number) =>
  Type.String({ description, minLength: 1, maxLength });

const KeySchema = Type.Object(
  {
    public: text("PEM of an ECDSA P-256 public key.", 4096),
    from: Type.Optional(text("First day (or instant, UTC) on which it may sign.", 32)),
    until: Type.Optional(text("Last day (or instant, UTC) on which it may sign.", 32)),
    revoked: Type.Optional(text("Day (or instant, UTC) from which nothing that it signs counts.", 32)),
  },
  closed,
);

const PersonSchema = Type.Object(
  {
    id: Type.String({
      description: "Name that stands in relay entries, such as lab or lab@example.org.",
      pattern: "^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$",
    }),
    keys: Type.Array(KeySchema, { minItems: 1, maxItems: 32 }),
    roles: Type.Array(text("builds, runs, business, risk, on-call, or a team's own.", 64), { maxItems: 32 }),
    models: Type.Optional(
      Type.Array(text("Name of a model, or * for all.", 64), { minItems: 1, maxItems: 500 }),
    ),
    service: Type.Optional(
      Type.Boolean({ description: "True for a program, which only observes and requests." }),
    ),
  },
  closed,
);

/** `.baton/people.yaml`: who may sign as what. */
export const PeopleSchema = Type.Object(
  { people: Type.Array(PersonSchema, { maxItems: 2000 }) },
  { ...closed, title: "Baton people", $id: "urn:modelbaton:people:1" },
);

/** The file as it is written. */
export type WrittenPeople = Static<typeof PeopleSchema>;
/** One person as it is written. */
export type WrittenPerson = Static<typeof PersonSchema>;

/** Compiled once: reports all faults of a file. */
export const validatePeople = schemaGuard<WrittenPeople>(PeopleSchema, { everyError: true });
