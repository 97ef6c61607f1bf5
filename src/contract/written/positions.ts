import type { Position } from "../../kernel/index.ts";

/** Positions by path of the written form: `features[3].range`, `on-failure.answer`. The root is the empty path. */
export type Positions = Map<string, Position>;

/** Where a path (written or normal form) or a clause id stands in the files; the nearest thing around it where it is not written. */
export type PositionOf = (path: string) => Position;

/** The path of a member: `budget` and `p99` give `budget.p99`; `rules` and 0 give `rules[0]`. */
export function memberPath(parent: string, key: string | number): string {
  if (typeof key === "number") return `${parent}[${key}]`;
  return parent === "" ? key : `${parent}.${key}`;
}

/** Finds positions for paths in normal form (`outputs[0].keptBy`), in written form, and for clause ids. */
export function positionFinder(
  positions: Positions,
  file: string,
  clausePaths: ReadonlyMap<string, string> = new Map(),
): PositionOf {
  return (path) => {
    const start = clausePaths.get(path) ?? path;
    let best: Position | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const candidate of spellings(start)) {
      let steps = 0;
      let at = candidate;
      for (; at !== "" && !positions.has(at); at = parentOf(at)) steps++;
      if (at === "" || steps >= fewest) continue;
      best = positions.get(at);
      fewest = steps;
    }
    return best ?? positions.get("") ?? { file };
  };
}

/** A path as normal form and written form may spell it, each is tried, the one that is found furthest in counts. */
function spellings(path: string): string[] {
  const written = path.replace(/[a-z][A-Z]/g, (pair) => `${pair[0]}-${pair[1]?.toLowerCase()}`);
  const singular = written.replace(/^outputs\b/, "output").replace(/^budget\.latency-ms\b/, "budget");
  return [path, written, singular, singular.replace(/^output\[0\]/, "output")];
}

function parentOf(path: string): string {
  const cut = Math.max(path.lastIndexOf("."), path.lastIndexOf("["));
  return cut <= 0 ? "" : path.slice(0, cut);
}
