import { resolve } from "node:path";
import type { Command } from "commander";
import { isMap, isSeq, parseDocument, stringify } from "yaml";
import { createFileAtomic, readBytes, writeFileAtomic } from "../../../adapters/folder/index.ts";
import { newKeyPair } from "../../../adapters/keys/index.ts";
import { nearest } from "../../../contract/index.ts";
import { BatonError, shortDigest } from "../../../kernel/index.ts";
import { personRoles } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, collect, declare, perform } from "../command.ts";

interface KeyNewOptions extends CommonOptions {
  readonly role: readonly string[];
  readonly service?: boolean;
  readonly out?: string;
  readonly add?: string;
}

/** `baton key new NAME`: a pair of files, and the entry for the people file. */
export function addKey(program: Command, cli: Cli): void {
  const key = program
    .command("key")
    .description("Keys that sign evidence, seals and relay entries.")
    .summary("keys that sign");
  declare(
    key,
    "new <person>",
    "make a key pair (ECDSA P-256)",
    "Writes PERSON.key.pem (private, mode 0600; encrypted where BATON_KEY_PASSPHRASE is set) and PERSON.pub.pem.\n" +
      "Prints the entry that goes into .baton/people.yaml, by a reviewed change.",
  )
    .option(
      "--role <role>",
      "role for the printed entry: builds, runs, business, risk, on-call (repeatable)",
      collect,
      [],
    )
    .option("--service", "the key of a program, which only observes and requests; holds no role of a person")
    .option("--out <folder>", "where the files go (default: the current folder)")
    .option("--add <file>", "add the person to this people file (made where absent), to be reviewed with it")
    .action((person: string, options: KeyNewOptions) =>
      perform(cli, "key new", options, async (session) => {
        if (!/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/.test(person))
          throw new BatonError("usage", `"${person}" cannot name a person.`, {
            next: "Use letters, digits and . _ @ + -.",
          });
        for (const role of options.role) {
          const [meant] = nearest(role, personRoles);
          if (meant !== undefined && meant !== role)
            throw new BatonError("usage", `"${role}" is a role that Baton gives no right to.`, {
              next: `Did you mean --role ${meant}?`,
            });
        }
        if (options.service && personRoles.some((role) => options.role.includes(role)))
          throw new BatonError("usage", `A service cannot hold ${options.role.join(", ")}.`, {
            next: "Leave out --role, or leave out --service where a person holds the key.",
          });
        const passphrase = session.env.BATON_KEY_PASSPHRASE;
        const pair = await newKeyPair(passphrase ? { passphrase } : {});
        const folder = resolve(session.cwd, options.out ?? ".");
        const privateFile = resolve(folder, `${person}.key.pem`);
        const publicFile = resolve(folder, `${person}.pub.pem`);
        await createFileAtomic(privateFile, Buffer.from(pair.privateKeyPem), { mode: 0o600 });
        await createFileAtomic(publicFile, Buffer.from(pair.publicKeyPem));
        const usual = options.service ? [] : ["builds"];
        const roles = options.role.length ? options.role : usual;
        const keys = [{ public: pair.publicKeyPem }];
        const written = {
          id: person,
          roles,
          models: ["*"],
          ...(options.service && { service: true }),
          keys,
        };
        const entry = stringify({ people: [written] });
        if (options.add) await addPerson(resolve(session.cwd, options.add), options.add, written);
        const about = options.add
          ? `Added to ${options.add}: commit it for review.`
          : `For .baton/people.yaml:\n\n${entry}`;
        return {
          passed: true,
          text: `${privateFile}\n${publicFile}\n\n${about}\n`,
          data: { key_id: pair.keyId, private_key: privateFile, public_key: publicFile, people_entry: entry },
          hint: `Key ${shortDigest(pair.keyId)}. Keep ${person}.key.pem to yourself and out of git; sign with --key or BATON_KEY.`,
        };
      }),
    );
}

async function addPerson(file: string, shown: string, person: { readonly id: string }): Promise<void> {
  const text = await readBytes(file, { maxBytes: 4 * 1024 * 1024 }).then(
    (bytes) => Buffer.from(bytes).toString("utf8"),
    (thrown) => {
      if (thrown instanceof BatonError && thrown.code === "file-missing") return "people: []\n";
      throw thrown;
    },
  );
  const document = parseDocument(text);
  const people = isMap(document.contents) ? document.get("people") : undefined;
  if (document.errors.length || !isSeq(people))
    throw new BatonError("configuration-invalid", `${shown} is not a people file.`, {
      file: shown,
      next: "Name a file whose only key is people: a list.",
    });
  people.flow = false;
  people.add(document.createNode(person));
  await writeFileAtomic(file, Buffer.from(document.toString()));
}
