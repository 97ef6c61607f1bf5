import type { Command } from "commander";
import { isMadeUp } from "../../../contract/index.ts";
import { recordAt } from "../../../evidence/index.ts";
import { BatonError } from "../../../kernel/index.ts";
import { environmentIn, stateOf } from "../../../relay/index.ts";
import { createServer, defaultLimits, jsonLog, serveUntilStopped } from "../../server/index.ts";
import { type Cli, type CommonOptions, declare, perform, wholeNumber } from "../command.ts";
import { atDesk, type Desk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { featureRequests, withDuckdb } from "../hand-off-rows.ts";
import type { ReadyHandoff } from "../handoff.ts";
import { monotonicMs, openPredictor } from "../model.ts";
import {
  type ObserveOptions,
  openObservation,
  servedObservation,
  withObserveOptions,
} from "../observation.ts";
import { type PermissionOptions, permission, withPermissionOptions } from "../permission.ts";
import type { CommandResult } from "../result.ts";
import type { Session } from "../session.ts";
import { version } from "../version.ts";

interface ServeOptions extends CommonOptions, DeskOptions, PermissionOptions, ObserveOptions {
  readonly port: number;
  readonly host: string;
  readonly maxBody?: number;
  readonly maxRows?: number;
  readonly concurrent?: number;
  readonly timeout?: number;
}

/** `baton serve FILE`: the contract on the wire. */
export function addServe(program: Command, cli: Cli): void {
  withObserveOptions(
    withPermissionOptions(
      withDeskOptions(
        declare(
          program,
          "serve <target>",
          "the contract on the wire: named records, Open Inference Protocol v2, metrics, API page",
          "Refuses what is altered, unsigned, unaccepted or recalled unless a flag says otherwise; every reply then says so in the\n" +
            "header baton-warning. A sketch answers made-up values that fit the contract, marked. Ends on SIGTERM when all is answered.\n\n" +
            "  baton serve churn-1.0.0.baton --env production --port 8080\n" +
            "  curl localhost:8080/v1/models/churn/predict -d '{\"records\":[{…}]}'",
        ),
      ),
    ),
  )
    .option("--port <port>", "port; 0 picks a free one", wholeNumber(0, 65_535), 8080)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--max-body <MiB>", "largest request body", wholeNumber(1, 1024))
    .option("--max-rows <rows>", "most rows in a request", wholeNumber(1))
    .option("--concurrent <requests>", "most requests at once; more get 429", wholeNumber(1))
    .option("--timeout <ms>", "time limit of a request", wholeNumber(1))
    .action((target: string, options: ServeOptions) =>
      perform(cli, "serve", options, (session) =>
        atDesk(session, target, options, (desk) => serve(session, desk, options)),
      ),
    );
}

async function serve(session: Session, desk: Desk, options: ServeOptions): Promise<CommandResult> {
  const { handoff } = desk;
  const { irregular } = await permission(session, desk, options);
  warnWhereNotOnRecord(session, desk, options.env);
  const observation = await openObservation(session, handoff, options, "served");
  const hooks = observation && servedObservation(observation);
  const predictor = await openPredictor(handoff, hooks ? { observer: hooks.predicted } : {});
  try {
    const server = createServer({
      contract: handoff.contract,
      predictor,
      digest: handoff.digest,
      contractText: handoff.contractText,
      irregular,
      examples: await exampleRows(handoff),
      version,
      limits: {
        ...defaultLimits,
        ...(options.maxBody ? { bodyBytes: options.maxBody * 1024 ** 2 } : {}),
        ...(options.maxRows ? { rows: options.maxRows } : {}),
        ...(options.concurrent ? { concurrent: options.concurrent } : {}),
        ...(options.timeout ? { timeoutMs: options.timeout } : {}),
      },
      ...(hooks && { observer: hooks.served }),
      log: jsonLog({ write: session.err }),
      clock: monotonicMs,
    });
    const served = await serveUntilStopped({ server, host: options.host, port: options.port });
    const { name, version: modelVersion } = handoff.contract.model;
    if (options.json)
      session.out(
        `${JSON.stringify({ format_version: 1, command: "serve", listening: true, url: served.url, model: name, version: modelVersion, irregular })}\n`,
      );
    else {
      session.out(`${served.url}\n`);
      session.err(
        `${name} ${modelVersion}: POST ${served.url}/v1/models/${name}/predict; API page ${served.url}/; stop with Ctrl-C.\n`,
      );
      for (const why of irregular) session.err(`! Served against the rules: ${why}. Every reply says so.\n`);
    }
    const { signal, clean } = await served.stopped;
    if (!clean) throw new BatonError("interrupted", `Ended by ${signal} before all requests were answered.`);
    return { passed: true, hint: `Ended by ${signal}; every request under way was answered.` };
  } finally {
    await predictor.close();
    await observation?.close();
  }
}

/** A few rows of the joint set, for the API page. */
async function exampleRows({ contract, folder, files }: ReadyHandoff): Promise<Record<string, unknown>[]> {
  const { joint } = contract.data;
  const requests = featureRequests(contract);
  if (joint === undefined || !files.has(joint) || requests.length !== contract.features.length) return [];
  return withDuckdb(async (duckdb) => {
    for await (const table of duckdb.readTables(await folder.absolute(joint), {
      columns: requests,
      batchRows: 8,
    }))
      return Array.from({ length: Math.min(3, table.rows) }, (_, row) => recordAt(table, row));
    return [];
  }).catch(() => []);
}

/** A name mistyped, or a deployment that nobody signed: said, and not refused, since starting is the platform's work. */
function warnWhereNotOnRecord(
  session: Session,
  { handoff, relay }: Desk,
  environment: string | undefined,
): void {
  if (environment === undefined || isMadeUp(handoff.contract)) return;
  const state = stateOf(relay.history, session.now().toISOString());
  const current = environmentIn(state, environment)?.current;
  if (current?.contentDigest === handoff.digest) return;
  const record = current ? `${current.version} is on record there` : "nothing is on record there";
  session.err(
    `! This version is not on record as running in ${environment} (${record}): baton deploy signs it.\n`,
  );
}
