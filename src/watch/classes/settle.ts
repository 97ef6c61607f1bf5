import type { Contract } from "../../contract/index.ts";
import { rankOf } from "./error-classes.ts";
import { type Suspicion, windowsOf } from "./suspicion.ts";

/** A suspicion that stands, with what others told of its consequences. */
export interface Settled {
  readonly cause: Suspicion;
  readonly consequences: readonly Suspicion[];
}

/** What settling looks up. */
export interface SettleContext {
  readonly contract: Contract;
  /** All rows of a window. */
  readonly rowsOf: (window: number) => number;
}

/** Decayed counters remember so many windows: drift goes on for as long after its cause has ended. */
const memory = 10;
/** What begins within so many windows of a cause is taken to come from it. */
const together = 3;
/** Fewer rows without an answer do not change what answers there are. */
const manyRows = 0.01;

/**
 * One fault is told once. Causes are looked at first; what a later suspicion says of windows in which a cause explains it
 * is its consequence, and what it says of other windows stands by itself.
 */
export function settle(suspicions: readonly Suspicion[], context: SettleContext): Settled[] {
  const settled: { readonly cause: Suspicion; readonly consequences: Suspicion[] }[] = [];
  for (const suspicion of causesFirst(suspicions)) {
    let left = suspicion;
    for (const { cause, consequences } of settled) {
      const explained = left.rows.size > 0 ? explainedWindows(cause, { left, all: suspicion }, context) : [];
      if (explained.length === 0) continue;
      consequences.push(inWindows(left, (window) => explained.includes(window)));
      left = inWindows(left, (window) => !explained.includes(window));
    }
    if (left.rows.size > 0) settled.push({ cause: left, consequences: [] });
  }
  return settled;
}

/** By the taxonomy; what any drift of a feature explains comes last. */
function causesFirst(suspicions: readonly Suspicion[]): Suspicion[] {
  const rank = (one: Suspicion) =>
    one.vague && one.class !== "drift.covariate" ? Infinity : rankOf(one.class);
  return [...suspicions].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    return left === right ? begin(a) - begin(b) : left - right;
  });
}

function inWindows(suspicion: Suspicion, keep: (window: number) => boolean): Suspicion {
  return { ...suspicion, rows: new Map([...suspicion.rows].filter(([window]) => keep(window))) };
}

/** Windows of what is left of a suspicion that a cause explains. */
function explainedWindows(
  cause: Suspicion,
  { left, all }: { readonly left: Suspicion; readonly all: Suspicion },
  context: SettleContext,
): number[] {
  if (cause.class === left.class && cause.clause === left.clause) return [];
  const end = rejects(left)
    ? goesOnUntil(cause, all, context)
    : last(cause) + (fades(cause, left) ? 2 * memory : memory);
  const during = windowsOf(left).filter((window) => window >= begin(cause) && window <= end);
  if (during.length === 0 || !explains(cause, left, context)) return [];
  return isMoved(cause, left, { ...context, during }) ? during : [];
}

const rejects = (suspicion: Suspicion) =>
  familyOf(suspicion) === "contract" || familyOf(suspicion) === "limitation";

/**
 * Rejections are counted exactly, and no decay makes them last. But how a broken feed looks goes with the weather, so that its end
 * is seen too early: rejections that it touches, that began while it was seen and that never stopped for long since are still its own.
 */
function goesOnUntil(cause: Suspicion, rejected: Suspicion, { contract }: SettleContext): number {
  let end = last(cause);
  const first = begin(rejected);
  if (familyOf(cause) !== "upstream" || first < begin(cause) || first > end) return end;
  if (!touches(cause, rejected, contract)) return end;
  for (const window of windowsOf(rejected)) if (window <= end + memory) end = Math.max(end, window);
  return end;
}

/** Drift that a cause brought may be so large that it takes counters twice as long to forget; but then it ends. */
function fades(cause: Suspicion, suspicion: Suspicion): boolean {
  const isItsOwn = suspicion.vague === true && begin(suspicion) >= begin(cause);
  return isItsOwn && last(suspicion) <= last(cause) + 2 * memory;
}

function explains(cause: Suspicion, suspicion: Suspicion, context: SettleContext): boolean {
  const family = familyOf(cause);
  const ahead = begin(suspicion) - begin(cause);
  const isResult = resultFamilies.has(familyOf(suspicion)) && suspicion.class !== "drift.covariate";
  if (feedFamilies.has(family)) {
    if (touches(cause, suspicion, context.contract)) return true;
    if (suspicion.class === "drift.covariate" && touches(suspicion, cause, context.contract)) return true;
    if (suspicion.class === "drift.covariate")
      return ahead >= 0 && ahead <= (bringsOthers[cause.class] ?? -1);
    return isResult && ahead >= 0 && isFelt(cause, context);
  }
  if (cause.class === "drift.covariate") return suspicion.vague === true && isResult && ahead >= 0;
  return resultFamilies.has(family) && isResult && ahead >= -together;
}

/**
 * A feed that stops or loses a column does so in several features, some of which only drift by it: those that begin to
 * within so many windows. What stands still drifts away from the reference for as long as it does.
 */
const bringsOthers: Readonly<Record<string, number>> = {
  "upstream.stale-feed": Number.POSITIVE_INFINITY,
  "upstream.schema-change": together,
};
const feedFamilies: ReadonlySet<string> = new Set(["upstream", "contract", "limitation"]);
const resultFamilies: ReadonlySet<string> = new Set(["output", "quality", "drift"]);

/** A broken feed is felt in the answers; so are rejections, where they are many. */
function isFelt(cause: Suspicion, { rowsOf }: SettleContext): boolean {
  if (familyOf(cause) === "upstream") return true;
  return [...cause.rows].some(([window, rows]) => rows >= manyRows * rowsOf(window));
}

/**
 * Rejected rows may be why a feature drifts, as far as they can move it: a share of them that all have values that no other row has
 * moves a distribution by {@link farthest}, and no share of so many rows moves it farther.
 */
function isMoved(
  cause: Suspicion,
  { class: name, moved }: Suspicion,
  { rowsOf, during }: SettleContext & { readonly during: readonly number[] },
): boolean {
  if (!rejects(cause) || name !== "drift.covariate") return true;
  const share = Math.max(...[...cause.rows].map(([window, rows]) => rows / rowsOf(window)));
  return during.every((window) => (moved?.get(window) ?? 0) <= farthest(share));
}

/** The Jensen-Shannon distance in base 2 of a distribution and one of which a share was replaced by values that it does not have. */
function farthest(share: number): number {
  if (share >= 1) return 1;
  const [kept, middle] = [1 - share, 1 - share / 2];
  return Math.sqrt((-Math.log2(middle) + kept * Math.log2(kept / middle) + share) / 2);
}

/** The same clause, or a rule that names a feature of the cause. */
function touches(cause: Suspicion, { clauses }: Suspicion, { rules }: Contract): boolean {
  return clauses.some((clause) => {
    if (cause.clauses.includes(clause)) return true;
    const rule = rules.find(({ id }) => clause === `rules.${id}`);
    const named = new Set(rule?.assert.match(/[\p{L}_][\p{L}\p{N}_]*/gu));
    return cause.clauses.some(
      (one) => one.startsWith("features.") && named.has(one.slice("features.".length)),
    );
  });
}

const familyOf = (suspicion: Suspicion) => suspicion.class.split(".", 1)[0]!;
const begin = ({ rows }: Suspicion) => Math.min(...rows.keys());
const last = ({ rows }: Suspicion) => Math.max(...rows.keys());
