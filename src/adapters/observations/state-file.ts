import { readFile, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { BatonError, messageOf } from "../../kernel/index.ts";
import { type ObservationPlan, parseState, stateText, type WatchState } from "../../watch/index.ts";
import { writeWhole } from "./write-whole.ts";

/** Largest state that is read: 256 MiB. */
const largestBytes = 256 * 1024 ** 2;

/**
 * The state in a file: undefined where there is no file yet; where it cannot be used, why.
 * @throws BatonError `file-unusable` for a pipe, device or folder: it would be waited for, and then put aside
 */
export async function readState(
  path: string,
  plan: ObservationPlan,
): Promise<WatchState | { readonly unusable: string } | undefined> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw notAFile(path);
    const { size } = facts;
    if (size > largestBytes) return { unusable: `it has ${size} bytes; the limit is ${largestBytes}` };
    return parseState(await readFile(path, "utf8"), plan);
  } catch (thrown) {
    if (thrown instanceof BatonError) throw thrown;
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
    return { unusable: `it cannot be read: ${messageOf(thrown)}` };
  }
}

function notAFile(path: string): BatonError {
  return new BatonError("file-unusable", `${path} is not a file, and the state is one.`, {
    file: path,
    next: "Name a file for --state; it need not be there yet.",
  });
}

/**
 * Writes a state whole or not at all; of two writers the later one counts. One that would be too large to be read again
 * goes without results: all windows are judged again then. @throws BatonError `file-unusable`
 */
export async function writeState(path: string, state: WatchState, plan: ObservationPlan): Promise<void> {
  const { kept: _, ...sums } = state;
  const whole = stateText(state, plan);
  const text = Buffer.byteLength(whole) > largestBytes ? stateText(sums, plan) : whole;
  await writeWhole(dirname(path), basename(path), text, async () => undefined);
}
