import type { Command } from "commander";
import { isMadeUp } from "../../contract/index.ts";
import { BatonError, type Finding } from "../../kernel/index.ts";
import { mayServe } from "../../relay/index.ts";
import { verifyBaton } from "../../seal/index.ts";
import type { Desk } from "./desk.ts";
import type { Session } from "./session.ts";

/** Flags that let a baton run although it would be refused; each is said wherever it answers. */
export interface PermissionOptions {
  readonly allowUnsigned?: boolean;
  readonly allowUnaccepted?: boolean;
  readonly allowRecalled?: boolean;
  readonly env?: string;
}

/** Adds the flags. */
export function withPermissionOptions(command: Command): Command {
  return command
    .option(
      "--env <name>",
      "environment it runs in: what is on record as running there may restart after a recall",
    )
    .option("--allow-unsigned", "run a folder, or a baton whose signatures do not count")
    .option("--allow-unaccepted", "run what was not accepted")
    .option("--allow-recalled", "run what was recalled");
}

const lettingOff: readonly {
  readonly flag: keyof PermissionOptions;
  readonly option: string;
  readonly word: string;
  readonly codes: RegExp;
}[] = [
  {
    flag: "allowUnsigned",
    option: "--allow-unsigned",
    word: "unsigned",
    codes: /^baton\.(unsigned|unknown-key|sealed-ahead)$/,
  },
  { flag: "allowRecalled", option: "--allow-recalled", word: "recalled", codes: /^relay\.recalled$/ },
  {
    flag: "allowUnaccepted",
    option: "--allow-unaccepted",
    word: "unaccepted",
    codes: /^relay\.(?!recalled$)/,
  },
];

/**
 * Whether this may run. Altered bytes never may; a missing signature, acceptance or a recall only with the explicit flag,
 * whose word is then part of every reply. @throws BatonError `baton-refused`, `baton-altered`
 */
export async function permission(
  session: Session,
  desk: Desk,
  options: PermissionOptions,
): Promise<{ readonly irregular: readonly string[]; readonly findings: readonly Finding[] }> {
  const { handoff, people, relay } = desk;
  if (isMadeUp(handoff.contract)) return { irregular: [], findings: [] };
  const findings = handoff.sealed
    ? verifyBaton({ bytes: handoff.sealed.bytes, signers: people, now: session.now().toISOString() }).findings
    : [unsealed(handoff.shown)];
  const standing = mayServe({
    history: relay.history,
    contentDigest: handoff.digest,
    level: handoff.contract.level,
    at: session.now().toISOString(),
    ...(options.env ? { environment: options.env } : {}),
  });
  const blocking = [...findings, ...standing.findings].filter(({ severity }) => severity === "blocking");
  const ways = blocking.map((finding) => ({
    finding,
    way: lettingOff.find(({ codes }) => codes.test(finding.code)),
  }));
  const altered = ways.find(({ way }) => !way);
  if (altered) throw refused(handoff.shown, altered.finding, []);
  const wanting = ways.filter(({ way }) => way && !options[way.flag]);
  const flags = [...new Set(wanting.map(({ way }) => way!.option))];
  if (wanting[0]) throw refused(handoff.shown, wanting[0].finding, flags);
  const irregular = new Set(ways.map(({ way }) => way!.word));
  const warned = standing.findings
    .filter(({ severity }) => severity === "warning")
    .map(({ code }) => code.replace(/^relay\./, ""));
  return { irregular: [...irregular, ...warned], findings: [...findings, ...standing.findings] };
}

function unsealed(shown: string): Finding {
  return {
    code: "baton.unsigned",
    severity: "blocking",
    message: `${shown} is a folder, not a sealed baton.`,
    next: "Seal it: baton seal --key …",
  };
}

/** Names every flag that is still wanting, so that nobody finds them one after the other; none where bytes were altered. */
function refused(shown: string, finding: Finding, flags: readonly string[]): BatonError {
  const altered = flags.length === 0;
  return new BatonError(
    altered ? "baton-altered" : "baton-refused",
    `${shown} is refused: ${finding.message} [${finding.code}]`,
    {
      next: altered ? finding.next : `${finding.next} To run it all the same, say so: ${flags.join(" ")}.`,
    },
  );
}
