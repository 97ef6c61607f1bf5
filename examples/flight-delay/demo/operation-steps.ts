import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { labelsBy, replayFlights, type Stretch } from "./replay.ts";
import { builderKey, carry, engineerKey, expectExit, type Scene, type Step, second } from "./scene.ts";
import { ask, baton, type Ran, type Running, startServer } from "./stage.ts";

const summer: Stretch = { from: "2013-06-01", to: "2013-09-16" };
/** The weather in the data ends on the evening of 30 December. */
const rest: Stretch = { from: "2013-09-16", to: "2013-12-30T12:00:00Z" };
const labels = "labels.parquet";

/** What becomes of the model in seven months, and how the next one is asked for. */
export const operationSteps: readonly Step[] = [
  {
    name: "a summer of traffic",
    who: "engineer",
    why: "The same server, now observed: every flight of June to mid-September, over HTTP, each with the time of its departure.",
    run: (scene) => replay(scene, summer),
  },
  {
    name: "watch",
    who: "engineer",
    why: "As on 16 September: what drifts, and how good it is. Labels come a day late; until then performance is estimated.",
    async run(scene) {
      const folder = join(scene.root, "engineer");
      const at = "2013-09-16T12:00:00Z";
      await labelsBy(replayOf(scene), join(folder, labels), at);
      const watch = ["watch", "observed", "--baton", second, "--labels", labels, "--at", at];
      await looked(await baton(folder, watch, 44));
      const seen = await ask(folder, watch);
      const drifting = (seen.windows as Window[])
        .at(-1)
        ?.drift?.columns.filter(({ verdict }) => verdict === "drift");
      return `${drifting?.length ?? 0} columns drift`;
    },
  },
  {
    name: "the rest of the year",
    who: "engineer",
    why: "Mid-September to the end of December, through a restarted replica.",
    run: (scene) => replay(scene, rest),
  },
  {
    name: "report and request",
    who: "engineer",
    why: "All labels are in. A program with a key of its own, which can do nothing else, signs what the trigger asks for.",
    async run(scene) {
      const folder = join(scene.root, "engineer");
      const at = "2013-12-30T12:00:00Z";
      await labelsBy(replayOf(scene), join(folder, labels), at);
      const key = [
        "key",
        "new",
        "nightly-watch",
        "--service",
        "--out",
        "../keys",
        "--add",
        "../.baton/people.yaml",
      ];
      expectExit(await baton(folder, key, 2), 0);
      const watch = ["watch", "observed", "--baton", second, "--labels", labels, "--at", at];
      const request = ["--html", "report.html", "--request", "--key", "../keys/nightly-watch.key.pem"];
      await looked(await baton(folder, [...watch, ...request], -34));
      await carry(join(folder, "relay"), join(scene.root, "builder", "relay"));
      expectExit(await baton(join(scene.root, "builder"), ["status"], 12), 0);
      const { requests } = await ask(join(scene.root, "builder"), ["status"]);
      const open = (requests ?? []) as { said: { clause: string } }[];
      if (open.length === 0) return "no trigger stands, so nothing is asked for";
      return `${open.map(({ said }) => said.clause).join(", ")} asks for the next version`;
    },
  },
  {
    name: "review",
    who: "both",
    why: "Both teams look at the same material, say what they think, agree who does what by when, and sign.",
    async run(scene) {
      const [builder, engineer] = [join(scene.root, "builder"), join(scene.root, "engineer")];
      const collect = [
        "review",
        "observed",
        "--baton",
        second,
        "--labels",
        labels,
        "--at",
        "2013-12-30T12:00:00Z",
      ];
      await looked(await baton(engineer, collect, 10));
      await cp(join(engineer, "reviews"), join(builder, "reviews"), { recursive: true });
      const [page] = (await readdir(join(builder, "reviews"))).filter((name) => name.endsWith(".md"));
      const sign = ["review", "sign", `reviews/${page}`, "--baton", second, "--decision", "retrain"];
      const byEngineer = [
        "--view",
        "Ranking fell below what the desks can use. Weather ended with the year.",
      ];
      expectExit(
        await baton(
          engineer,
          [...sign, ...byEngineer, "--action", "runs: mend the weather feed by 2027-01-15", ...engineerKey],
          4,
        ),
        0,
      );
      await carry(join(engineer, "relay"), join(builder, "relay"));
      const byBuilder = [
        "--view",
        "Winter is all that the model has seen. The next one learns from the whole year.",
      ];
      expectExit(
        await baton(
          builder,
          [...sign, ...byBuilder, "--action", "builds: offer 1.2.0 by 2027-01-31", ...builderKey],
          4,
        ),
        0,
      );
      expectExit(await baton(builder, ["status"], 16), 0);
      await carry(join(builder, "relay"), join(engineer, "relay"));
      return "signed by both: retrain";
    },
  },
];

/** Sends a stretch through a server that observes; it ends with a file that says so, and another takes its place. */
async function replay(scene: Scene, stretch: Stretch): Promise<string> {
  await scene.server?.stop();
  scene.server = await serve(scene, ["--observe", "observed", "--observe-roll", "2"]);
  const started = performance.now();
  const { rows, answered } = await replayFlights(replayOf(scene), scene.server.url, stretch);
  const perSecond = Math.round((rows / (performance.now() - started)) * 1000);
  const code = await scene.server.stop();
  if (code !== 0) throw new Error(`the server ended with ${code}`);
  scene.server = await serve(scene, []);
  return `${answered} of ${rows} flights answered, ${perSecond} a second`;
}

async function serve({ root }: Scene, more: readonly string[]): Promise<Running> {
  const folder = join(root, "engineer");
  return await startServer(folder, ["serve", second, "--env", "production", "--port", "0", ...more]);
}

interface Window {
  readonly drift?: { readonly columns: readonly { readonly verdict: string }[] };
}

function replayOf({ from }: Scene): string {
  return join(from, "data/replay.parquet");
}

/** A look ends with 1 where something is not well, which is no fault of the demo. */
async function looked({ exitCode, stderr }: Ran): Promise<void> {
  if (exitCode > 1) throw new Error(`ended with ${exitCode}: ${stderr.slice(0, 300)}`);
}
