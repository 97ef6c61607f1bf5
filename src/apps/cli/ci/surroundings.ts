import { resolve } from "node:path";
import { type CodeHost, gitHub, gitLab } from "../../../adapters/code-host/index.ts";
import { readBytes } from "../../../adapters/folder/index.ts";
import type { Session } from "../session.ts";

/** Where a pipeline runs, as far as its environment says. */
export interface Surroundings {
  readonly platform: "GitHub" | "GitLab" | "none";
  /** Where to post; absent with the reason in `whyNot`. */
  readonly host?: CodeHost;
  readonly whyNot?: string;
  /** Number of the pull or merge request; absent for pushes and schedules. */
  readonly request?: string;
  /** Commit that people see the status on: of a pull request its head, not the merge that is checked out. */
  readonly commit?: string;
  /** Page of this run. */
  readonly url?: string;
  /** File that GitHub shows as the summary of the step. */
  readonly summaryFile?: string;
}

/** Reads the environment of GitHub Actions or GitLab CI. Tokens come from it and go nowhere but to the API that it names. */
export async function surroundingsOf(session: Session): Promise<Surroundings> {
  if (session.env.GITHUB_ACTIONS === "true") return onGitHub(session);
  if (session.env.GITLAB_CI === "true") return onGitLab(session.env);
  return { platform: "none", whyNot: "this is neither GitHub Actions nor GitLab CI" };
}

async function onGitHub(session: Session): Promise<Surroundings> {
  const { env } = session;
  const repository = env.GITHUB_REPOSITORY ?? "";
  const { request, commit, source } = await pullRequestOf(session);
  const token = env.GITHUB_TOKEN ?? env.GH_TOKEN ?? "";
  const whyNot =
    source !== undefined && source !== repository
      ? `this is a pull request from ${source || "a repository that is gone"}, and the pipeline of a fork may not write`
      : missing({ GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository });
  const url = env.GITHUB_API_URL ?? "https://api.github.com";
  return {
    platform: "GitHub",
    ...(whyNot === undefined
      ? { host: gitHub({ url: url.replace(/\/+$/, ""), token, repository }) }
      : { whyNot }),
    ...(request && { request }),
    ...optional("commit", commit ?? env.GITHUB_SHA),
    ...(env.GITHUB_SERVER_URL && env.GITHUB_RUN_ID
      ? { url: `${env.GITHUB_SERVER_URL}/${repository}/actions/runs/${env.GITHUB_RUN_ID}` }
      : {}),
    ...optional("summaryFile", env.GITHUB_STEP_SUMMARY),
  };
}

interface Event {
  readonly pull_request?: {
    readonly number?: unknown;
    readonly head?: { readonly sha?: unknown; readonly repo?: { readonly full_name?: unknown } | null };
  } | null;
}

/** What the event that started the pipeline says of a pull request; nothing where it is none, or cannot be read. */
async function pullRequestOf({
  env,
  cwd,
}: Session): Promise<{ request?: string; commit?: string; source?: string }> {
  if (!env.GITHUB_EVENT_PATH) return {};
  const read = await readBytes(resolve(cwd, env.GITHUB_EVENT_PATH), { maxBytes: 32 * 1024 * 1024 })
    .then((bytes) => JSON.parse(Buffer.from(bytes).toString("utf8")) as Event | null)
    .catch(() => undefined);
  const asked = read?.pull_request;
  if (!asked) return {};
  const { number, head } = asked;
  return {
    ...(Number.isSafeInteger(number) && { request: String(number) }),
    ...(typeof head?.sha === "string" && { commit: head.sha }),
    source: typeof head?.repo?.full_name === "string" ? head.repo.full_name : "",
  };
}

function onGitLab(env: Session["env"]): Surroundings {
  const token = env.BATON_GITLAB_TOKEN ?? env.GITLAB_TOKEN ?? "";
  const project = env.CI_PROJECT_ID ?? "";
  const source = env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID;
  const whyNot =
    source !== undefined && source !== (env.CI_MERGE_REQUEST_PROJECT_ID ?? project)
      ? "this is a merge request from a fork, and its pipeline may not write"
      : missing({
          BATON_GITLAB_TOKEN: token,
          CI_API_V4_URL: env.CI_API_V4_URL ?? "",
          CI_PROJECT_ID: project,
        });
  return {
    platform: "GitLab",
    ...(whyNot === undefined
      ? {
          host: gitLab({
            ...{ url: (env.CI_API_V4_URL ?? "").replace(/\/+$/, ""), token, project },
            ...(/^\d+$/.test(env.CI_PIPELINE_ID ?? "") && { pipeline: env.CI_PIPELINE_ID! }),
          }),
        }
      : { whyNot }),
    ...optional("request", env.CI_MERGE_REQUEST_IID),
    ...optional("commit", env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || env.CI_COMMIT_SHA),
    ...optional("url", env.CI_JOB_URL),
  };
}

function missing(variables: Readonly<Record<string, string>>): string | undefined {
  const names = Object.keys(variables).filter((name) => variables[name] === "");
  return names.length > 0 ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} not set` : undefined;
}

function optional<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return value ? ({ [key]: value } as { [K in Key]?: string }) : {};
}
