import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { idsOf, type RecordId, recordsOf } from "../../inference/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { readJson } from "./read-json.ts";
import { checkIds, recordRequest } from "./record-request.ts";
import { errorEntry, refuseUnanswered } from "./refusal.ts";
import { namingFields } from "./request-fields.ts";
import type { Serving } from "./serving.ts";

/** Named records: `{"records":[{…}]}` in, one answer a record out. */
export function addRecordRoutes(app: FastifyInstance, serving: Serving): void {
  const { name } = serving.options.contract.model;
  const path = "/v1/models/:model/predict";
  const naming = namingFields(serving.options.contract);
  app.post(path, async (request: FastifyRequest<{ Params: { model: string } }>, reply) => {
    if (request.params.model !== name)
      throw new BatonError("not-found", "There is no model of this name here.", {
        next: `The model is ${name}.`,
      });
    return serving.answer(() => predict(request, reply, serving, naming));
  });
}

async function predict(
  request: FastifyRequest,
  reply: FastifyReply,
  serving: Serving,
  naming: readonly string[],
): Promise<unknown> {
  const { contract, predictor, clock, limits } = serving.options;
  const { records, partial } = recordRequest(contract, readJson(request.body), limits.rows);
  checkIds(records, naming);
  const ids = idsOf(contract, records).map((id) => id ?? randomUUID());
  const started = clock();
  const prediction = await predictor.predictRecords(records);
  serving.predicted({ ids, records, prediction, durationMs: clock() - started });
  serving.mark(reply, prediction);
  if (!partial) refuseUnanswered(prediction);
  return {
    model: contract.model.name,
    version: contract.model.version,
    ...(prediction.madeUp ? { sketch: true } : {}),
    predictions: recordsOf(prediction, ids).map(answer),
  };
}

function answer(record: ReturnType<typeof recordsOf>[number]): { readonly id: RecordId } {
  if ("outputs" in record) return record;
  return { id: record.id, errors: record.rejections.map(errorEntry) } as { readonly id: RecordId };
}
