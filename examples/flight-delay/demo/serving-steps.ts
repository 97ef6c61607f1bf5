import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { carry, expectExit, type Step, second, standing } from "./scene.ts";
import { ask, baton, paint, type Running, say, startServer } from "./stage.ts";

/** The contract on the wire, and what a changed byte comes to. */
export const servingSteps: readonly Step[] = [
  {
    name: "serve",
    who: "engineer",
    why: "The contract on the wire: an accepted baton starts without a flag.",
    async run(scene) {
      const folder = join(scene.root, "engineer");
      scene.server = await startServer(folder, ["serve", second, "--env", "production", "--port", "0"]);
      say(`      ${scene.server.url}`);
      return scene.server.url;
    },
  },
  {
    name: "a good row",
    who: "engineer",
    why: "A named record in; probability, decision and warnings out.",
    async run({ server }) {
      const { status, body } = await post(server, { records: [goodRow] });
      show(body);
      const [answer] = (body.predictions ?? []) as {
        outputs: { late_probability: number };
        decision: boolean;
      }[];
      if (status !== 200 || !answer) throw new Error(`answered ${status}`);
      return `${answer.outputs.late_probability.toFixed(3)}, decision ${answer.decision}`;
    },
  },
  {
    name: "a bad row",
    who: "engineer",
    why: "A carrier nobody knows, and gusts weaker than the wind: rejected, with clause, path, expected and received.",
    async run({ server }) {
      const { status, body } = await post(server, {
        records: [
          { ...goodRow, carrier: "ZZ" },
          { ...goodRow, wind_speed: 40, wind_gust: 20 },
        ],
      });
      show(body.errors);
      const clauses = ((body.errors ?? []) as { clause: string }[]).map(({ clause }) => clause);
      if (status !== 400) throw new Error(`answered ${status}`);
      return `400: ${[...new Set(clauses)].join(", ")}`;
    },
  },
  {
    name: "a batch",
    who: "engineer",
    why: "The whole of May by the same path, from file to file.",
    async run({ root, from }) {
      const folder = join(root, "engineer");
      const input = join(root, "may.parquet");
      await cp(join(from, "data/joint.parquet"), input);
      const ran = await baton(
        folder,
        ["predict", second, "../may.parquet", "answers.parquet", "--env", "production"],
        6,
      );
      if (ran.exitCode > 1) throw new Error(`ended with ${ran.exitCode}`);
      return ran.stdout.split("\n")[1]?.trim() ?? "";
    },
  },
  {
    name: "tamper",
    who: "both",
    why: "One byte of the baton is changed on its way: nothing starts with it.",
    async run({ root }) {
      const folder = join(root, "engineer");
      const bytes = await readFile(join(folder, second));
      const at = bytes.indexOf("roc_auc >= 0.72");
      if (at < 0) throw new Error("the gate is not where it was");
      bytes.write("roc_auc >= 0.02", at);
      await writeFile(join(folder, "tampered.baton"), bytes);
      expectExit(await baton(folder, ["verify", "tampered.baton"], 4), 1);
      const served = await baton(folder, ["serve", "tampered.baton", "--port", "0"], 4);
      expectExit(served, 1);
      return "refused by verify and serve";
    },
  },
  {
    name: "look back",
    who: "both",
    why: "Every promise with its owner, evidence and verdict; and who approved what on which evidence.",
    async run({ root }) {
      const folder = join(root, "engineer");
      expectExit(await baton(folder, ["clauses", second], 12), 0);
      expectExit(await baton(folder, ["audit", second], 14), 0);
      await carry(join(folder, "relay"), join(root, "builder", "relay"));
      return standing(await ask(folder, ["clauses", second]));
    },
  },
];

const goodRow = {
  origin: "EWR",
  carrier: "UA",
  destination: "ORD",
  distance: 719,
  hour: 18,
  weekday: 5,
  temperature: 64.9,
  wind_speed: 13.8,
  wind_gust: 24.2,
  precipitation: 0.02,
  visibility: 4,
  pressure: 1006.2,
  plane_age: 11,
  seats: 149,
};

async function post(
  server: Running | undefined,
  body: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  if (!server) throw new Error("the server does not run");
  say(
    `    ${paint("cyan", `$ curl ${server.url}/v1/models/flight-delay/predict -d '${JSON.stringify(body).slice(0, 70)}…'`)}`,
  );
  const response = await fetch(`${server.url}/v1/models/flight-delay/predict`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function show(value: unknown): void {
  for (const line of JSON.stringify(value, null, 1).split("\n").slice(0, 18))
    say(paint("dim", `      ${line}`));
}
