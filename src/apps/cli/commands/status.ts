import type { Command } from "commander";
import { blocks, shortDigest, worstFirst } from "../../../kernel/index.ts";
import {
  type ContentState,
  openRequests,
  type RelayState,
  stateOf,
  type VersionRequest,
} from "../../../relay/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { contractsHere } from "../contracts-here.ts";
import { type DeskOptions, withDeskOptions } from "../desk.ts";
import { type RelayView, viewRelay } from "../relay-view.ts";
import type { CommandResult } from "../result.ts";
import { reviewStanding, reviewStatusText } from "../review-status.ts";
import { paint, type Session } from "../session.ts";
import { alteredMaterials } from "../signed-materials.ts";
import { textTable } from "../text-table.ts";
import { type RecordStanding, recordData, recordStanding, recordText } from "../watched-standing.ts";

/** `baton status [TARGET]`: where each version stands, what runs where, what is owed. */
export function addStatus(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "status [target]",
      "where each version stands, what runs where, what is owed",
      "Reviews are due by the contract: of the target, or without one of the .baton files in this folder.",
    ),
  ).action((target: string | undefined, options: CommonOptions & DeskOptions) =>
    perform(cli, "status", options, (session) =>
      viewRelay(session, target, options, async (view) => status(session, view)),
    ),
  );
}

async function status(session: Session, { history, handoff, contract }: RelayView): Promise<CommandResult> {
  const state = stateOf(history, session.now().toISOString());
  const contracts = contract ? undefined : await contractsHere(session.cwd, everDeployed(state));
  const reviews = reviewStanding(history, state, (digest) => contract ?? contracts?.get(digest));
  const records = watchedContents(state, handoff?.digest).flatMap((digest) => {
    const governing = contract ?? contracts?.get(digest);
    return (governing && recordStanding(state, { contract: governing, digest })) ?? [];
  });
  const here = handoff && {
    digest: handoff.digest,
    version: handoff.contract.model.version,
    sealed: handoff.sealed !== undefined,
  };
  const materials = await alteredMaterials(handoff?.home ?? session.cwd, state.reviews);
  const blocked = blocks([...history.findings, ...materials]);
  return {
    passed: !blocked,
    text: [
      `${state.model ?? contract?.model.name ?? "no model"}: ${history.entries.length} relay entries\n`,
      here
        ? `${here.sealed ? "this baton" : "this folder"}: ${here.version} (${shortDigest(here.digest)}), ${standingText(session, state, here.digest)}\n`
        : "",
      state.contents.length ? `\n${versionTable(session, state)}` : "",
      state.environments.length ? `\n${environmentTable(session, state)}` : "",
      ...state.countersignaturesDue.map(
        ({ entry, person, environment }) =>
          `! The roll-back of ${environment} by ${person} waits for a second signature: baton countersign ${entry.slice(0, 12)}\n`,
      ),
      ...returnedTexts(state),
      ...openRequests(state).map(requestText),
      reviewStatusText(session, reviews),
      ...records.map((record) => recordLine(session, record)),
    ].join(""),
    findings: worstFirst([...history.findings, ...materials, ...reviews.findings]),
    data: {
      model: state.model,
      here,
      contents: state.contents,
      environments: state.environments,
      countersignatures_due: state.countersignaturesDue,
      reviews: state.reviews,
      reviews_due: reviews.due,
      reviews_unknown: reviews.unknown.map(({ contentDigest }) => contentDigest),
      actions: state.actions,
      records: records.map(recordData),
      requests: state.requests,
    },
  };
}

/** What runs, and what is at hand. */
function watchedContents({ environments }: RelayState, here: string | undefined): string[] {
  const running = environments.flatMap(({ current }) => current?.contentDigest ?? []);
  return [...new Set([...running, ...(here === undefined ? [] : [here])])];
}

function recordLine(session: Session, record: RecordStanding): string {
  const { version, contentDigest, said } = record.observation;
  const fails = !record.age.stale && said.verdicts.some(({ outcome }) => outcome === "fail");
  const text = `${version} (${shortDigest(contentDigest)}): ${recordText(record)}`;
  return fails || record.age.stale ? `! ${paint(session, fails ? "red" : "yellow", text)}\n` : `${text}\n`;
}

/** Only what ran somewhere is reviewed. */
function everDeployed({ environments }: RelayState): ReadonlySet<string> {
  return new Set(
    environments.flatMap(({ deployments }) => deployments.map(({ contentDigest }) => contentDigest)),
  );
}

function standingText(session: Session, state: RelayState, digest: string): string {
  const content = state.contents.find((other) => other.contentDigest === digest);
  return content ? paint(session, "bold", content.standing) : "not offered yet";
}

function versionTable(session: Session, { contents }: RelayState): string {
  const rows = contents.map((content) => [
    content.version,
    shortDigest(content.contentDigest),
    standing(session, content),
    whoText(content),
    waiverText(content),
  ]);
  return textTable(session, ["version", "content", "standing", "by", "waived"], rows);
}

function standing(session: Session, { standing: word, contested }: ContentState): string {
  const styles: Record<string, "green" | "red" | "yellow" | "cyan"> = {
    accepted: "green",
    "self-accepted": "yellow",
    returned: "yellow",
    recalled: "red",
    offered: "cyan",
  };
  return contested
    ? paint(session, "red", `${word} (contested)`)
    : paint(session, styles[word] ?? "dim", word);
}

function whoText({ offers, acceptances, returned, recalled }: ContentState): string {
  const last = recalled ?? returned ?? acceptances.at(-1) ?? offers.at(-1);
  return last ? `${last.person} (${last.role}), ${last.at.slice(0, 16).replace("T", " ")}` : "—";
}

function waiverText({ waivers }: ContentState): string {
  return waivers.map(({ clause, until }) => `${clause} until ${until.slice(0, 10)}`).join(", ") || "—";
}

function environmentTable(session: Session, { environments, contents }: RelayState): string {
  const recalled = new Set(
    contents.filter((content) => content.recalled).map(({ contentDigest }) => contentDigest),
  );
  const rows = environments.map(({ environment, current, previous, contested }) => [
    environment,
    contested.length ? paint(session, "red", "contested") : (current?.version ?? "—"),
    current ? `${current.kind} by ${current.person}, ${current.at.slice(0, 16).replace("T", " ")}` : "—",
    previous?.version ?? "—",
    current && recalled.has(current.contentDigest) ? paint(session, "red", "recalled") : "",
  ]);
  return textTable(session, ["environment", "runs", "since", "before", ""], rows);
}

function requestText({ entry, person, at, version, note, said }: VersionRequest): string {
  const what = said ? `${said.clause}: ${said.reason}` : (note ?? "");
  const rows = said?.rows ? ` Rows to learn from: requests/${said.rows.file} (${said.rows.count}).` : "";
  return `! ${person} asked for the version after ${version} on ${at.slice(0, 10)} (${entry.slice(0, 12)}). ${what}${rows}\n`;
}

function returnedTexts({ contents }: RelayState): string[] {
  return contents.flatMap(({ version, returned }) =>
    (returned?.reasons ?? []).map(
      ({ clause, code, note, rows }) =>
        `! ${version} was returned${clause ? ` for ${clause}` : ""} (${code}): ${note}${rows?.length ? ` Rows: ${rows.join(", ")}.` : ""}\n`,
    ),
  );
}
