import { join } from "node:path";
import { readBytes } from "../../adapters/folder/index.ts";
import { commandNotifier, githubNotifier, webhookNotifier } from "../../adapters/notify/index.ts";
import { BatonError, digestOf, type Finding } from "../../kernel/index.ts";
import {
  type Alert,
  isUsableAddress,
  type Notifier,
  parseOps,
  type SecretReference,
  type WrittenOps,
} from "../../watch/index.ts";
import type { Session } from "./session.ts";

const usualRetries = 5;

/** Engineering's settings of one environment. */
export interface OpsFile {
  /** As shown to people: `ops/production.yaml`. */
  readonly file: string;
  readonly home: string;
  readonly ops?: WrittenOps;
  readonly findings: readonly Finding[];
}

/** A place to tell, and what names it in records of deliveries. */
export interface Alerting {
  /** Digest of the settings: a changed address is another place. */
  readonly id: string;
  readonly notifier: Notifier;
}

/** Reads `ops/ENV.yaml` beside the relay. @throws BatonError `file-missing`, `usage` */
export async function readOps(home: string, environment: string): Promise<OpsFile> {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(environment))
    throw new BatonError("usage", `"${environment.slice(0, 80)}" cannot name an environment.`, {
      next: "Write it like production or eu-west-1.",
    });
  const file = `ops/${environment}.yaml`;
  const bytes = await readBytes(join(home, file), { maxBytes: 1024 * 1024 }).catch((thrown) => {
    if (!(thrown instanceof BatonError) || thrown.code !== "file-missing") throw thrown;
    throw new BatonError("file-missing", `There is no ${file}, which says who is told.`, {
      file,
      next: "Write it (docs/operations/triggers.md has an example), or leave out --env.",
    });
  });
  return { file, home, ...parseOps(Buffer.from(bytes).toString("utf8"), file, environment) };
}

/** Those who are told, with their secrets out of the environment. @throws BatonError `configuration-invalid` where one is not set */
export function alertings({ env }: Session, { file, home, ops }: OpsFile): Alerting[] {
  const secret = ({ env: name }: SecretReference): string => {
    const value = env[name];
    if (value) return value;
    throw new BatonError("configuration-invalid", `${file} names ${name}, which is not set.`, {
      file,
      next: `Set ${name} where baton runs. Nothing was signed or sent.`,
    });
  };
  const address = (written: string | SecretReference): string => {
    const url = typeof written === "string" ? written : secret(written);
    if (isUsableAddress(url)) return url;
    throw new BatonError("configuration-invalid", `${file} names an address that cannot be used.`, {
      file,
      next: "It must be https, or http to this machine. Nothing was signed or sent.",
    });
  };
  const named = new Set(["BATON_KEY", "BATON_KEY_PASSPHRASE", ...secretNames(ops?.alerts ?? [])]);
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !named.has(name)));
  const notifierOf = (alert: Alert): Notifier => {
    if ("command" in alert) return commandNotifier({ command: alert.command, cwd: home, env: rest });
    if ("webhook" in alert) {
      const { url, secret: reference, retries = usualRetries } = alert.webhook;
      return webhookNotifier({ url: address(url), secret: secret(reference), retries });
    }
    const { repository, event, token, api, retries = usualRetries } = alert.github;
    return githubNotifier({
      ...{ repository, event, token: secret(token), retries },
      ...(api !== undefined && { api: address(api) }),
    });
  };
  return (ops?.alerts ?? []).map((alert) => ({ id: digestOf(alert), notifier: notifierOf(alert) }));
}

/** Variables that hold secrets: programs that are told do not get them. */
function secretNames(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { env } = value as { env?: unknown };
  return [...(typeof env === "string" ? [env] : []), ...Object.values(value).flatMap(secretNames)];
}

/** Places as people read them, without what their addresses may hide. */
export function alertNames({ alerts = [] }: WrittenOps): string[] {
  return alerts.map((alert) => {
    if ("command" in alert) return `command ${alert.command[0]}`;
    if ("github" in alert) return `dispatch to ${alert.github.repository}`;
    const { url } = alert.webhook;
    return `webhook to ${typeof url === "string" ? new URL(url).host : `the address in ${url.env}`}`;
  });
}
