import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  blocking,
  builderKey,
  carry,
  clausesKept,
  copy,
  count,
  engineerKey,
  expectExit,
  first,
  type Step,
  second,
  send,
  standing,
} from "./scene.ts";
import { ask, baton, paint, say } from "./stage.ts";

/** From a bare model to production. */
export const handOverSteps: readonly Step[] = [
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
];
