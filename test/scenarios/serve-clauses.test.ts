import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDuckdb } from "../../src/adapters/duckdb/index.ts";
import { type Contract, clausesOf, parseContract, type Table } from "../../src/contract/index.ts";
import { type ViolatingRecords, violatingRecords } from "../../src/evidence/index.ts";
import { copyHandOff } from "../support/hand-off-copy.ts";
import { type ServeProcess, serveProcess } from "../support/serve-process.ts";

/*
 * Each enforced clause of the example, proved by a request that breaks it, sent to the built server over both
 * protocols. The requests are made from the contract: a new clause is tested without a new test.
 */

const example = "examples/flight-delay";
const flags = ["--allow-unsigned", "--allow-unaccepted"];
const datatypes = {
  float32: "FP32",
  float64: "FP64",
  int32: "INT32",
  int64: "INT64",
  string: "BYTES",
  boolean: "BOOL",
};

let contract: Contract;
let made: ViolatingRecords;
let server: ServeProcess;

beforeAll(async () => {
  [server, contract] = await Promise.all([serveProcess(example, flags), readContract()]);
  made = violatingRecords(contract, await validRows());
}, 60_000);

afterAll(async () => {
  await server?.stop();
});

async function readContract(): Promise<Contract> {
  const parsed = parseContract({ text: await readFile(`${example}/baton.yaml`, "utf8"), file: "baton.yaml" });
  if (!parsed.contract) throw new Error(parsed.findings[0]?.message);
  return parsed.contract;
}

async function validRows(): Promise<Table> {
  const duckdb = await openDuckdb();
  try {
    const columns = contract.features.map(({ name, type }) => ({ column: name, name, type }));
    for await (const table of duckdb.readTables(`${example}/data/joint.parquet`, { columns, batchRows: 500 }))
      return table;
    throw new Error("The joint set is empty.");
  } finally {
    duckdb.close();
  }
}

interface Told {
  readonly clause: string;
}

async function predict(url: string, record: unknown) {
  const reply = await fetch(`${url}/v1/models/flight-delay/predict`, {
    method: "POST",
    body: JSON.stringify({ records: [record] }),
  });
  return {
    status: reply.status,
    body: (await reply.json()) as { errors?: Told[]; predictions?: { warnings: Told[] }[] },
  };
}

async function infer(record: Readonly<Record<string, unknown>>) {
  const inputs = contract.features.map(({ name, type }) => ({
    name,
    datatype: datatypes[type],
    shape: [1, 1],
    data: [record[name] ?? null],
  }));
  const reply = await fetch(`${server.url}/v2/models/flight-delay/infer`, {
    method: "POST",
    body: JSON.stringify({ inputs }),
  });
  return {
    status: reply.status,
    body: (await reply.json()) as { errors?: Told[]; parameters?: { warnings?: number } },
  };
}

test("every enforced clause about inputs is violated, and none is left over", () => {
  const enforced = clausesOf(contract).filter(
    ({ kind, kept }) => (kind === "feature" || kind === "rule") && kept.includes("enforced"),
  );
  const violated = new Set(made.violations.map(({ clause }) => clause));
  expect(enforced.map(({ id }) => id).filter((id) => !violated.has(id))).toEqual([]);
  expect(made.unviolated).toEqual([]);
  expect(enforced.length).toBe(contract.features.length + contract.rules.length);
});

test("the valid row is answered, and each violation of it is answered by its clause", async () => {
  expect((await predict(server.url, made.valid)).status).toBe(200);
  for (const { clause, limit, reaction, record, alsoBreaks } of made.violations) {
    const { status, body } = await predict(server.url, record);
    const told =
      (reaction === "reject" ? body.errors : body.predictions?.[0]?.warnings)?.map((one) => one.clause) ?? [];
    const strangers =
      reaction === "reject" ? told.filter((one) => one !== clause && !alsoBreaks.includes(one)) : [];
    expect({ clause, limit, status, told: told.includes(clause), strangers }).toEqual({
      clause,
      limit,
      status: reaction === "reject" ? 400 : 200,
      told: true,
      strangers: [],
    });
  }
});

test("the same violations as tensors are refused as well", async () => {
  expect((await infer(made.valid ?? {})).status).toBe(200);
  for (const { clause, limit, reaction, record } of made.violations.filter(
    ({ limit }) => limit !== "unknown-field",
  )) {
    const { status, body } = await infer(record);
    expect([clause, limit, status]).toEqual([clause, limit, reaction === "reject" ? 400 : 200]);
    if (reaction === "warn") expect([clause, body.parameters?.warnings ?? 0]).not.toEqual([clause, 0]);
    else if (body.errors?.length) expect(body.errors.map((one) => one.clause)).toContain(clause);
  }
});

test("an answer outside the output's range never leaves the server", async () => {
  const copy = await copyHandOff(example, ["baton.yaml", "requirements.lock", "model", "golden"]);
  await copy.edit("baton.yaml", "range: [0, 1]", "range: [0.999, 1]");
  const strict = await serveProcess(copy.folder, flags);
  try {
    const { status, body } = await predict(strict.url, made.valid);
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: "output-invalid", errors: [{ clause: "outputs.late_probability" }] });
    expect(body.predictions).toBeUndefined();
  } finally {
    await strict.stop();
    await copy.discard();
  }
});
