/** One line of a scenario that does or expects something. */
export interface ScenarioStep {
  readonly line: number;
  /** `start`, `at`, `baton`, `?`, `>`, `!>`, `2>`, `!2>`, `let`, `copy`, `remove`, … */
  readonly verb: string;
  /** What follows the verb, as it is written. */
  readonly text: string;
}

/** A scenario as it is read: what it shows, its steps, and files that lie in its folder from the beginning. */
export interface ScenarioScript {
  /** The comment at the top, in one line. */
  readonly title: string;
  readonly steps: readonly ScenarioStep[];
  readonly files: ReadonlyMap<string, string>;
}

/** Reads a scenario: steps, one a line, then files under `-- path --`. Comments begin with `#`. */
export function parseScenario(source: string): ScenarioScript {
  const [head = "", ...rest] = source.split(/^-- (.+) --\n/m);
  const files = new Map<string, string>();
  for (let at = 0; at + 1 < rest.length; at += 2) files.set(rest[at]!, rest[at + 1]!);
  const lines = head.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  const title = lines.slice(0, end).map((line) => line.slice(1).trim());
  const steps = lines.flatMap((line, index): ScenarioStep[] => {
    if (line.trim() === "" || line.startsWith("#")) return [];
    const [, verb = "", text = ""] = /^(\S+)\s*(.*)$/.exec(line.replace(/^\$ baton\b/, "baton")) ?? [];
    return [{ line: index + 1, verb, text }];
  });
  return { title: title.join(" "), steps, files };
}

/** Splits a command line into arguments, as a shell does with quotes; `$NAME` is replaced outside of single ones. */
export function splitArguments(text: string, values: ReadonlyMap<string, string>): string[] {
  const found = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return found.map((word) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'|([^"']+)/g, (_whole, double, single, bare) =>
      single !== undefined ? single : replaceNames(double ?? bare, values),
    ),
  );
}

/** Puts values in place of `$NAME`. @throws Error for a name that has none */
export function replaceNames(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$([A-Z_]+)/g, (_whole, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`$${name} has no value yet`);
    return value;
  });
}

/** Whether a text fulfils an expectation: `/regular expression/`, or words that stand in it. */
export function fits(text: string, expected: string): boolean {
  const pattern = patternOf(expected);
  return pattern ? pattern.test(text) : text.includes(expected);
}

/** `/…/` as a regular expression over several lines. */
export function patternOf(expected: string): RegExp | undefined {
  return /^\/.+\/$/.test(expected) ? new RegExp(expected.slice(1, -1), "m") : undefined;
}
