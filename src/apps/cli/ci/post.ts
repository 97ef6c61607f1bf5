import { appendFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { CodeHost, CommitStatus, Posted } from "../../../adapters/code-host/index.ts";
import { type Finding, messageOf } from "../../../kernel/index.ts";
import type { Session } from "../session.ts";
import { ciFinding } from "./ci-findings.ts";
import type { Surroundings } from "./surroundings.ts";

/** Longest text in a comment; GitHub takes 65,536 characters. */
const longestBody = 60_000;

/** What a run has to say, and where. */
export interface Posting {
  /** What of the target this is about: names the one comment or issue. */
  readonly marker: string;
  readonly body: string;
  /** On the commit. */
  readonly statuses?: readonly CommitStatus[];
  /** A comment on the pull or merge request. */
  readonly comment?: boolean;
  /** An issue, open with this title or closed. */
  readonly issue?: { readonly title: string; readonly open: boolean };
}

/** What was posted, or would have been. */
export interface PostedAll {
  readonly findings: readonly Finding[];
  readonly posted: readonly {
    readonly what: string;
    readonly done: Posted["done"] | "not posted";
    readonly url?: string;
  }[];
  /** For people: what was posted, or the whole text that would have been. */
  readonly text: string;
}

/** `<!-- baton pull-request examples/flight-delay -->`: the same for the same target, whatever its name holds. */
export function markerOf(kind: string, target: string): string {
  const name = target.replaceAll(/[^A-Za-z0-9._/-]+/g, "-").replaceAll(/-{2,}/g, "-");
  return `<!-- baton ${kind} ${name} -->`;
}

/** Writes the summary of the step, and posts; what cannot be posted is said and changes no verdict. */
export async function post(
  session: Session,
  surroundings: Surroundings,
  posting: Posting,
  { dryRun }: { readonly dryRun: boolean },
): Promise<PostedAll> {
  const body = limited(`${posting.marker}\n${posting.body}`).trimEnd();
  const summary = dryRun ? [] : await writeSummary(session, surroundings, posting.body);
  const { host } = surroundings;
  if (dryRun || !host) {
    const why = dryRun ? "this is a dry run" : (surroundings.whyNot ?? "");
    const nothing = dryRun
      ? []
      : [ciFinding("ci.nothing-posted", { message: `Nothing was posted: ${why}.` })];
    return { findings: [...summary, ...nothing], posted: [], text: wouldPost(surroundings, posting, body) };
  }
  const tasks = tasksFor(host, surroundings, posting, body);
  const findings: Finding[] = [...summary];
  const posted: PostedAll["posted"][number][] = [];
  for (const { what, run } of tasks) {
    try {
      posted.push({ what, ...(await run()) });
    } catch (thrown) {
      posted.push({ what, done: "not posted" });
      findings.push(ciFinding("ci.not-posted", { message: `${what}: ${messageOf(thrown)}` }));
    }
  }
  const lines = posted.map(({ what, done, url }) => `${host.name}: ${what} ${done}${url ? ` ${url}` : ""}\n`);
  return { findings, posted, text: lines.join("") };
}

interface Task {
  readonly what: string;
  readonly run: () => Promise<Posted>;
}

function tasksFor(host: CodeHost, { request, commit }: Surroundings, posting: Posting, body: string): Task[] {
  const { marker, statuses = [], comment, issue } = posting;
  const tasks: Task[] = [];
  if (commit)
    for (const status of statuses)
      tasks.push({
        what: `status ${status.context} ${status.state}`,
        run: () => host.putStatus(commit, status).then(() => ({ done: "updated" as const })),
      });
  if (comment && request)
    tasks.push({ what: `comment on ${request}`, run: () => host.putComment(request, { marker, body }) });
  if (issue?.open)
    tasks.push({ what: "issue", run: () => host.putIssue({ marker, body, title: issue.title }) });
  if (issue && !issue.open) tasks.push({ what: "issue", run: () => host.closeIssue({ marker, body }) });
  return tasks;
}

function wouldPost({ request, commit }: Surroundings, posting: Posting, body: string): string {
  const { statuses = [], comment, issue } = posting;
  const lines = statuses.map(
    ({ context, state, description }) =>
      `would set ${context} to ${state} on ${commit?.slice(0, 12) ?? "the commit"}: ${description}\n`,
  );
  if (comment) lines.push(`would write one comment on ${request ?? "the pull request"}:\n`);
  if (issue)
    lines.push(
      issue.open
        ? `would open or update the issue "${issue.title}":\n`
        : "would close the issue, if one is open:\n",
    );
  return `${lines.join("")}\n${body}\n`;
}

async function writeSummary(
  session: Session,
  { summaryFile }: Surroundings,
  body: string,
): Promise<Finding[]> {
  if (!summaryFile) return [];
  try {
    await appendFile(resolve(session.cwd, summaryFile), `${limited(body)}\n`);
    return [];
  } catch (thrown) {
    return [ciFinding("ci.not-posted", { message: `summary of the step: ${messageOf(thrown)}` })];
  }
}

/** Cut at the end of a line, so that no table and no code stays open. */
function limited(text: string): string {
  if (text.length <= longestBody) return text;
  const end = text.lastIndexOf("\n", longestBody);
  return `${text.slice(0, end)}\n\nThe rest is in the log of the run.\n`;
}
