import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { canonicalBytes, type Envelope, parseDuration, payloadOf } from "../../src/kernel/index.ts";
import { program, type Ran, startWarmProgram, type WarmProgram } from "./baton-program.ts";
import { forgeEvidence } from "./forge-evidence.ts";
import {
  fits,
  parseScenario,
  patternOf,
  replaceNames,
  type ScenarioScript,
  type ScenarioStep,
  splitArguments,
} from "./scenario-script.ts";
import { startProcess } from "./serve-process.ts";
import { smallFlights, smallModel, writeSmallHandOff } from "./small-hand-off.ts";

/** A folder in which a scenario plays, and what it has come to. */
interface Scene {
  readonly root: string;
  readonly program: WarmProgram;
  readonly values: Map<string, string>;
  /** Relative to the root. Each folder is a machine of its own: it remembers what it has seen. */
  folder: string;
  forwardMs: number;
  last: Ran;
}

/** Runs scenarios; states that several start from are played once. */
export interface ScenarioPlayer {
  play(script: ScenarioScript): Promise<void>;
  end(): Promise<void>;
}

/** A player whose `start NAME` begins where `states/NAME.txt` ended. */
export function scenarioPlayer(statesFolder: URL): ScenarioPlayer {
  const states = new Map<string, Promise<string>>();
  const roots: string[] = [];
  const newRoot = async () => {
    const root = await mkdtemp(join(tmpdir(), "baton-scenario-"));
    roots.push(root);
    return root;
  };
  const stateOf = (name: string) => {
    const known = states.get(name) ?? playState(name);
    states.set(name, known);
    return known;
  };
  const playState = async (name: string) => {
    const root = await newRoot();
    await playIn(root, parseScenario(await readFile(new URL(`${name}.txt`, statesFolder), "utf8")), stateOf);
    return root;
  };
  return {
    play: async (script) => playIn(await newRoot(), script, stateOf),
    async end() {
      for (const root of roots) await rm(root, { recursive: true, force: true });
    },
  };
}

async function playIn(
  root: string,
  { steps, files }: ScenarioScript,
  stateOf: (name: string) => Promise<string>,
): Promise<void> {
  const starts = steps.filter(({ verb }) => verb === "start");
  for (const { text } of starts) await cp(await stateOf(text), root, { recursive: true });
  for (const [path, content] of files) await writeIn(root, path, content);
  const program = await startWarmProgram();
  const scene: Scene = {
    root,
    program,
    values: new Map(),
    folder: ".",
    forwardMs: 0,
    last: { exitCode: 0, stdout: "", stderr: "" },
  };
  try {
    await playSteps(
      scene,
      steps.filter((step) => !starts.includes(step)),
    );
  } finally {
    await program.end();
  }
}

async function playSteps(scene: Scene, steps: readonly ScenarioStep[]): Promise<void> {
  let command: ScenarioStep | undefined;
  for (const [index, step] of steps.entries()) {
    if (step.verb === "baton") command = step;
    const asked = steps.slice(index + 1).find(({ verb }) => verb === "baton" || verb === "?");
    const expectedCode = asked?.verb === "?" ? Number(asked.text) : 0;
    const problem = await playStep(scene, step, expectedCode).catch((thrown: Error) => thrown.message);
    if (problem !== undefined) throw new Error(report(step, command, scene.last, problem));
  }
}

function report(step: ScenarioStep, command: ScenarioStep | undefined, last: Ran, problem: string): string {
  const written = command ? `$ baton ${command.text}\n` : "";
  return `line ${step.line}: ${step.verb} ${step.text}\n${problem}\n${written}exit ${last.exitCode}\n${last.stdout.slice(0, 6000)}\n${last.stderr}`;
}

/** Does what a line says, and gives what is wrong. */
async function playStep(scene: Scene, step: ScenarioStep, expectedCode: number): Promise<string | undefined> {
  const { verb, text } = step;
  const expectation = expectations[verb];
  if (expectation) return expectation(scene.last, replaceNames(text, scene.values));
  if (verb === "baton") return playCommand(scene, text, expectedCode);
  const deed = deeds[verb];
  if (!deed) return `there is no such step: ${verb}`;
  await deed(scene, splitArguments(text, scene.values), text);
  return undefined;
}

async function playCommand(scene: Scene, text: string, expectedCode: number): Promise<string | undefined> {
  const argv = splitArguments(text, scene.values);
  scene.last = await runIn(scene, argv);
  if (scene.last.exitCode !== expectedCode) return `it should end with ${expectedCode}`;
  return problemOf(argv, scene.last) ?? (looksOnly.has(argv[0] ?? "") ? inJson(scene, argv) : undefined);
}

/** Commands that change nothing: each is run again with `--json`. */
const looksOnly = new Set([
  ...["check", "clauses", "diff", "verify", "inspect", "status", "log", "audit"],
  ...["types", "explain", "schema"],
]);

/** The same command says the same in JSON, with the same exit code. */
async function inJson(scene: Scene, argv: readonly string[]): Promise<string | undefined> {
  if (argv.includes("--json") || argv.includes("--format")) return undefined;
  const asked = [...argv, "--json"];
  const ran = await runIn(scene, asked);
  const problem =
    ran.exitCode === scene.last.exitCode ? problemOf(asked, ran) : `with --json it ends with ${ran.exitCode}`;
  return problem && `${problem}\n${ran.stdout}${ran.stderr}`;
}

function runIn(scene: Scene, argv: readonly string[]): Promise<Ran> {
  return scene.program.run(argv, {
    cwd: join(scene.root, scene.folder),
    env: environmentOf(scene),
    forwardMs: scene.forwardMs,
  });
}

function environmentOf({ root, folder }: Scene): Record<string, string> {
  return { HOME: root, BATON_STATE: join(root, "state", folder) };
}

/** What holds for every command, whatever a scenario expects. */
export function problemOf(argv: readonly string[], { exitCode, stdout, stderr }: Ran): string | undefined {
  if (![0, 1, 2, 3, 4, 130].includes(exitCode)) return "no such exit code is documented";
  if (/^\s+at .+:\d+:\d+\)?$/m.test(stdout + stderr)) return "it shows a stack trace";
  if (/PRIVATE KEY/.test(stdout + stderr)) return "it shows a private key";
  if (!argv.includes("--json")) return undefined;
  try {
    const { format_version, command, passed } = JSON.parse(stdout) as Record<string, unknown>;
    const sound =
      format_version === 1 &&
      String(argv.join(" ")).startsWith(String(command)) &&
      passed === (exitCode === 0);
    return sound
      ? undefined
      : "its JSON lacks format_version and command, or passed contradicts the exit code";
  } catch {
    return "its standard output is not JSON";
  }
}

const expectations: Readonly<Record<string, (last: Ran, expected: string) => string | undefined>> = {
  "?": () => undefined,
  ">": ({ stdout }, expected) => (fits(stdout, expected) ? undefined : "standard output should say so"),
  "!>": ({ stdout }, expected) => (fits(stdout, expected) ? "standard output should not say so" : undefined),
  "2>": ({ stderr }, expected) => (fits(stderr, expected) ? undefined : "standard error should say so"),
  "!2>": ({ stderr }, expected) => (fits(stderr, expected) ? "standard error should not say so" : undefined),
};

type Deed = (scene: Scene, words: readonly string[], text: string) => Promise<void>;

/** Everything that a person, a saboteur or the course of time does beside calling the program. */
const deeds: Readonly<Record<string, Deed>> = {
  async at(scene, [folder = "."]) {
    scene.folder = folder;
    await mkdir(join(scene.root, folder), { recursive: true });
  },
  /** `hand-off builder critical` */
  async "hand-off"({ root }, [folder = "", version]) {
    await writeSmallHandOff(join(root, folder), version === "critical" ? "critical" : "handed-over");
  },
  /** `flights PATH 1500 6min`: so many, this far apart, up to now. */
  async flights({ root, forwardMs }, [path = "", count = "", spacing = ""]) {
    const text = smallFlights(Number(count), parseDuration(spacing), Date.now() + forwardMs);
    await writeFile(join(root, path), text);
  },
  /** `copy FROM TO`: paths from the root; what is there already is replaced. */
  async copy({ root }, [from = "", to = ""]) {
    await cp(join(root, from), join(root, to), { recursive: true });
  },
  /** A last name that ends with `*` is the one that begins so. */
  async remove({ root }, paths) {
    for (const path of paths) await rm(await oneFile(root, path), { recursive: true });
  },
  /** `edit PATH "old" "new"`: the old text stands there exactly once; `\n` in the new one is a line's end. */
  async edit({ root }, [path = "", from = "", to = ""]) {
    const before = await readFile(join(root, path), "utf8");
    if (before.split(from).length !== 2) throw new Error(`"${from}" does not stand once in ${path}`);
    await writeFile(
      join(root, path),
      before.replace(from, () => to.replaceAll("\\n", "\n")),
    );
  },
  /** `edit-bytes PATH "old" "new"`: wherever the old bytes stand; there are as many new ones. */
  async "edit-bytes"({ root }, [path = "", from = "", to = ""]) {
    const bytes = await readFile(join(root, path));
    if (from.length !== to.length || !bytes.includes(from)) throw new Error(`"${from}" cannot be replaced`);
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at);
    await writeFile(join(root, path), bytes);
  },
  /** `falsify PATH "old" "new"`: in what a DSSE envelope says; the signature stays as it was. */
  async falsify({ root }, [path = "", from = "", to = ""]) {
    const file = await oneFile(root, path);
    const envelope = JSON.parse(await readFile(file, "utf8")) as Envelope;
    const said = Buffer.from(payloadOf(envelope)).toString();
    if (!said.includes(from)) throw new Error(`it does not say ${from}`);
    const payload = Buffer.from(said.replace(from, () => to)).toString("base64");
    await writeFile(file, canonicalBytes({ ...envelope, payload }));
  },
  /** `let NAME = /…(…)…/`: the group, in what was said on standard output. */
  async let({ values, last }, _words, text) {
    const [, name = "", pattern = ""] = /^([A-Z_]+) = (\/.+\/)$/.exec(text) ?? [];
    const found = patternOf(pattern)?.exec(last.stdout)?.[1];
    if (found === undefined) throw new Error("standard output does not have it");
    values.set(name, found);
  },
  async there({ root }, paths) {
    for (const path of paths) await stat(join(root, path));
  },
  async absent({ root }, paths) {
    for (const path of paths)
      if (await stat(join(root, path)).catch(() => undefined)) throw new Error(`there is a ${path}`);
  },
  /** `holds PATH words`: the file says so. */
  async holds({ root }, [path = "", ...words]) {
    const content = await readFile(join(root, path), "utf8");
    if (!content.includes(words.join(" "))) throw new Error(`${path} does not say so`);
  },
  /** `wait 8d`: the clock is put forward. */
  async wait(scene, [duration = ""]) {
    scene.forwardMs += parseDuration(duration);
  },
  /** `sabotage PATH`: a model in place of this one that answers the other way round. */
  async sabotage({ root }, [path = ""]) {
    await writeFile(join(root, path), smallModel(-1));
  },
  /** `serve FILE …`: starts it, asks whether it is ready, and stops it. What it refuses is asked of `baton serve`. */
  async serve(scene, argv) {
    const server = await startProcess(process.execPath, [program, "serve", ...argv, "--port", "0"], {
      cwd: join(scene.root, scene.folder),
      env: environmentOf(scene),
    });
    const reply = await fetch(`${server.url}/v2/health/ready`);
    const warning = reply.headers.get("baton-warning");
    const exitCode = (await server.stop()) ?? 255;
    const stdout = `${reply.status}\n${warning ? `baton-warning: ${warning}\n` : ""}`;
    scene.last = { exitCode, stdout, stderr: server.errors() };
    if (exitCode !== 0) throw new Error("it did not end well");
  },
  /** `forge FOLDER KEY [minutes]`: whoever has the key claims in signed evidence that all has passed. */
  async forge({ root, forwardMs }, [folder = "", key = "", minutes = "0"]) {
    const at = new Date(Date.now() + forwardMs + Number(minutes) * 60_000);
    await forgeEvidence(join(root, folder), join(root, key), at.toISOString());
  },
};

async function oneFile(root: string, path: string): Promise<string> {
  const full = join(root, path);
  if (!full.endsWith("*")) return full;
  const found = (await readdir(dirname(full))).filter((name) => name.startsWith(basename(full).slice(0, -1)));
  if (found.length !== 1) throw new Error(`${found.length} files are called ${path}`);
  return join(dirname(full), found[0]!);
}

async function writeIn(root: string, path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}
