import { Type } from "typebox";
import { digestOf, schemaGuard, sha256 } from "../../kernel/index.ts";
import type { ObservationPlan } from "../observe/observation-plan.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { type ObservationEntry, type ObservationFile, planFields } from "./observation-file.ts";
import { closed, digest, EntrySchema, WindowsSchema, whole } from "./observation-schema.ts";
import { ownFiles } from "./own-files.ts";
import { windowsFault } from "./parse-observation.ts";
import { contradictsPlan } from "./plan-laws.ts";

/** Where a file lay when it was added. */
export interface KnownPlace {
  readonly path: string;
  /** Changes whenever the file does; empty where that could not be told. */
  readonly stamp: string;
  readonly sha256: string;
}

/** What a file was that has been added; where it lies stands in its {@link KnownPlace}s. */
export type KnownFile = Omit<ObservationEntry, "folder">;

/** Sums of files, so that only new ones have to be read. */
export interface WatchState {
  readonly windows: readonly WindowCounts[];
  readonly files: readonly KnownFile[];
  readonly places: readonly KnownPlace[];
  /** Segments that two different files claim: their windows are in no sum. */
  readonly without: readonly string[];
  /** What was found of the windows, as `KeptResults`; looked at by `knownResults`. */
  readonly kept?: unknown;
}

const StateSchema = Type.Object(
  {
    plan: digest,
    windows: WindowsSchema,
    files: Type.Array(
      Type.Object({ sha256: digest, own: Type.Boolean(), seen: whole, file: EntrySchema }, closed),
    ),
    places: Type.Array(
      Type.Object(
        {
          path: Type.String({ maxLength: 4096 }),
          stamp: Type.String({ maxLength: 200 }),
          sha256: digest,
        },
        closed,
      ),
    ),
    without: Type.Array(Type.String({ maxLength: 200 })),
    kept: Type.Optional(Type.Unknown()),
  },
  closed,
);
const HeadSchema = Type.Object(
  { format_version: Type.Literal(1), kind: Type.Literal("baton-watch-state"), sha256: digest },
  closed,
);
const isState = schemaGuard<WatchState & { readonly plan: string }>(StateSchema);
const isHead = schemaGuard<{ readonly sha256: string }>(HeadSchema);

/** Names everything that sums depend on. */
function planDigest(plan: ObservationPlan): string {
  return digestOf({ ...planFields(plan), features: plan.features, outputs: plan.outputs });
}

/** A state as text: a line with the digest of the rest, and the rest. */
export function stateText(state: WatchState, plan: ObservationPlan): string {
  const body = JSON.stringify({ plan: planDigest(plan), ...state });
  return `${JSON.stringify({ format_version: 1, kind: "baton-watch-state", sha256: sha256(body) })}\n${body}\n`;
}

/** Reads a state and trusts nothing in it; where it cannot be used, why. */
export function parseState(text: string, plan: ObservationPlan): WatchState | { readonly unusable: string } {
  const [first = "", body = ""] = text.split("\n", 2);
  const head = parsed(first);
  if (!isHead(head)) return { unusable: "it is not a state of this version of baton watch" };
  if (sha256(body) !== head.sha256) return { unusable: "it was changed or cut" };
  const value = parsed(body);
  if (!isState(value)) return { unusable: "it is not a state of this version of baton watch" };
  const { plan: madeFor, ...state } = value;
  if (madeFor !== planDigest(plan))
    return { unusable: "it belongs to other content (another version, contract or profile)" };
  const sums = { ...planFields(plan), windows: state.windows } as ObservationFile;
  if (
    windowsFault(state.windows, sums) !== undefined ||
    !ownFiles(plan)(sums) ||
    state.windows.map(contradictsPlan(plan)).some((fault) => fault !== undefined)
  )
    return { unusable: "its sums do not add up" };
  return state;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
