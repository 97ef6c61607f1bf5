import type { Command } from "commander";
import type { Finding } from "../../kernel/index.ts";
import type { People } from "../../relay/index.ts";
import { openHandoff, type ReadyHandoff, ready } from "./handoff.ts";
import { findPeople, peopleOption } from "./people-file.ts";
import { openRelay, type RelayStore, relayOption } from "./relay-store.ts";
import type { Session } from "./session.ts";

/** Options of commands that look at people and relay. */
export interface DeskOptions {
  readonly people?: string;
  readonly relay?: string;
}

/** A hand-off with the people who may sign and the relay so far. */
export interface Desk {
  readonly handoff: ReadyHandoff;
  readonly people: People;
  readonly peopleFile?: string;
  readonly peopleFindings: readonly Finding[];
  readonly relay: RelayStore;
}

/** Adds `--people` and `--relay`. */
export function withDeskOptions(command: Command): Command {
  return command.option(...peopleOption).option(...relayOption);
}

/** Opens a hand-off folder or baton with people and relay, does the work and cleans up. */
export async function atDesk<Result>(
  session: Session,
  target: string | undefined,
  options: DeskOptions,
  work: (desk: Desk) => Promise<Result>,
): Promise<Result> {
  const opened = await openHandoff(session, target);
  try {
    const handoff = await ready(opened);
    const { people, findings, file } = await findPeople(session, options.people, handoff.home);
    if (!file && handoff.contract.level !== "sketch")
      session.err(
        "! There is no .baton/people.yaml here or above, so nobody's signature counts: baton key new NAME --add .baton/people.yaml\n",
      );
    const model = handoff.contract.model.name;
    const relay = await openRelay(session, handoff, {
      people,
      model,
      ...(options.relay ? { relay: options.relay } : {}),
    });
    return await work({
      handoff,
      people,
      peopleFindings: findings,
      relay,
      ...(file ? { peopleFile: file } : {}),
    });
  } finally {
    await opened.close();
  }
}
