import { type Contract, type ContractChange, diffContracts } from "../../contract/index.ts";
import { BatonError, shortDigest } from "../../kernel/index.ts";
import { type RelayState, stateOf } from "../../relay/index.ts";
import type { Desk } from "./desk.ts";
import { openHandoff, type ReadyHandoff, ready } from "./handoff.ts";
import type { Session } from "./session.ts";

/** Option of commands that compare with the version before. */
export const previousOption = ["--previous <file>", "baton of the accepted version before this one"] as const;

/** The version that `previous.` means in gates, and what changed since. */
export interface Previous {
  /** For evidence: its content digest, `none` where no other version was accepted, absent where its baton is not at hand. */
  readonly digest?: string;
  readonly handoff?: ReadyHandoff;
  readonly changes: readonly ContractChange[];
  close(): Promise<void>;
}

/** Finds the version before: the named baton, or none where the relay accepted no other. */
export async function openPrevious(
  session: Session,
  desk: Desk,
  option: string | undefined,
): Promise<Previous> {
  const state = stateOf(desk.relay.history, session.now().toISOString());
  const other = acceptedOther(state, desk.handoff.digest);
  if (option === undefined) {
    return { ...(other ? {} : { digest: "none" }), changes: [], close: async () => {} };
  }
  const opened = await openHandoff(session, option);
  try {
    const handoff = await ready(opened);
    const { contract, digest } = handoff;
    if (contract.model.name !== desk.handoff.contract.model.name)
      throw new BatonError("usage", `${option} is another model, ${contract.model.name}.`, {
        next: "Name a baton of the same model.",
      });
    if (other && digest !== other.contentDigest) throw notTheOneBefore(option, digest, other);
    return { digest, handoff, changes: changesBetween(contract, desk.handoff.contract), close: opened.close };
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
}

/** A gate on `previous.` would otherwise hold against whatever weak version somebody names. */
function notTheOneBefore(named: string, digest: string, other: RelayState["contents"][number]): BatonError {
  return new BatonError(
    "usage",
    `${named} (${shortDigest(digest)}) is not the version that was accepted before: that is ${other.version} (${shortDigest(other.contentDigest)}).`,
    { next: `Name the baton of ${other.version}.` },
  );
}

function changesBetween(before: Contract, after: Contract): readonly ContractChange[] {
  return diffContracts(before, after).changes;
}

/** The last other version that was accepted whole. */
export function acceptedOther(state: RelayState, digest: string): RelayState["contents"][number] | undefined {
  return state.contents.findLast(
    (content) =>
      content.contentDigest !== digest &&
      (content.standing === "accepted" || content.standing === "self-accepted"),
  );
}
