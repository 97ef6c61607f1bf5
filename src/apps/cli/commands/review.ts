import { type Command, Option } from "commander";
import { BatonError, digestOf } from "../../../kernel/index.ts";
import {
  mayCloseActions,
  mayReview,
  type ReviewDecision,
  type ReviewSaid,
  reviewDecisions,
  reviewsDue,
  stateOf,
} from "../../../relay/index.ts";
import { type Cli, type CommonOptions, collect, declare, perform } from "../command.ts";
import { atDesk, type Desk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { signingOf, takeStep } from "../relay-step.ts";
import { collectReview, reviewScore } from "../review-collect.ts";
import { openMaterial } from "../review-file.ts";
import { reviewTerms } from "../review-status.ts";
import type { Session } from "../session.ts";
import { atOption, labelsOption } from "../watch-options.ts";

interface TargetOptions extends CommonOptions, DeskOptions {
  readonly baton: string;
}

interface CollectOptions extends TargetOptions {
  readonly labels?: string;
  readonly at?: number;
  readonly score?: boolean;
}

interface SignOptions extends TargetOptions {
  readonly key?: string;
  readonly role?: string;
  readonly decision: ReviewDecision;
  readonly view: string;
  readonly action: readonly string[];
  readonly closes: readonly string[];
}

interface DoneOptions extends TargetOptions {
  readonly key?: string;
  readonly role?: string;
  readonly note: string;
}

type Action = NonNullable<ReviewSaid["actions"]>[number];

/** `baton review`: both roles look at what happened, decide, and sign. */
export function addReview(program: Command, cli: Cli): void {
  const review = program
    .command("review")
    .summary("both roles look at what happened in operation, decide, and sign")
    .description(
      "Both roles look at what happened in operation, decide, and sign the same material.\n\n" +
        "  baton review observed/ --baton churn-1.0.0.baton --labels labels.parquet\n" +
        "  baton review sign reviews/0001-2026-12-01.md --baton churn-1.0.0.baton --decision keep --view TEXT --key KEY\n" +
        "  baton review done 5e2a91c0 --baton churn-1.0.0.baton --note TEXT --key KEY\n\n" +
        "baton status says when the next one is due. `baton review DIR` is short for `baton review collect DIR`.",
    );
  addCollect(review, cli);
  addSign(review, cli);
  addDone(review, cli);
}

function addCollect(review: Command, cli: Cli): void {
  withTarget(
    declare(
      review,
      "collect [folders...]",
      "collect what a review looks at, without signing",
      "Writes reviews/NNNN-DATE.md to read, and .json beside it: what was observed (folders that --observe wrote), verdicts,\n" +
        "waivers, alarms and what became of them, limitations met in practice, open actions, the ML Test Score.\n" +
        "Without folders nothing that was observed is looked at, and the page says so.",
      { isDefault: true },
    ),
  )
    .option(...labelsOption)
    .option(...atOption)
    .option("--score", "print the ML Test Score with what each point rests on, and write nothing")
    .action((folders: string[], options: CollectOptions) =>
      perform(cli, "review", options, (session) =>
        atDesk(session, options.baton, options, (desk) => {
          const request = {
            folders,
            labels: options.labels,
            atMs: options.at ?? session.now().getTime(),
          };
          return options.score ? reviewScore(session, desk, request) : collectReview(session, desk, request);
        }),
      ),
    );
}

function addSign(review: Command, cli: Cli): void {
  withTarget(
    declare(
      review,
      "sign <file>",
      "sign a material with a view, a decision and actions, as builds or as runs",
      "A review is complete when builds and runs signed the same material. Decisions that differ are shown, not hidden:\n" +
        "sign again where a mind is changed. A decision says what both want; recall and retire are signed with their own commands.",
    ),
  )
    .addOption(
      new Option("--decision <decision>", "what to do with what runs")
        .choices([...reviewDecisions])
        .makeOptionMandatory(),
    )
    .requiredOption("--view <text>", "how you see it, in words")
    .option(
      "--action <text>",
      'what is to be done: "runs: raise the threshold by 2026-12-24" (repeatable)',
      collect,
      [],
    )
    .option("--closes <id>", "an action that is done (repeatable)", collect, [])
    .option("--role <role>", "the role to sign in: builds, runs")
    .option(...keyOption)
    .action((file: string, options: SignOptions) =>
      perform(cli, "review sign", options, async (session) => {
        const key = await signingKey(session, options.key);
        return atDesk(session, options.baton, options, async (desk) => {
          const { name, digest, collected } = await openMaterial(session, desk.handoff, file);
          const actions = options.action.map((text) => actionOf(text, digest));
          const { contract } = desk.handoff;
          const material = { file: name, digest, collected };
          const { decision, view } = options;
          const closes = [...options.closes];
          const signing = signingOf(session, desk, key, options.role);
          const signOff = mayReview({ ...signing, contract, material, decision, view, actions, closes });
          const result = await takeStep(session, desk, key, {
            signOff,
            says: {
              action: "review",
              note: view,
              review: {
                ...{ material, decision },
                ...(actions.length ? { actions } : {}),
                ...(closes.length ? { closes } : {}),
              },
            },
            done: (person, role) =>
              `${person} (${role}) reviewed ${contract.model.name} ${contract.model.version}: ${decision}`,
          });
          return result.passed ? { ...result, hint: await nextStep(session, desk, options, name) } : result;
        });
      }),
    );
}

function addDone(review: Command, cli: Cli): void {
  withTarget(declare(review, "done <ids...>", "sign that actions of a review are done"))
    .requiredOption("--note <text>", "how, in words")
    .option("--role <role>", "the role to sign in: builds, runs")
    .option(...keyOption)
    .action((ids: string[], options: DoneOptions) =>
      perform(cli, "review done", options, async (session) => {
        const key = await signingKey(session, options.key);
        return atDesk(session, options.baton, options, async (desk) => {
          const closes = [...new Set(ids)];
          const signing = signingOf(session, desk, key, options.role);
          const asked = stateOf(signing.history, signing.at).actions.find(({ id }) => closes.includes(id));
          const { version, contentDigest } = asked ?? {
            version: desk.handoff.contract.model.version,
            contentDigest: desk.handoff.digest,
          };
          return takeStep(session, desk, key, {
            signOff: mayCloseActions({ ...signing, contentDigest, closes, note: options.note }),
            says: { action: "review", note: options.note, review: { closes } },
            about: { version, contentDigest },
            done: (person, role) => `${person} (${role}) closed ${closes.join(", ")}: ${options.note}`,
          });
        });
      }),
    );
}

function withTarget(command: Command): Command {
  return withDeskOptions(command.option("--baton <target>", "hand-off folder or .baton file that runs", "."));
}

/** The id is the same for whoever asks for the same, so that both signers may name one action. */
function actionOf(text: string, digest: string): Action {
  const [, owner, what, due] =
    /^([a-z][a-z0-9-]*):\s+(.*\S)\s+by\s+(\d{4}-\d{2}-\d{2})$/s.exec(text.trim()) ?? [];
  if (owner === undefined || what === undefined || due === undefined)
    throw new BatonError("usage", `"${text.slice(0, 100)}" is not an action.`, {
      next: 'Write who does what by when: --action "runs: raise the threshold by 2026-12-24".',
    });
  return { id: digestOf({ material: digest, owner, what, due }).slice(0, 8), what, owner, due };
}

/** What is to be done after a signature: the other role's, or nothing until the next review. */
async function nextStep(session: Session, desk: Desk, options: SignOptions, name: string): Promise<string> {
  return atDesk(session, options.baton, options, async ({ relay }) => {
    const at = session.now().toISOString();
    const { contract, digest } = desk.handoff;
    const review = stateOf(relay.history, at).reviews.findLast(({ file }) => file === name);
    if (review && review.missing.length > 0)
      return `It is complete when ${review.missing.join(" and ")} signs the same file: commit relay/ and reviews/.`;
    const terms = reviewTerms(contract);
    const next =
      terms && reviewsDue(relay.history, terms, at).find(({ contentDigest }) => contentDigest === digest);
    const others = {
      recall: "Next: baton recall.",
      retire: "Next: baton retire.",
      retrain: "Next: the builders offer a new version.",
    };
    const then = options.decision in others ? ` ${others[options.decision as keyof typeof others]}` : "";
    return `The review is complete.${next ? ` The next one is due on ${next.due.slice(0, 10)}.` : ""}${then}`;
  });
}
