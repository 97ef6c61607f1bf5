import { resolve } from "node:path";
import type { Command } from "commander";
import { readBytes } from "../../../adapters/folder/index.ts";
import { blocks, shortDigest } from "../../../kernel/index.ts";
import { verifyBaton } from "../../../seal/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { findPeople, peopleOption } from "../people-file.ts";

interface VerifyOptions extends CommonOptions {
  readonly people?: string;
  readonly allowUnsigned?: boolean;
}

/** `baton verify FILE`: no byte differs from what a known person signed. */
export function addVerify(program: Command, cli: Cli): void {
  declare(
    program,
    "verify <file>",
    "does every byte of a baton stand as a known person signed it?",
    "Reads the file in its one canonical form, recomputes all digests, and checks seal and model signature against\n" +
      ".baton/people.yaml. Says nothing about whether the model is any good: that is baton accept.",
  )
    .option(...peopleOption)
    .option("--allow-unsigned", "a missing signature only warns (for sketches)")
    .action((file: string, options: VerifyOptions) =>
      perform(cli, "verify", options, async (session) => {
        const bytes = await readBytes(resolve(session.cwd, file), { maxBytes: 4 * 1024 ** 3 });
        const { people, file: peopleFile } = await findPeople(session, options.people, session.cwd);
        const now = session.now().toISOString();
        const { findings, baton, contentBy, sealedBy } = verifyBaton({
          bytes,
          signers: people,
          now,
          ...(options.allowUnsigned ? { allowUnsigned: true } : {}),
        });
        const passed = !blocks(findings);
        const lines = [
          baton && `content  ${baton.digest}`,
          contentBy &&
            `content signed by ${contentBy.person} (${contentBy.roles.join(", ")}), key ${shortDigest(contentBy.keyId)}`,
          sealedBy && `sealed by ${sealedBy.person} at ${sealedBy.at}, key ${shortDigest(sealedBy.keyId)}`,
          `people   ${peopleFile ?? "no people file: nobody's signature counts"}`,
        ];
        return {
          passed,
          text: lines.filter(Boolean).join("\n").concat("\n"),
          findings,
          data: { digest: baton?.digest, content_by: contentBy, sealed_by: sealedBy },
        };
      }),
    );
}
