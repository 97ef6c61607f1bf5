import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ask, baton, paint, type Running, say, startServer } from "./stage.ts";

/** Where the demo plays, and what later steps need of earlier ones. */
export interface Scene {
  /** The example that is walked. */
  readonly from: string;
  /** Scratch folder: `builder/`, `engineer/`, `keys/`, `.baton/people.yaml`. */
  readonly root: string;
  server?: Running;
}

/** One step: who does what, why, and whether it ended as it should. */
export interface Step {
  readonly name: string;
  readonly who: "data scientist" | "engineer" | "both";
  /** One line: what this step is for. */
  readonly why: string;
  /** What came out, for the table; a step that did not end as it should throws. */
  run(scene: Scene): Promise<string>;
}

const builderKey = ["--key", "../keys/forecasting-lead.key.pem"];
const engineerKey = ["--key", "../keys/platform-lead.key.pem"];
const first = "flight-delay-1.0.0.baton";
const second = "flight-delay-1.1.0.baton";

/** The walk, as both people do it. */
export const steps: readonly Step[] = [
  {
    name: "init",
    who: "data scientist",
    why: "There is a model and a data frame. baton reads both, writes the contract, and asks what only people know.",
    async run({ from, root }) {
      const folder = join(root, "builder");
      for (const path of ["model", "data/training.parquet"]) await copy(from, folder, path);
      const ran = await baton(
        folder,
        [
          "init",
          "--onnx",
          "model/flight_delay.onnx",
          "--data",
          "data/training.parquet",
          "--name",
          "flight-delay",
        ],
        10,
      );
      expectExit(ran, 0);
      return `${await count(join(folder, "features.csv"))} features inferred`;
    },
  },
  {
    name: "check the draft",
    who: "data scientist",
    why: "A draft is not a promise yet: check says what is missing, where, and what to write.",
    async run({ root }) {
      const ran = await baton(join(root, "builder"), ["check"], 10);
      expectExit(ran, 1);
      const { findings } = await ask(join(root, "builder"), ["check"]);
      return `refused, ${blocking(findings)} things block`;
    },
  },
  {
    name: "answer",
    who: "data scientist",
    why: "The questions are answered: use, owners, joint set, golden rows, one gate, a budget (version 1.0.0, level handed-over).",
    async run({ from, root }) {
      const folder = join(root, "builder");
      for (const path of ["data/joint.parquet", "data/SOURCE.md", "golden", "story", "requirements.lock"])
        await copy(from, folder, path);
      await cp(join(from, "demo/first-version/baton.yaml"), join(folder, "baton.yaml"));
      await rm(join(folder, "features.csv"));
      expectExit(await baton(folder, ["profile"], 8), 0);
      expectExit(await baton(folder, ["check"]), 0);
      return "complete for its level";
    },
  },
  {
    name: "keys and people",
    who: "both",
    why: "Each side makes a key. Who may sign as what stands in .baton/people.yaml, under review, never in the baton.",
    async run({ root }) {
      const people = ["--out", "../keys", "--add", "../.baton/people.yaml"];
      expectExit(
        await baton(
          join(root, "builder"),
          ["key", "new", "forecasting-lead", "--role", "builds", ...people],
          2,
        ),
        0,
      );
      expectExit(
        await baton(
          join(root, "engineer"),
          ["key", "new", "platform-lead", "--role", "runs", "--role", "on-call", ...people],
          2,
        ),
        0,
      );
      return "2 people";
    },
  },
  {
    name: "test and bench",
    who: "data scientist",
    why: "Golden rows, gates, every limit broken on purpose, latency against the budget: evidence, signed, bound to what it read.",
    async run({ root }) {
      const folder = join(root, "builder");
      expectExit(await baton(folder, ["test", ...builderKey]), 0);
      expectExit(await baton(folder, ["bench", ...builderKey], 5), 0);
      return standing(await ask(folder, ["clauses"]));
    },
  },
  {
    name: "seal and offer",
    who: "data scientist",
    why: "One file with one possible byte form; then the hand-over itself, signed.",
    async run({ root }) {
      const folder = join(root, "builder");
      expectExit(await baton(folder, ["seal", ...builderKey]), 0);
      expectExit(await baton(folder, ["offer", first, ...builderKey], 4), 0);
      await send(root, first);
      return "offered 1.0.0";
    },
  },
  {
    name: "return",
    who: "engineer",
    why: "The engineer looks, and gives it back for a reason: one gate over all flights hides an airport that does worse.",
    async run({ root }) {
      const folder = join(root, "engineer");
      expectExit(await baton(folder, ["verify", first]), 0);
      const note =
        "One gate over all flights could hide a bad airport; three desks depend on it. And nobody is on call, and nothing says how to go back.";
      expectExit(
        await baton(
          folder,
          ["return", first, "--clause", "gates.auc", "--reason", "too-weak", "--note", note, ...engineerKey],
          4,
        ),
        0,
      );
      await carry(join(folder, "relay"), join(root, "builder", "relay"));
      return "returned for gates.auc";
    },
  },
  {
    name: "second version",
    who: "data scientist",
    why: "status says what is wanted; version 1.1.0 is critical: gates by airport, behaviours, limitations, roll-back, on-call.",
    async run({ from, root }) {
      const folder = join(root, "builder");
      expectExit(await baton(folder, ["status"], 10), 0);
      await cp(join(from, "baton.yaml"), join(folder, "baton.yaml"));
      const ran = await baton(folder, ["diff", first, "."], 12);
      expectExit(ran, 0);
      const { changes, requires } = await ask(folder, ["diff", first, "."]);
      return `${(changes as unknown[]).length} changes, needs a ${requires} version`;
    },
  },
  {
    name: "evidence again",
    who: "data scientist",
    why: "Only what is stale is run again: the model did not change, some clauses did.",
    async run({ root }) {
      const folder = join(root, "builder");
      expectExit(await baton(folder, ["profile"], 3), 0);
      expectExit(await baton(folder, ["test", ...builderKey]), 0);
      expectExit(await baton(folder, ["bench", ...builderKey], 5), 0);
      expectExit(await baton(folder, ["seal", ...builderKey], 3), 0);
      expectExit(await baton(folder, ["offer", second, ...builderKey], 4), 0);
      await send(root, second);
      return standing(await ask(folder, ["clauses"]));
    },
  },
  {
    name: "accept",
    who: "engineer",
    why: "In a folder with nothing but the baton, the people file and a key: everything runs again here before anyone signs.",
    async run({ root }) {
      const folder = join(root, "engineer");
      const refused = await baton(folder, ["accept", second, ...engineerKey, "--quiet"], 6);
      expectExit(refused, 1);
      const stated = (await clausesKept(folder, second, "stated")).flatMap((id) => ["--acknowledge", id]);
      say(paint("dim", "      refused: what only people can keep wants to be acknowledged by its id"));
      expectExit(await baton(folder, ["accept", second, ...stated, ...engineerKey]), 0);
      return `accepted, ${stated.length / 2} acknowledged`;
    },
  },
  {
    name: "deploy",
    who: "engineer",
    why: "Which version goes where is signed too; so is every way back.",
    async run({ root }) {
      const folder = join(root, "engineer");
      expectExit(await baton(folder, ["deploy", second, "--env", "production", ...engineerKey], 4), 0);
      expectExit(await baton(folder, ["status", second], 8), 0);
      return "1.1.0 in production";
    },
  },
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

function expectExit(ran: { exitCode: number; stderr: string }, wanted: number): void {
  if (ran.exitCode !== wanted) throw new Error(`ended with ${ran.exitCode}, not ${wanted}`);
}

function blocking(findings: unknown): number {
  return (findings as { severity: string }[]).filter(({ severity }) => severity === "blocking").length;
}

function standing({ clauses }: Record<string, unknown>): string {
  const outcomes = (clauses as { verdict: { outcome: string } }[]).map(({ verdict }) => verdict.outcome);
  const counted = ["pass", "fail", "not-run"].map(
    (word) => `${outcomes.filter((outcome) => outcome === word).length} ${word}`,
  );
  return `${outcomes.length} clauses: ${counted.join(", ")}`;
}

async function clausesKept(folder: string, target: string, kept: string): Promise<string[]> {
  const { clauses } = await ask(folder, ["clauses", target]);
  return (clauses as { id: string; kept: string[] }[])
    .filter((clause) => clause.kept.includes(kept))
    .map(({ id }) => id);
}

async function count(file: string): Promise<number> {
  return (await readFile(file, "utf8")).trim().split("\n").length - 1;
}

async function copy(from: string, to: string, path: string): Promise<void> {
  await mkdir(join(to, path, ".."), { recursive: true });
  await cp(join(from, path), join(to, path), { recursive: true });
}

/** What sending a file does: the engineer gets the baton, and nothing else. */
async function send(root: string, file: string): Promise<void> {
  await cp(join(root, "builder", file), join(root, "engineer", file));
}

/** What `git pull` does with the relay: new entries arrive, none is changed. */
async function carry(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const there = new Set(await readdir(to));
  for (const name of await readdir(from)) if (!there.has(name)) await cp(join(from, name), join(to, name));
}
