import { join } from "node:path";
import type { Contract } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import type { History, People } from "../../relay/index.ts";
import type { DeskOptions } from "./desk.ts";
import { openHandoff, type ReadyHandoff, ready } from "./handoff.ts";
import { findPeople } from "./people-file.ts";
import { openRelay } from "./relay-store.ts";
import type { Session } from "./session.ts";

/** The relay to look at: of a hand-off folder, of a baton, or of a bare `relay/` folder. */
export interface RelayView {
  readonly history: History;
  readonly people: People;
  readonly peopleFile?: string;
  readonly handoff?: ReadyHandoff;
  readonly contract?: Contract;
}

/** Opens the relay for looking; without a hand-off the entries say which model it is about. */
export async function viewRelay<Result>(
  session: Session,
  target: string | undefined,
  options: DeskOptions,
  work: (view: RelayView) => Promise<Result>,
): Promise<Result> {
  const opened = await openHandoff(session, target).catch((thrown) => {
    if (target === undefined && thrown instanceof BatonError && thrown.code === "file-missing")
      return undefined;
    throw thrown;
  });
  try {
    const handoff = opened && (await ready(opened));
    const home = handoff?.home ?? session.cwd;
    const { people, file } = await findPeople(session, options.people, home);
    const { history, folder } = await openRelay(session, handoff ?? { home }, {
      people,
      ...(handoff ? { model: handoff.contract.model.name } : {}),
      ...(options.relay ? { relay: options.relay } : {}),
    });
    if (!handoff && history.entries.length === 0 && history.findings.length === 0)
      throw new BatonError(
        "file-missing",
        `There is neither ${join(".", "baton.yaml")} nor a relay here (looked in ${folder}).`,
        {
          next: "Name a hand-off folder or a .baton file, or give --relay FOLDER.",
        },
      );
    return await work({
      history,
      people,
      ...(file ? { peopleFile: file } : {}),
      ...(handoff ? { handoff, contract: handoff.contract } : {}),
    });
  } finally {
    await opened?.close();
  }
}
