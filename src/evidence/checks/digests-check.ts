import type { Finding } from "../../kernel/index.ts";
import { batonLockPath, type LockedPart, lockedParts, parseBatonLock, partPaths } from "./baton-lock.ts";
import type { Check, CheckFacts } from "./check.ts";
import { finding } from "./checks-findings.ts";
import { everywhere } from "./findings/places.ts";
import { readsOf } from "./reading.ts";

/** `baton.lock` is about the files that are here. */
export const digestsCheck: Check = {
  name: "digests.current",
  title: "baton.lock records the files that are here",
  codes: ["digests.missing", "digests.unreadable", "digests.stale"],
  where: everywhere,
  reads: (facts) => readsOf(facts, ["run", "training", "joint", "golden"], [batonLockPath]),
  notApplicable: (facts) =>
    facts.contract.level === "sketch" ? "At sketch there is nothing to record yet." : undefined,
  run(facts) {
    const at = { file: batonLockPath };
    if (facts.batonLock === undefined)
      return [finding("digests.missing", { message: `There is no ${batonLockPath}.` })];
    const read = parseBatonLock(facts.batonLock);
    if ("problem" in read)
      return [
        finding("digests.unreadable", {
          ...at,
          message: `${batonLockPath} cannot be read: ${read.problem}.`,
        }),
      ];
    const stale = lockedParts.flatMap((part) => changed(facts, part, read.lock[part]));
    if (stale.length === 0) return [];
    return [
      finding("digests.stale", {
        ...at,
        path: stale.map(({ part }) => part).join(", "),
        message: `${batonLockPath} is not about what is here: ${stale.map(({ why }) => why).join("; ")}.`,
      }),
    ] satisfies Finding[];
  },
};

/** A file that is not here cannot contradict; that it is not here is another check's finding. */
function changed(
  facts: CheckFacts,
  part: LockedPart,
  locked: { readonly path: string; readonly sha256: string } | undefined,
): { readonly part: LockedPart; readonly why: string }[] {
  const path = partPaths(facts.contract)[part];
  const now = path === undefined ? undefined : facts.files.get(path);
  if (!locked) return now ? [{ part, why: `it does not record ${path}` }] : [];
  if (path === undefined) return [{ part, why: `the contract no longer names ${locked.path}` }];
  if (!now) return [];
  if (path !== locked.path) return [{ part, why: `the contract names ${path} and no longer ${locked.path}` }];
  return now.sha256 === locked.sha256 ? [] : [{ part, why: `${path} has changed` }];
}
