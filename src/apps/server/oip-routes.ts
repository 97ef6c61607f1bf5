import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  decodeInferRequest,
  encodeInferResponse,
  modelConfig,
  modelMetadata,
  placeInRequest,
} from "../../adapters/oip-rest/index.ts";
import type { Prediction } from "../../inference/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { createStatistics } from "./model-statistics.ts";
import { addRepositoryRoutes, refuseExtensions } from "./oip-extensions.ts";
import { readJson } from "./read-json.ts";
import { refuseUnanswered } from "./refusal.ts";
import type { Serving } from "./serving.ts";

type Named = FastifyRequest<{ Params: { model: string; version?: string } }>;

const bases = ["/v2/models/:model", "/v2/models/:model/versions/:version"];

/** Open Inference Protocol v2 over REST: health, metadata, configuration, statistics, infer with JSON tensors. */
export function addInferenceProtocolRoutes(app: FastifyInstance, serving: Serving): void {
  const { contract, limits, clock } = serving.options;
  const { model } = contract;
  const statistics = createStatistics(model.name, model.version);
  const ready = () => serving.admission.state() === "ready";
  const health = (reply: FastifyReply, body: object) => reply.code(ready() ? 200 : 503).send(body);
  addServerRoutes(app, serving, health);
  for (const base of bases) {
    app.get(base, async (request: Named) => named(request, serving, () => modelMetadata(contract)));
    app.get(`${base}/config`, async (request: Named) =>
      named(request, serving, () => modelConfig(contract, limits.rows)),
    );
    app.get(`${base}/stats`, async (request: Named) => named(request, serving, statistics.report));
    app.get(`${base}/ready`, async (request: Named, reply) =>
      named(request, serving, () => health(reply, { name: model.name, ready: ready() })),
    );
    app.post(`${base}/infer`, async (request: Named, reply) =>
      named(request, serving, () =>
        statistics
          .timed(clock, () => serving.answer(() => infer(request, reply, serving)))
          .then(({ text }) => reply.type("application/json").send(text)),
      ),
    );
  }
  app.get("/v2/models/stats", async () => statistics.report());
  addRepositoryRoutes(app, serving);
  refuseExtensions(app);
}

function addServerRoutes(
  app: FastifyInstance,
  { options, admission }: Serving,
  health: (reply: FastifyReply, body: object) => FastifyReply,
): void {
  app.get("/v2", async () => ({
    name: "baton",
    version: options.version,
    extensions: ["model_configuration", "statistics"],
  }));
  app.get("/v2/health/live", async () => ({ live: true }));
  app.get("/v2/health/ready", async (_request, reply) =>
    health(reply, { ready: admission.state() === "ready", live: true }),
  );
}

/** JSON text of the response; `reply` only gets headers. */
async function infer(request: Named, reply: FastifyReply, serving: Serving): Promise<InferAnswer> {
  const { contract, predictor, clock, limits } = serving.options;
  refuseBinaryBody(request);
  const { value } = readJson(request.body);
  const decoded = decodeInferRequest(contract, value, { rows: limits.rows });
  const started = clock();
  const prediction = await predictor.predict(decoded.table);
  const ids = Array.from({ length: prediction.rows }, (_, row) =>
    decoded.id ? `${decoded.id}/${row}` : null,
  );
  serving.predicted({ ids, prediction, durationMs: clock() - started });
  serving.mark(reply, prediction);
  refuseUnanswered(prediction, (violation) => placeInRequest(decoded, violation));
  const text = encodeInferResponse(contract, decoded, prediction.outputs, remarks(prediction));
  return { text, rows: prediction.rows };
}

interface InferAnswer {
  readonly text: string;
  readonly rows: number;
}

/** What a client of the protocol is told beside the outputs. */
function remarks({ madeUp, counts }: Prediction): Record<string, number | boolean> {
  return {
    ...(madeUp ? { sketch: true } : {}),
    ...(counts.warnings > 0 ? { warnings: counts.warnings } : {}),
  };
}

function refuseBinaryBody({ headers }: Named): void {
  if (headers["inference-header-content-length"] !== undefined)
    throw new BatonError("unsupported", "Binary tensors are not served here.", {
      next: "Send JSON tensors (tritonclient: binary_data=False for inputs and outputs).",
    });
}

function named<Result>(request: Named, { options }: Serving, answer: () => Result): Result {
  const { name, version } = options.contract.model;
  const { model, version: wanted } = request.params;
  if (model !== name)
    throw new BatonError("not-found", "There is no model of this name here.", {
      next: `The model is ${name}.`,
    });
  if (wanted !== undefined && wanted !== version)
    throw new BatonError("not-found", "This version is not served here.", {
      next: `The version is ${version}.`,
    });
  return answer();
}
