import type { Command } from "commander";
import { nightlyPage, nightlyTitle } from "../ci/nightly-page.ts";
import { nightlyReport } from "../ci/nightly-report.ts";
import { markerOf, type PostedAll, post } from "../ci/post.ts";
import { pullRequestPage } from "../ci/pull-request-page.ts";
import { type PullRequestReport, pullRequestReport } from "../ci/pull-request-report.ts";
import { type Surroundings, surroundingsOf } from "../ci/surroundings.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { type DeskOptions, withDeskOptions } from "../desk.ts";
import { githubAnnotations } from "../format/github.ts";
import { keyOption } from "../key-file.ts";
import { previousOption } from "../previous.ts";
import type { CommandResult } from "../result.ts";
import { paint, type Session } from "../session.ts";
import { textTable } from "../text-table.ts";
import { atOption, labelsOption, sinceOption, stateOption, type WatchScope } from "../watch-options.ts";

interface CiOptions extends CommonOptions, DeskOptions {
  readonly dryRun?: boolean;
}

interface PullRequestOptions extends CiOptions {
  readonly key?: string;
  readonly previous?: string;
  readonly context: string;
}

interface NightlyOptions extends CiOptions, WatchScope {
  readonly baton: string;
}

/** `baton ci`: what a pipeline does, so that its file stays short. */
export function addCi(program: Command, cli: Cli): void {
  const ci = program
    .command("ci")
    .summary("what a pipeline of GitHub Actions or GitLab CI does: comment, statuses, issue")
    .description(
      "What a pipeline of GitHub Actions or GitLab CI does, so that its file stays ten lines.\n\n" +
        "  baton ci pull-request path/to/hand-off        on pull and merge requests\n" +
        "  baton ci nightly observed/ --baton FILE       on a schedule\n\n" +
        "The platform, the request and the commit are read from the environment; tokens from GITHUB_TOKEN or BATON_GITLAB_TOKEN.\n" +
        "Without a token, and on forks, what would have been posted is printed. The exit code is that of the gates.",
    );
  addPullRequest(ci, cli);
  addNightly(ci, cli);
}

function addPullRequest(ci: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      ci,
      "pull-request [target]",
      "check, test and relay: one comment that is kept up to date, and three statuses on the commit",
      "Statuses: contract (baton check), evidence (baton test; not-run fails, waived does not), acceptance (pending until people\n" +
        "accept this content; a return, a recall or a broken relay fails). Exit code 1 when one of them fails.",
    ),
  )
    .option(...keyOption)
    .option(...previousOption)
    .option(
      "--context <name>",
      "first part of the statuses' names, where a repository has several models",
      "baton",
    )
    .option("--dry-run", "print what would be posted, and post nothing")
    .action((target: string | undefined, options: PullRequestOptions) =>
      perform(cli, "ci pull-request", options, (session) => pullRequest(session, target ?? ".", options)),
    );
}

async function pullRequest(
  session: Session,
  target: string,
  options: PullRequestOptions,
): Promise<CommandResult> {
  const surroundings = await surroundingsOf(session);
  const report = await pullRequestReport(session, target, options);
  const posted = await post(
    session,
    surroundings,
    {
      marker: markerOf("pull-request", target),
      body: `${pullRequestPage(report)}${aboutRun(surroundings)}`,
      comment: true,
      statuses: report.checks.map(({ name, state, description }) => ({
        ...{ context: `${options.context}/${name}`, state, description },
        ...(surroundings.url && { url: surroundings.url }),
      })),
    },
    { dryRun: options.dryRun ?? false },
  );
  const { findings, checks, title } = report;
  return {
    passed: !checks.some(({ state }) => state === "failure"),
    text: `${title}\n${checkTable(session, report)}\n${annotations(surroundings, report)}${posted.text}`,
    findings: [...findings, ...posted.findings],
    data: { target, checks, posted: posted.posted },
  };
}

function addNightly(ci: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      ci,
      "nightly <folders...>",
      "baton watch: one issue while something is wrong, closed when all is well",
      "Wrong is what blocks, an open alarm of drift, a trigger that is met, a review that is overdue or contradicts itself, an overdue action.\n" +
        "Exit code 1 only for what blocks.",
    ),
  )
    .option("--baton <target>", "hand-off folder or .baton file that was served", ".")
    .option(...labelsOption)
    .option(...atOption)
    .option(...sinceOption)
    .option(...stateOption)
    .option("--dry-run", "print what would be posted, and post nothing")
    .action((folders: string[], options: NightlyOptions) =>
      perform(cli, "ci nightly", options, (session) => nightly(session, folders, options)),
    );
}

async function nightly(
  session: Session,
  folders: readonly string[],
  options: NightlyOptions,
): Promise<CommandResult> {
  const surroundings = await surroundingsOf(session);
  const report = await nightlyReport(session, { ...options, folders });
  const posted: PostedAll = await post(
    session,
    surroundings,
    {
      marker: markerOf("nightly", options.baton),
      body: `${nightlyPage(report)}${aboutRun(surroundings)}`,
      issue: { title: nightlyTitle(report), open: !report.well },
    },
    { dryRun: options.dryRun ?? false },
  );
  const { title, seen, well, passed, findings } = report;
  const word = well ? paint(session, "green", "well") : paint(session, "yellow", "needs a look");
  return {
    passed,
    text: `${title}: ${word}; ${seen}\n${posted.text}`,
    findings: [...findings, ...posted.findings],
    data: { well, seen, posted: posted.posted },
  };
}

function checkTable(session: Session, { checks }: PullRequestReport): string {
  const styles = { success: "green", failure: "red", pending: "yellow" } as const;
  const rows = checks.map(({ name, state, description }) => [
    paint(session, styles[state], state),
    name,
    description,
  ]);
  return textTable(session, ["", "", ""], rows);
}

/** GitHub reads them from the log, and shows them beside the lines. */
function annotations({ platform }: Surroundings, { findings }: PullRequestReport): string {
  return platform === "GitHub" ? githubAnnotations(findings) : "";
}

function aboutRun({ commit, url }: Surroundings): string {
  const run = url?.startsWith("http") && !/[\s<>()"]/.test(url) ? `, [this run](${url})` : "";
  return commit && /^[0-9a-f]{7,64}$/.test(commit) ? `\n\`${commit.slice(0, 12)}\`${run}\n` : "";
}
